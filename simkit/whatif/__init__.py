"""What if: the same claims, or the same luck, under another policy."""
