"""Tables: an answer or a result in, a tidy table out."""
