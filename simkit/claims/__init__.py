"""Claims: what an application is (types), how claims arise (plan), how they are drawn (sampling)."""

from simkit.claims.types import CLAIM, UNKNOWN, Claims, Ledger, claim_rows, ledger_rows

__all__ = ["CLAIM", "UNKNOWN", "Claims", "Ledger", "claim_rows", "ledger_rows"]
