"""Figures that size a fund, from arrays of simulated outlays: quantiles, tails, their errors."""
