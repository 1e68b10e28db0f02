"""The face: what an analyst types and sees in a notebook."""
