"""The annexes of a budget: one module an annex, from saved results only."""
