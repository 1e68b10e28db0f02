"""Which files are to be made again, the notebooks that make them, and the index of them."""
