"""Files that people write: read within limits, taken apart, and named by what is wrong with their writing."""
