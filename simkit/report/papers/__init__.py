"""Papers: one model of a paper, and its writers."""
