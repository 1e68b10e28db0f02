"""From files to a scenario: a scenario file that is read once and laid on many times."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from simkit.base.errors import Fault, FaultsError
from simkit.base.said import Said
from simkit.claims.agency_list import Roster
from simkit.documents.confirmed import confirm_faults, is_in, unusual_numbers
from simkit.documents.file_kinds import misplaced, near_file
from simkit.documents.given import read_given
from simkit.documents.overlay_file import Lines
from simkit.documents.tree import Tree, scan_yaml
from simkit.documents.validate import validate
from simkit.policy.load import check_policy
from simkit.policy.schema import Policy
from simkit.scenario.checks import cross_faults, growth_faults
from simkit.scenario.claim_checks import unusual_beside
from simkit.scenario.combining import conflicts, idle_faults, idle_values, read_lines
from simkit.scenario.laying import lay_all
from simkit.scenario.saved import data_digest, data_of
from simkit.scenario.types import SCENARIO_ROOTS, Outdated, Plan, Scenario
from simkit.scenario.unread import unread_faults

__all__ = ["ScenarioFile", "load_scenario", "roster_of"]


class ScenarioFile:
    """A scenario and its policy, read and checked once, on which many changes can be laid quickly.

    Parameters
    ----------
    path : str or Path
        The scenario's YAML file; its policy is named in it. Later changes of the files are not seen.

    Raises
    ------
    FaultsError
        When a file cannot be read. What else is wrong is named by `lay`, with the faults of what it lays.
    """

    def __init__(self, path: str | Path) -> None:
        self.file = str(path)
        tree, faults = scan_yaml(path)
        if other := misplaced(path, "scenario", tree):
            raise FaultsError(other)
        if tree is None or not isinstance(tree.data, dict):
            raise FaultsError(
                faults or [Fault(str(path), 1, "(file)", Said("fault.keys_with_values"), Said("fault.none"))]
            )
        policy, more = _policy_of(tree)
        faults += more
        if policy is None:
            raise FaultsError(faults)
        # Readings are checked against the policy as it is written: slow, and the same whatever is laid on.
        self._written = check_policy(policy, elsewhere=SCENARIO_ROOTS)
        self._digest = data_digest([tree.data, policy.data])
        # So that an overlay can choose a reading where the scenario chooses none.
        chosen = {} if tree.get(("choose",)) is None else tree.data["choose"]
        tree = Tree({"choose": {}} | tree.data | {"choose": chosen}, tree.file, tree.places)
        self._plan_tree, self._policy_tree, self._faults = (
            tree,
            policy,
            (*faults, *self._written.faults, *idle_values(tree, policy)),
        )

    @property
    def id(self) -> str:
        """The scenario's id as written; empty where it has none."""
        return str(self._plan_tree.get(("id",)) or "")

    @property
    def base_digest(self) -> str:
        """First digits of the SHA-256 of plan and policy as written, before anything is laid on."""
        return self._digest[:12]

    def is_current(self, digest: str) -> bool:
        """Whether an overlay's digest is of the baseline as it is now."""
        return bool(digest) and self._digest.startswith(digest)

    @cached_property
    def unchanged(self) -> tuple[Tree, Tree]:
        """Plan and policy as trees, with assumed values, readings and renewal, without overlays."""
        tree, policy, _, _ = lay_all(self._plan_tree, self._policy_tree, [])
        return tree, policy

    def lay(
        self,
        overlays: Sequence[str | Path | Lines] = (),
        changes: Mapping[str, Any] | None = None,
        name: str | None = None,
        then: Sequence[Lines] = (),
    ) -> Scenario:
        """Lay overlays and changes on; every fault of all files in one pass.

        Parameters
        ----------
        overlays : sequence of paths, or Lines of variants
            Laid on in this order. No two may set one path to different values.
        changes : mapping of path to value, optional
            Laid on last, and win over overlays unless they are Lines.
        name : str, optional
            What stands for `changes` in the scenario's name.
        then : sequence of Lines
            Made one after the other in a program, laid on after the overlays, before `changes`: each wins over what
            was there.

        Raises
        ------
        FaultsError
            With every fault: file, line, path, expected, found.
        """
        laid, unlaid = self._gather(overlays, changes, name, then)
        tree, policy_tree, done, more = lay_all(
            self._plan_tree, self._policy_tree, [one.tree for one in laid]
        )
        unlaid += more
        plan, policy, more = self._validated(tree, policy_tree, whole=not unlaid)
        faults = [*self._faults, *unlaid, *more]
        faults += self._unusual(laid, [(plan, tree), (policy, policy_tree)])
        if plan is not None and policy is not None:
            faults += _set_by(laid, unread_faults(plan, policy, tree))
        if faults or plan is None or policy is None:
            raise FaultsError(dict.fromkeys(faults))
        roster, digests = roster_of(self.file, plan, policy)
        if unreachable := list(growth_faults(plan, roster, tree)):
            raise FaultsError(unreachable)
        plan_data, plan_digest = self._same_plan[1:] if self._is_same(tree) else data_of(tree)
        policy_data, policy_digest = data_of(policy_tree)
        digests |= {"policy": policy_digest, "scenario": plan_digest}
        return Scenario(
            name="+".join([plan.id, *dict.fromkeys(one.name for one in laid)]),
            plan=plan,
            policy=policy,
            changes=tuple(done),
            file=self.file,
            digests=digests | {"text": policy.document.text.sha256},
            policy_data=policy_data,
            plan_data=plan_data,
            roster=roster,
            outdated=tuple(self._outdated(laid)),
            overlays=tuple(one.overlay for one in laid if one.overlay is not None),
            unusual=tuple(_unconfirmed(laid, plan, tree, policy, policy_tree)),
        )

    def _gather(
        self,
        overlays: Sequence[str | Path | Lines],
        changes: Mapping[str, Any] | None,
        name: str | None,
        then: Sequence[Lines],
    ) -> tuple[list[Lines], list[Fault]]:
        """All changes in order, and what is wrong with them before they are laid on.

        Where an overlay cannot be read, none is laid on: what another needs of it would be missing.
        """
        laid, faults = read_lines(overlays)
        if faults:
            return [], faults
        if isinstance(changes, Lines):
            laid.append(changes)
        faults += [*self._base_faults(laid), *conflicts(laid), *idle_faults(laid, *self.unchanged)]
        laid += then
        if changes and not isinstance(changes, Lines):
            laid.append(Lines(name or "changes", Tree(dict(changes), name or "changes")))
        elif changes and name:
            laid[-1] = Lines(name, laid[-1].tree, laid[-1].overlay, laid[-1].file)
        return laid, faults

    def _validated(
        self, tree: Tree, policy_tree: Tree, whole: bool
    ) -> tuple[Plan | None, Policy | None, list[Fault]]:
        """Plan and policy, each by itself and held against each other; `whole`: all that is laid on is on them."""
        policy, faults, *_ = check_policy(_as_laid(policy_tree), self._written)
        if policy is not None and self._written.policy is not None:
            policy = policy.model_copy(update={"readings": self._written.policy.readings})
        plan, more = (self._same_plan[0], []) if self._is_same(tree) else validate(Plan, tree)
        faults += more
        against, unread = (policy, set()) if policy is not None else self._instead(policy_tree)
        if plan is not None and against is not None and whole:
            faults += cross_faults(plan, against, tree, unread)
        return plan, policy, faults

    def _instead(self, policy_tree: Tree) -> tuple[Policy | None, set[str]]:
        """What the plan is held against where the policy with its changes has faults.

        Returns
        -------
        the policy without overlays, None where that has faults too or more than measures is changed; and the
        measures that are changed
        """
        unchanged = self.unchanged[1]
        parts = set(Policy.model_fields) - {"measures", "readings"}
        before, after = (tree.get(("measures",)) for tree in (unchanged, policy_tree))
        if any(unchanged.get((part,)) != policy_tree.get((part,)) for part in parts) or not (
            isinstance(before, dict) and isinstance(after, dict)
        ):
            return None, set()
        changed = {name for name in {*before, *after} if before.get(name) != after.get(name)}
        return check_policy(_as_laid(unchanged), self._written).policy, changed

    def _unusual(
        self, laid: Sequence[Lines], made: Sequence[tuple[Plan | Policy | None, Tree]]
    ) -> Iterator[Fault]:
        """Unusual values of the scenario's file and of overlays that their file does not confirm."""
        sound = [(data, tree) for data, tree in made if data is not None]
        plan = next((data for data, _ in sound if isinstance(data, Plan)), None)
        beside = {} if plan is None else unusual_beside(plan)
        if plan is not None:
            # What an overlay takes away needs no confirmation any more, which is no fault.
            own = plan.confirmed
            yield from confirm_faults(sound, self._plan_tree, own, own if laid else (), beside)
        for one in laid:
            if one.overlay is not None and one.is_filed:
                yield from confirm_faults(sound, one.file, one.overlay.confirmed, one.overlay.sweep, beside)

    @cached_property
    def _same_plan(self) -> tuple[Plan | None, Any, str]:
        """The plan that nothing is laid on (None: a fault), its data and their digest."""
        return validate(Plan, self._plan_tree)[0], *data_of(self._plan_tree)

    def _is_same(self, tree: Tree) -> bool:
        """Whether nothing was laid on the plan, which is sound: most changes are of the policy alone."""
        return tree.data is self._plan_tree.data and self._same_plan[0] is not None

    def _base_faults(self, laid: Sequence[Lines]) -> Iterator[Fault]:
        base = self._plan_tree.get(("id",))
        for one in laid:
            if one.overlay is not None and one.overlay.base != base:
                yield one.file.fault(("base",), Said("fault.scenario_laid_on", wanted=base), one.overlay.base)

    def _outdated(self, laid: Sequence[Lines]) -> Iterator[Outdated]:
        for one in laid:
            if one.overlay is not None and not self.is_current(one.overlay.base_digest):
                overlay = one.overlay
                yield Outdated(one.file.file, overlay.name, overlay.base_digest, self.base_digest)


