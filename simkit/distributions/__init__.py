"""Frequencies and severities, each sampled by inverse transform of one uniform."""
