"""A policy as flat arrays: names of a category as the bits of their codes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from simkit.base.errors import FaultsError
from simkit.policy.compile import compile_policy
from simkit.policy.conditions import Condition
from simkit.scenario import ScenarioFile

BASELINE = Path(__file__).parents[2] / "scenarios" / "ningbo-hr-2023" / "baseline.yaml"
CLIENTS = "measures.headhunting.conditions.client.one_of"


def test_a_name_is_one_bit_however_often_it_stands() -> None:
    """Types refuse a repeated name; were one to come by, it would still be the same clients."""
    policy = ScenarioFile(BASELINE).lay().policy
    measure = policy.measures["headhunting"]
    client = measure.conditions["client"]
    assert isinstance(client, Condition) and client.one_of is not None
    twice = client.model_copy(update={"one_of": (*client.one_of, *client.one_of[:2])})
    other = measure.model_copy(update={"conditions": measure.conditions | {"client": twice}})
    changed = policy.model_copy(update={"measures": policy.measures | {"headhunting": other}})
    for one, same in zip(compile_policy(policy), compile_policy(changed), strict=True):
        assert np.array_equal(one, same)


def test_a_repeated_name_is_refused_by_name() -> None:
    with pytest.raises(FaultsError, match=r"one_of.2: expected each item of the list once, found 'champion'"):
        ScenarioFile(BASELINE).lay(changes={CLIENTS: ["large_strong", "champion", "champion"]})
