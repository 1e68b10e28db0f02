"""The city's own list of agencies, from a spreadsheet or CSV file, with every fault named by its cell."""

from simkit.claims.roster.read import COLUMNS, LINES, SHEET, read_roster

__all__ = ["COLUMNS", "LINES", "SHEET", "read_roster"]
