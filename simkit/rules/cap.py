"""Steps 3, 5 and 7: what a cap leaves."""

from __future__ import annotations

from simkit.base.compiled import compiled

__all__ = ["capped", "room"]


@compiled
def capped(amount: int, limit: int) -> int:
    """The lower of an amount and a limit >= 0."""
    return min(amount, limit)


@compiled
def room(limit: int, used: int, counted: int) -> int:
    """What a running cap still allows a claim: the room, and what it counted on the same matter already.

    Parameters
    ----------
    limit : int
        The cap within its window. Fen.
    used : int
        Money awarded in the window that counts against it.
    counted : int
        The part of `used` that was awarded on the claim's own matter: the higher entitlement replaces
        it, so it does not take room twice. Stages 30/100/300 under "at most 300 ever" pay 30, 70, 200.

    Returns
    -------
    int
        Fen, >= 0.
    """
    return max(0, limit - used + counted)
