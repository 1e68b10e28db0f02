"""The city's own list of agencies, from a spreadsheet or CSV file, with every fault named by its cell."""

from simkit.claims.roster.headings import SHEET
from simkit.claims.roster.read import LINES, read_roster

__all__ = ["LINES", "SHEET", "read_roster"]
