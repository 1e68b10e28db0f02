"""Step 6: 就高、补差、不重复, take the higher, pay the difference, never duplicate."""

from __future__ import annotations

from simkit.base.compiled import compiled

__all__ = ["top_up"]


@compiled
def top_up(entitled: int, covered: int) -> int:
    """Pay what raises a matter to the higher entitlement, never the same money twice.

    Parameters
    ----------
    entitled : int
        What this claim would be paid alone, after its caps. Fen, >= 0.
    covered : int
        What the matter has been paid so far by every level in scope. Fen, >= 0.

    Returns
    -------
    int
        The award. Fen, >= 0; `covered + award == max(covered, entitled)`.

    References
    ----------
    甬人社发〔2023〕9号, 附则: 就高、补差、不重复.
    """
    return max(0, entitled - covered)
