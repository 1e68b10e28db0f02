"""One module a kind of award: what a file says of it, and all that the rooms above ask of it, as plain data."""