def load_scenario(
    path: str | Path, overlays: Sequence[str | Path] = (), changes: Mapping[str, Any] | None = None
) -> Scenario:
    """Read a scenario, its policy and overlays: `ScenarioFile(path).lay(overlays, changes)`.

    Raises
    ------
    FaultsError
        With every fault: file, line, path, expected, found.
    """
    return ScenarioFile(path).lay(overlays, changes)


def roster_of(file: str, plan: Plan, policy: Policy) -> tuple[Roster | None, dict[str, str]]:
    """The list of agencies that the plan names, beside the scenario's file, and its digest."""
    if plan.population.roster is None:
        return None, {}
    from simkit.claims.roster import read_roster  # reading workbooks is slow to import and seldom asked for
    from simkit.documents.sheets import MOST_BYTES

    path = Path(file).parent / plan.population.roster
    roster = read_roster(path, policy, plan.population)
    return roster, {"roster": hashlib.sha256(read_given(path, MOST_BYTES)).hexdigest()}


def _policy_of(plan: Tree) -> tuple[Tree | None, list[Fault]]:
    """The policy that a plan names, beside its file."""
    name = str(plan.get(("policy",), "policy.yaml"))
    path = Path(plan.file).parent / name
    if not path.exists():
        expected = Said("fault.policy_file_beside_one")
        return None, [
            plan.fault(("policy",), expected, Said("fault.no_such_file", name=name), near_file(path))
        ]
    policy, faults = scan_yaml(path)
    return policy, faults or ([] if policy is None else misplaced(path, "policy", policy))


