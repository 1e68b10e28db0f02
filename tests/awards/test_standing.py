"""What stood before a claim, against the plain-Python reference."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from simkit.awards.standing import Standing, standing_of
from simkit.policy.compile import compile_policy
from simkit.policy.measure import Measure
from tests import reference
from tests.claim_columns import decided
from tests.strategies import random_world


def stood() -> Iterator[tuple[Measure, reference.Decision, Standing]]:
    """Of worlds with every feature, in which all claims meet: measure, decision, and what stood before it."""
    for seed in range(24):
        world = random_world(seed)
        claims = replace(world.claims, draw=np.zeros_like(world.claims.draw))
        awards = decided(world.policy, claims)
        compiled = compile_policy(world.policy, claims.attribute_names)
        names = list(world.policy.measures)
        for row, decision in enumerate(reference.decide(world.policy, claims)):
            measure = world.policy.measures[names[claims.measure[row]]]
            if not measure.outside:
                yield measure, decision, standing_of(compiled, claims.claims(), awards, row)


def test_rooms_and_matters_are_those_that_decided() -> None:
    """Each cap's room as the reference met it, and what the matter took."""
    running = on_matter = in_total = 0
    for measure, decision, found in stood():
        if decision.refusal != "none":
            continue
        rooms = dict(zip(measure.caps, (one.room for one in found.caps), strict=True))
        assert rooms == {name: most for name, (_, most) in decision.caps.items()}
        assert [one.room for one in found.totals] == [most for _, most in decision.total_caps.values()]
        assert min(decision.entitled, found.covered) == decision.same_matter
        assert found.paid == 0
        running += any(one.counted for one in found.caps)
        on_matter += decision.same_matter > 0
        in_total += any(one.used for one in found.totals)
    assert min(running, on_matter, in_total) > 5


def test_what_lets_no_more_follow_was_paid() -> None:
    met = [found.paid for _, decision, found in stood() if decision.refusal == "already paid"]
    assert len(met) > 5
    assert min(met) > 0
