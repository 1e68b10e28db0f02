"""The changeable numbers of a scenario as rows, and a spreadsheet of parameters x scenarios that people fill in."""