def _set_by(laid: Sequence[Lines], faults: Iterable[Fault]) -> Iterator[Fault]:
    """Of what nothing reads: all where nothing is laid on, else what was laid on, not what it left behind."""
    paths = [path for one in laid for path in one]
    for fault in faults:
        beside = (fault.path == path or fault.path.startswith(f"{path}.") for path in paths)
        above = (path.startswith(f"{fault.path}.") for path in paths)
        if not laid or any(beside) or any(above):
            yield fault


def _unconfirmed(
    laid: Sequence[Lines], plan: Plan, tree: Tree, policy: Policy, policy_tree: Tree
) -> Iterator[Fault]:
    """Unusual values of no file, so that none confirms them."""
    paths = [path for one in laid if not one.is_filed for path in one]
    if paths:
        yield from unusual_numbers([(plan, tree), (policy, policy_tree)], paths, unusual_beside(plan))


def _as_laid(policy: Tree) -> Tree:
    """A policy on which a reading was laid: that option changes nothing any more, which is no fault.

    Nor is a confirmation of what an overlay took away or set otherwise.
    """
    if not isinstance(policy.data, dict):
        return policy
    data = {key: value for key, value in policy.data.items() if key != "readings"}
    if isinstance(confirmed := data.get("confirmed"), dict):
        kept = {path: why for path, why in confirmed.items() if is_in(policy, policy, str(path))}
        data["confirmed"] = confirmed if len(kept) == len(confirmed) else kept
    return Tree(data, policy.file, policy.places)
