"""Papers and tables as Excel workbooks."""
