"""Words of the terminal in Chinese and English."""
