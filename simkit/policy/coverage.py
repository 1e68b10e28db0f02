"""Coverage: how each provision of the policy is modelled, priced, paid and read; and what is not modelled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from simkit.base.words import say
from simkit.documents.models import Text
from simkit.policy.measure import Measure, Status
from simkit.policy.schema import Policy

__all__ = ["NOT_MODELLED", "Provision", "coverage", "status_words"]

NOT_MODELLED = (
    Text(
        zh="追回：骗取、套取或条件不再具备时收回已付资金",
        en="clawback: money taken back for fraud or failed duties",
    ),
    Text(
        zh="关联方：关联企业之间的交易和拆分申报", en="related parties: dealings and split claims among them"
    ),
)

_PRICED_BY = {
    "text": Text(zh="政策文本", en="the text"),
    "text_ceiling": Text(zh="政策文本（上限，金额酌定）", en="the text, a ceiling; amount at discretion"),
    "by_rule": Text(zh="按相关规定（依假设）", en="another rule (by assumption)"),
    "programme": Text(zh="项目预算", en="a programme, a budget line"),
    "unpriced": Text(zh="未定价", en="unpriced"),
    "non_monetary": Text(zh="不涉及资金", en="no money"),
}
_RIGIDITY = {
    "entitlement": Text(zh="刚性", en="entitlement"),
    "adjustable": Text(zh="可调", en="adjustable"),
    None: Text(zh="—", en="—"),
}
_NOBODY = Text(zh="—", en="—")


class Provision(NamedTuple):
    """One row of the coverage table; `readings` as `id=option`."""

    measure: str
    clause: str
    name: Text
    modelled: Text
    priced_by: Text
    payer: Text
    status: Text
    readings: tuple[str, ...]
    rigidity: Text


def coverage(policy: Policy, chosen: Mapping[str, str] | None = None) -> tuple[Provision, ...]:
    """List every provision, in the order of the policy.

    Parameters
    ----------
    policy : Policy
    chosen : mapping of reading to option, optional
        Readings in force other than the default.
    """
    in_force = {name: reading.default for name, reading in policy.readings.items()} | dict(chosen or {})
    return tuple(
        Provision(
            measure=name,
            clause=measure.clause,
            name=measure.name,
            modelled=measure.modelled,
            priced_by=_PRICED_BY[measure.priced_by],
            payer=_payer(policy, measure),
            status=_status(measure),
            readings=tuple(f"{key}={in_force[key]}" for key in _readings(policy, name, measure)),
            rigidity=_RIGIDITY[measure.rigidity],
        )
        for name, measure in policy.measures.items()
    )


def _readings(policy: Policy, name: str, measure: Measure) -> list[str]:
    """Readings of the measure's clause, or with an option that changes the measure."""
    root = f"measures.{name}"
    return [
        key
        for key, reading in policy.readings.items()
        if reading.clause == measure.clause
        or any(f"{path}.".startswith(f"{root}.") for o in reading.options.values() for path in o.overlay)
    ]


def _payer(policy: Policy, measure: Measure) -> Text:
    if measure.outside:
        return Text(zh="其他政策", en="another policy")
    if measure.payers is None:
        return _NOBODY
    shares = [(policy.funds[fund].name, f"{share / 100:g}%") for fund, share in measure.payers.shares.items()]
    return Text(
        zh="、".join(f"{name.zh} {share}" for name, share in shares),
        en=", ".join(f"{name.en} {share}" for name, share in shares),
    )


def status_words(status: Status) -> Text:
    """Whether a measure is in force, in words."""
    return Text(zh=say("zh", f"status.{status}"), en=say("en", f"status.{status}"))


def _status(measure: Measure) -> Text:
    status = status_words(measure.status)
    if not measure.status_note:
        return status
    return Text(zh=f"{status.zh}（{measure.status_note}）", en=f"{status.en} ({measure.status_note})")
