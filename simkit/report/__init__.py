"""Reports from saved results: tables and figures, then notebooks, web pages and workbooks made of them."""
