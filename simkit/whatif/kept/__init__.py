"""Claims that are kept and decided again: only what a change can touch."""
