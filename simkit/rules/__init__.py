"""One rule a file: a compiled function of one claim, numbers in, numbers out."""
