"""What-ifs as pages: faces of the notebooks, pages that are mailed, pages that are live."""
