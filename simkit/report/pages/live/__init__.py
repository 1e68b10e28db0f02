"""The notebook with sliders: fields, words, figures, export."""
