"""Figures: arrays in, one drawing each; the same topics as the pictures."""
