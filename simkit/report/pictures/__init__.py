"""Pictures: a result, an answer or a table in, a figure with its words out."""
