"""The data of a page that decides caps anew without Python: groups, chains, what can be moved."""
