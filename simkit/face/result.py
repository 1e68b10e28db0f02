"""A run and its result as a notebook shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from simkit.awards.outlays import CELL_FIELDS
from simkit.base.arrays import IndexArray
from simkit.base.display import display
from simkit.base.errors import InputError
from simkit.base.said import listed
from simkit.base.words import say
from simkit.face.card import Card, Fold, Shown
from simkit.face.estimate import Estimate, money_text
from simkit.face.find import find_run
from simkit.face.frames import estimate_columns, frame, in_unit, reason, unit_of
from simkit.face.outlays import Table, ids_of, paid_table
from simkit.face.plots import drawn, own_plots
from simkit.face.scenario import Scenario, scenario_of
from simkit.face.words import in_language
from simkit.face.work import working
from simkit.runs.figures import Figures, figures_of
from simkit.runs.job import DEFAULT_DRAWS, DEFAULT_SEED
from simkit.runs.result import ARRAYS, TALLIES
from simkit.runs.result import Result as ResultData
from simkit.scenario.unpriced import unpriced

if TYPE_CHECKING:
    import pandas as pd
    import xarray
    from matplotlib.axes import Axes

__all__ = ["Result", "load_result", "result_of", "run"]

#: What outlays can be told by.
BY = ("paid", "earned", "measure", "fund", "district", "quarter")


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Result(Shown):
    """What a run found: a card in a cell, frames on demand.

    Attributes
    ----------
    data : simkit.runs.result.Result
        All that the run keeps, in fen.
    scenario : Scenario
        What was run.
    """

    data: ResultData
    scenario: Scenario

    def __post_init__(self) -> None:
        outlays = self.data.outlays
        columns = [outlays.draw, outlays.cell, outlays.fen, outlays.cells]
        for array in [*columns, *(getattr(self.data, name) for name in ARRAYS)]:
            array.setflags(write=False)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Result) and _same(self.data, other.data)

    __hash__ = None  # type: ignore[assignment]  # it holds arrays

    def headline(self, unit: str | None = None) -> Estimate:
        """The money that is enough for the special fund in the budget year, at the scenario's confidence.

        Parameters
        ----------
        unit : str, optional
            Of money; None: as `simkit.options` has set.

        Returns
        -------
        Estimate
            With its fund, year and confidence; refused where too few draws carry it.

        Raises
        ------
        InputError
            For a unit that there is not.

        Examples
        --------
        >>> import simkit
        >>> need = simkit.run("ningbo-hr-2023/baseline", draws=500).headline()
        >>> need.year, need.confidence, need.unit
        (2024, 0.9, '万元')
        """
        return self._needed(unit_of(unit), display().lang)

    def to_frame(
        self,
        by: str | Sequence[str] = "paid",
        *,
        special: bool = True,
        lang: str | None = None,
        unit: str | None = None,
    ) -> pd.DataFrame:
        """Outlays: mean and quantile with their errors.

        Parameters
        ----------
        by : str or sequence of str
            `paid` (year), `earned` (year), `measure`, `fund`, `district`, `quarter`, or several of them.
        special : bool
            The special fund's money only; False: all funds'.
        lang, unit : str, optional
            None: as `simkit.options` has set.

        Returns
        -------
        DataFrame
            Indexed by the keys of `by`: `name` (of a measure or fund), `mean`, `se`, a quantile at the scenario's
            confidence such as `p90` with `p90_se`, and `note`, why a figure is NaN. `attrs["unit"]` is the unit. Of
            several keys those are left out that no draw has met together.

        Raises
        ------
        InputError
            For what outlays are not told by.

        Examples
        --------
        >>> import simkit
        >>> result = simkit.run("ningbo-hr-2023/baseline", draws=500)
        >>> list(result.to_frame("paid").columns)
        ['mean', 'se', 'p90', 'p90_se', 'note']
        """
        table, unit, lang = self._table(by, special), unit_of(unit), in_language(lang)
        level = self.data.scenario.plan.confidence / 10_000
        name, rows = f"p{level * 100:g}", []
        for at, keys in enumerate(table.keys):
            mean, high = table.mean(at), table.quantile(at, level)
            refusal = mean.refusal or high.refusal
            names = table.names(keys, lang)
            rows.append({
                **dict(zip(table.by, keys, strict=True)),
                **({"name": names} if names else {}),
                **estimate_columns(mean, "mean", "se", unit),
                **estimate_columns(high, name, f"{name}_se", unit),
                "note": reason(refusal, lang),
            })  # fmt: skip
        return frame(rows, unit=unit, index=table.by, special=special)

    def draws(self, by: str = "paid", *, special: bool = True, unit: str | None = None) -> pd.DataFrame:
        """Outlays draw by draw: a row a draw, a column each year, measure, fund, ...

        Parameters
        ----------
        by : str
            One of those that `to_frame` knows.
        special : bool
            The special fund's money only; False: all funds'.
        unit : str, optional
            None: as `simkit.options` has set; `fen`: whole numbers that add up.

        Returns
        -------
        DataFrame
            Indexed by `draw`; all of the same luck as any other run of this seed.

        Raises
        ------
        InputError
            For what outlays are not told by.

        Examples
        --------
        >>> import simkit
        >>> simkit.run("ningbo-hr-2023/baseline", draws=500).draws("paid").shape[0]
        500
        """
        import pandas as pd

        own_plots()  # as of every frame
        table, unit = self._table(by, special), unit_of(unit)
        columns = pd.Index([keys[0] for keys in table.keys], name=table.by[0])
        found = pd.DataFrame(in_unit(table.fen, unit), columns=columns)
        found.index.name = "draw"
        found.attrs = {"unit": unit, "special": special}
        return found

    def quantile(
        self, p: float, by: str | None = None, *, special: bool = True, unit: str | None = None
    ) -> Estimate | pd.DataFrame:
        """The money that is enough with a probability, as the report has it.

        It is the order statistic that is enough in at least that share of the draws; `DataFrame.quantile` of pandas
        interpolates between two draws and differs by a little.

        Parameters
        ----------
        p : float
            Above 0, below 1.
        by : str, optional
            One of those that `to_frame` knows; None: the budget year.
        special : bool
            The special fund's money only; False: all funds'.
        unit : str, optional
            None: as `simkit.options` has set.

        Returns
        -------
        Estimate, or DataFrame with `value`, `se`, `low`, `high`, `note`

        Raises
        ------
        InputError
            For a probability out of range, or what outlays are not told by.

        Examples
        --------
        >>> import simkit
        >>> result = simkit.run("ningbo-hr-2023/baseline", draws=500)
        >>> result.quantile(0.9).value == result.headline().value
        True
        """
        if not 0 < p < 1:
            raise InputError("face.no_probability", found=f"{p:g}")
        unit, lang = unit_of(unit), display().lang
        if by is None:
            year = self.data.scenario.plan.budget_year
            found = figures_of(self.data).quantile(p, year, special=special)
            return Estimate(found, self._fund(lang) if special else say(lang, "fund.all"), year, p, unit)
        table, rows = self._table(by, special), []
        for at, keys in enumerate(table.keys):
            found = table.quantile(at, p)
            rows.append({
                by: keys[0],
                **estimate_columns(found, "value", "se", unit),
                "low": in_unit(found.low, unit),
                "high": in_unit(found.high, unit),
                "note": reason(found.refusal, lang),
            })  # fmt: skip
        return frame(rows, unit=unit, index=[by], special=special)

    def plot(self, kind: str = "need", ax: Axes | None = None) -> Axes:
        """A picture of the report.

        Parameters
        ----------
        kind : str
            `need`: money against the probability that it is enough; `years`: the fan over the years.
        ax : Axes, optional
            Where it is drawn; None: a figure of its own, shown below the cell.

        Returns
        -------
        Axes
            Of money in fen, whatever its marks say: a line at 2600万元 is `axes.axhline(2600 * 1_000_000)`.
            `axes.figure.savefig(file)` keeps it.

        Raises
        ------
        InputError
            For a kind that there is not, or a picture that too few draws carry.

        Examples
        --------
        >>> import simkit
        >>> axes = simkit.run("ningbo-hr-2023/baseline", draws=500).plot("years")
        """
        from simkit.report.pictures import need

        return drawn({"need": need.confidence_curve, "years": need.fan}, kind, self.data, ax)

    def to_xarray(self, unit: str | None = None) -> xarray.DataArray:
        """Outlays as an array by draw, paid year, measure and fund; xarray has to be installed.

        Parameters
        ----------
        unit : str, optional
            None: as `simkit.options` has set.

        Returns
        -------
        DataArray
            With coordinates, and `attrs["unit"]`.

        Raises
        ------
        InputError
            Where xarray is not installed: says how it is.

        Examples
        --------
        >>> import simkit
        >>> result = simkit.run("ningbo-hr-2023/baseline", draws=100)
        >>> result.to_xarray().dims
        ('draw', 'paid', 'measure', 'fund')
        """
        try:
            import xarray
        except ImportError:
            raise InputError("face.no_xarray") from None
        unit = unit_of(unit)
        by = ("paid", "measure", "fund")
        ids = [ids_of(self.data, one) for one in by]
        table = paid_table(self.data, by, special=False, full=True)
        array = in_unit(table.fen, unit).reshape(self.data.draws, *map(len, ids))
        coordinates = {"draw": range(self.data.draws), **dict(zip(by, ids, strict=True))}
        return xarray.DataArray(array, coordinates, ("draw", *by), "outlay", {"unit": unit})

    def save(self, folder: str | Path) -> Path:
        """Write the result into a folder: whole or not at all; what is not simkit's there stays.

        Parameters
        ----------
        folder : str or Path
            Its parents are made.

        Returns
        -------
        Path
            The folder, or one beside it where a person's file stands in the way.

        Raises
        ------
        RunError
            Where it cannot be written.

        Examples
        --------
        >>> import simkit
        >>> result = simkit.run("ningbo-hr-2023/baseline", draws=100)
        >>> simkit.load_result(result.save("reports/first")) == result
        True
        """
        from simkit.runs.store import save_result

        return save_result(self.data, folder)

    def report(self, lang: str | None = None, folder: str | Path = "reports") -> Path:
        """Write the report and the budget annexes, as `simkit report` does.

        Parameters
        ----------
        lang : str, optional
            None: as `simkit.options` has set.
        folder : str or Path
            The papers are made in a folder of the scenario's and the run's name in it.

        Returns
        -------
        Path
            The folder with the papers.

        Raises
        ------
        InputError
            For a result whose scenario's file is not there any more, or is another one.
        RunError
            Where a paper cannot be written.

        Examples
        --------
        >>> import simkit
        >>> write = simkit.run("ningbo-hr-2023/baseline", draws=100).report
        """
        from simkit.face.papers import write_papers

        return write_papers(self.data, self.scenario, Path(folder), in_language(lang))

    # ------------------------------------------------------------------ within

    def _needed(self, unit: str, lang: str) -> Estimate:
        plan, found = self.data.scenario.plan, figures_of(self.data).needed
        return Estimate(found, self._fund(lang), plan.budget_year, plan.confidence / 10_000, unit)

    def _table(self, by: str | Sequence[str], special: bool) -> Table:
        asked = (by,) if isinstance(by, str) else tuple(by)
        if unknown := [one for one in asked if one not in BY]:
            raise InputError("face.no_such_by", known=BY, found=repr(unknown[0]))
        return paid_table(self.data, asked, special=special)

    def _fund(self, lang: str) -> str:
        funds = self.data.scenario.policy.funds.values()
        return listed((one.name for one in funds if one.special), lang) or "—"

    def _card(self, lang: str) -> Card:
        data, figures, unit = self.data, figures_of(self.data), display().unit
        with_unit = say(lang, f"face.unit.{unit}")
        lines = [say(lang, "face.of_run", name=data.scenario.name, draws=f"{data.draws:,}", seed=data.seed)]
        expected = figures.mean(data.scenario.plan.budget_year)
        lines.append(
            say(
                lang,
                "face.expected",
                amount=money_text(expected.given, unit, lang),
                error=money_text(expected.error, unit, lang),
                unit=with_unit,
            )
        )
        heads = (say(lang, "face.head.what"),)
        names = [data.scenario.policy.measures[name].name.said(lang) for name in unpriced(data.scenario)]
        folds = (
            self._years(figures, unit, lang),
            self._fold("measure", unit, lang),
            self._fold("fund", unit, lang),
            Fold(
                say(lang, "face.not_counted", count=len(names)),
                heads,
                tuple((one,) for one in names),
            ),
            self._origin(lang),
        )
        return Card(self._needed(unit, lang).said(lang), tuple(lines), folds)

    def _years(self, figures: Figures, unit: str, lang: str) -> Fold:
        level = self.data.scenario.plan.confidence / 10_000
        heads = (*(say(lang, f"face.head.{key}") for key in ("paid", "mean", "se")), f"P{level * 100:g}")
        rows = [
            (
                str(year),
                *_cells(figures.mean(year), unit, lang),
                _cells(figures.quantile(level, year), unit, lang)[0],
            )
            for year in figures.years
        ]
        return Fold(
            say(lang, "face.by.paid", unit=say(lang, f"face.unit.{unit}")), heads, tuple(rows), (1, 2, 3)
        )

    def _fold(self, by: str, unit: str, lang: str) -> Fold:
        table = paid_table(self.data, (by,), special=False)
        heads = tuple(say(lang, f"face.head.{key}") for key in ("what", "mean", "se"))
        rows = [
            (table.names(keys, lang) or str(keys[0]), *_cells(table.mean(at), unit, lang))
            for at, keys in enumerate(table.keys)
            if table.fen[:, at].any()
        ]
        return Fold(
            say(lang, f"face.by.{by}", unit=say(lang, f"face.unit.{unit}")), heads, tuple(rows), (1, 2)
        )

    def _origin(self, lang: str) -> Fold:
        data = self.data
        rows = (
            ("scenario", data.scenario.file),
            ("draws", f"{data.draws:,}"),
            ("seed", str(data.seed)),
            *((key, value[:12]) for key, value in data.scenario.digests.items()),
        )
        heads = (say(lang, "face.head.what"), say(lang, "face.head.value"))
        return Fold(say(lang, "face.to_repeat"), heads, rows)


def _cells(found: Any, unit: str, lang: str) -> tuple[str, str]:
    return money_text(found.given, unit, lang), money_text(found.error, unit, lang)


def _same(one: ResultData, other: ResultData) -> bool:
    """Whether two results have the same inputs and figures."""
    alike = (one.scenario.digests, one.seed, one.draws, one.parameters) == (
        other.scenario.digests,
        other.seed,
        other.draws,
        other.parameters,
    )
    parts: list[tuple[Any, Any]] = [(_rows(one), _rows(other))]
    parts += [(getattr(one, name), getattr(other, name)) for name in ARRAYS]
    parts += [(getattr(one, name).values, getattr(other, name).values) for name in TALLIES]
    return alike and all(np.array_equal(mine, others) for mine, others in parts)


def _rows(data: ResultData) -> IndexArray:
    """Outlays as rows of numbers in an order of their own: a saved result numbers its cells anew."""
    outlays = data.outlays
    cells = outlays.cells[outlays.cell]
    columns = [outlays.draw, *(cells[name] for name in CELL_FIELDS), outlays.fen]
    return np.stack(columns)[:, np.lexsort(columns[-2::-1])]


def run(
    scenario: Scenario | str | Path,
    *,
    draws: int = DEFAULT_DRAWS,
    precision: float | None = None,
    seed: int = DEFAULT_SEED,
) -> Result:
    """Simulate a scenario. Stopped, the same call goes on where it was.

    Parameters
    ----------
    scenario : Scenario or file
    draws : int
        Possible futures, 1 to 10 million.
    precision : float, optional
        Instead of `draws`: until the P95 of every paid year is known to this share of its value (half its interval).
    seed : int
        The same scenario, seed and draws give the same figures to the fen.

    Returns
    -------
    Result

    Raises
    ------
    InputError
        For an argument out of range.
    Interrupted
        Where the kernel was stopped; what is finished is kept for the next call.

    Examples
    --------
    >>> import simkit
    >>> simkit.run("ningbo-hr-2023/baseline", draws=200).data.draws
    200
    """
    from simkit.runs import simulate

    asked = scenario_of(scenario)
    data = asked.data
    total = draws if precision is None else None
    with working(total, "face.simulating", of=(data.digests, seed)) as work:
        kept, step = work.kept, work.step
        found = simulate.run(data, draws=draws, seed=seed, precision=precision, kept=kept, progress=step)
    return Result(found, asked)


def load_result(folder: str | Path) -> Result:
    """A result from the folder that it was saved in.

    Parameters
    ----------
    folder : str or Path
        A run's folder, or one that holds runs: the newest of them.

    Returns
    -------
    Result

    Raises
    ------
    InputError
        Where there is none, or one that was changed since.

    Examples
    --------
    >>> import simkit
    >>> saved = simkit.run("ningbo-hr-2023/baseline", draws=100).save("reports/first")
    >>> simkit.load_result(saved).data.draws
    100
    """
    from simkit.runs import loading

    found = loading.load_result(find_run(folder))
    return Result(found, Scenario(found.scenario, None))


def result_of(given: Any) -> Result:
    """A result, or the one in a folder.

    Raises
    ------
    InputError
        For anything else.
    """
    if isinstance(given, Result):
        return given
    if isinstance(given, str | Path):
        return load_result(given)
    raise InputError("face.wants_result", found=type(given).__name__)
