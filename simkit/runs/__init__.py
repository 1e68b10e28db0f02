"""Runs: the stages over blocks of draws, their result, and how it is kept, read back and checked."""
