"""Claims: what an application is (types), how claims arise (plan), how they are drawn (sampling)."""

from simkit.claims.types import CLAIM, UNKNOWN, Claims, PaidBefore, claim_rows, paid_before_rows

__all__ = ["CLAIM", "UNKNOWN", "Claims", "PaidBefore", "claim_rows", "paid_before_rows"]
