"""The page with caps to move, in one file to mail."""
