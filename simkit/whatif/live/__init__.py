"""Sliders of a notebook: settings, figures, the overlay that they make."""
