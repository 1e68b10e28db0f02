"""The yardstick: LEV, CMP, MAX and ANN cases as scenarios through `run()`, LEV in closed form, and sizing.

Each case is one test; the suite's last lines say how many of the 54 pass. A run shares its measures
among the cases of a family: measures never move one another (law 3).
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import optimize, stats

from benchmarks.compound_law import Claim, compound
from simkit.base.random import GROUP, uniforms
from simkit.distributions.compound import Lattice, Spectrum
from simkit.distributions.limited import gated_moment
from simkit.runs.result import Result
from simkit.runs.simulate import run
from simkit.scenario import load_scenario
from simkit.sizing import quantiles, sobol
from simkit.sizing.allocation import tail_shares
from simkit.sizing.drivers import standard_deviation
from tests.distributions.test_severity import LAWS
from tests.small_scenarios import assumed, claim, fixed, measure, write_scenario
from tests.statistical import cdf
from tests.yardstick import (
    NOT_EXPRESSED,
    PARTLY,
    Estimate,
    Sample,
    Z,
    cases,
    correlation,
    estimate_sum,
    lattice_verdict,
    moment,
    quantity,
    skewness,
    spread,
    variance,
    verdict,
)

Data = dict[str, Any]

SEED = 20_261_122
MILLION = 1e6
LEV_DRAWS, CMP_DRAWS, MAX_DRAWS, ANN_DRAWS, YEARS_DRAWS = 100_000, 20_000, 60_000, 20_000, 8_000
SOBOL_DRAWS = 16_384
#: Most that half a fen of rounding moves one award, in yuan.
HALF_FEN = 0.005
AWARDED, GROSS, OVER_CLAIM_CAP, SAME_MATTER = 6, 0, 1, 4

LEV = [name for name in cases() if name.startswith("LEV-")]
CMP = [name for name in cases() if name.startswith("CMP-")]
MAX = [name for name in cases() if name.startswith("MAX-")]
ANN = [name for name in cases() if name.startswith("ANN-")]
SIZING = ["QNT-HF", "CONV-QCI", "COTVAR-01", "PCT-FUND"]
EXACT = ["TXT-KPW95", "GOAL-01", "CRN-01"]
NIST = ["NIST-Lew", "NIST-Mavro", "NIST-NumAcc3"]
SAMPLING = ["SOB-ISH-7-0.1", "SOB-G8", "SOB-CAPSUM", "VR-STRAT-U", "CONV-ATRISK"]


@pytest.fixture
def case_name(request: pytest.FixtureRequest, record_property: Callable[[str, object], None]) -> str:
    """The case at hand, written down for the summary."""
    name: str = request.param
    record_property("yardstick", name)
    return name


def each(names: list[str]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case_name", names, indirect=True)


# ------------------------------------------------------------------ from a case to the schema


def law_of(spec: Data) -> Data:
    """A case's law in the schema's words."""
    if spec["dist"] == "lognormal":
        return {"dist": "lognormal", "mean": f"{spec['mean']:.2f}元", "cv": float(spec["cv"])}
    if spec["dist"] == "gamma":
        return {"dist": "gamma", "shape": float(spec["shape"]), "scale": f"{spec['scale']:.2f}元"}
    if spec["dist"] == "lomax":
        return {"dist": "lomax", "alpha": float(spec["alpha"]), "theta": f"{spec['theta']:.2f}元"}
    if spec["dist"] == "weibull":
        return {"dist": "weibull", "shape": float(spec["shape"]), "scale": f"{spec['scale']:.2f}元"}
    if spec["dist"] == "triangular":
        low, mode, high = (f"{spec[key]:.2f}元" for key in ("lo", "mode", "hi"))
        return {"dist": "triangular", "low": low, "mode": mode, "high": high}
    if spec["dist"] == "discrete":
        values = [f"{value:.2f}元" for value in spec["values"]]
        return {"dist": "empirical", "values": values, "weights": spec["probs"]}
    raise ValueError(spec["dist"])


def yuan(amount: float) -> str:
    return f"{amount:.2f}元"


def rate_measure(spec: Data, cap_per: str = "claim") -> Data:
    """Rate, cap and gate of a case; a law without a rate pays its amount."""
    rate = {"kind": "rate", "rate": f"{spec.get('rate', 1) * 100:g}%"}
    more: Data = {}
    cap = spec.get("cap")
    if cap is not None:
        within = "claim" if cap_per == "claim" else "year"
        more["caps"] = {"most": {"per": cap_per, "within": within, "amount": yuan(cap)}}
    if spec.get("gate") is not None:
        more["conditions"] = {"gate": {"of": "base", "at_least": yuan(spec["gate"])}}
    return measure(rate, **more)


def drawn(law: Data, **more: Any) -> Data:
    return {"unit": "yuan", "variables": {"x": law}, "source": "made_up", **more}


def chance(p: float) -> float:
    """Intensity of an event that comes with this probability: 1 - exp(-intensity)."""
    return -math.log1p(-p)


def to_city(intensity: Any, frequency: str, **more: Any) -> Data:
    return claim(intensity, among="city", frequency=frequency, **more)


def simulate(path: Path, draws: int) -> Result:
    return run(load_scenario(path), draws=draws, seed=SEED, jobs=2)


def awarded(result: Result, name: str) -> Sample:
    """Yuan awarded by a measure in all years: float[draw]."""
    return of_money(result, name, AWARDED)


def of_money(result: Result, name: str, column: int) -> Sample:
    place = list(result.scenario.policy.measures).index(name)
    return np.asarray(result.money[:, place, :, column].sum(axis=1) / 100)


def claims_a_draw(result: Result, names: list[str]) -> float:
    places = [list(result.scenario.policy.measures).index(name) for name in names]
    return float(result.counts[:, places].sum() / result.draws)


def judge(wrong: Iterator[str]) -> None:
    found = [words for words in wrong if words]
    assert not found, "\n".join(found)


# ------------------------------------------------------------------ limited moments


@pytest.fixture(scope="module")
def lev_run(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """One claim a draw of each LEV case's measure."""
    measures = {ident(name): rate_measure(cases()[name]["spec"]) for name in LEV}
    claims = {ident(name): to_city(1, "fixed", base=drawn(law_of(cases()[name]["spec"]))) for name in LEV}
    heavy = {
        f"claims.{ident(name)}.base.variables.x.alpha": "a law without a mean, of which only limited moments are asked"
        for name in LEV
        if law_of(cases()[name]["spec"]).get("alpha", 2) <= 1
    }
    path = write_scenario(tmp_path_factory.mktemp("lev"), measures, claims, confirmed=heavy)
    return simulate(path, LEV_DRAWS)


def ident(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.lower())


def of_award(wanted: Data, paid: Sample, saved: Sample, cap: float) -> Estimate:
    """A quantity of one award; `saved`: what its cap took."""
    ways: dict[str, Callable[[], Estimate]] = {
        "E1": lambda: moment(paid),
        "E2": lambda: moment(paid**2),
        "sd": lambda: spread(paid),
        "p_capped": lambda: moment((paid == cap).astype(float)),
        "p_paid": lambda: moment((paid > 0).astype(float)),
        "cap_saving": lambda: moment(saved),
    }
    return ways[wanted["name"]]()


@each(LEV)
def test_limited_moments_of_a_run(case_name: str, lev_run: Result) -> None:
    """E[Y], E[Y**2], sd, P(capped), P(paid), the cap's saving; sees 0.9 to 2.8 % in the means."""
    case = cases()[case_name]
    paid, saved = awarded(lev_run, ident(case_name)), of_money(lev_run, ident(case_name), OVER_CLAIM_CAP)
    cap = case["spec"]["cap"]

    def wrong() -> Iterator[str]:
        for wanted in case["quantities"].values():
            rounding = HALF_FEN * (2 * cap if wanted.get("unit") == "CNY^2" else 1)
            yield verdict(wanted, of_award(wanted, paid, saved, cap), LEV_DRAWS, rounding)

    judge(wrong())


@each(LEV)
def test_limited_moments_in_closed_form(case_name: str) -> None:
    """The same from the formulas, to the file's `tol_exact`."""
    case = cases()[case_name]
    spec, quantities = case["spec"], case["quantities"]
    data = law_of(spec)
    law = LAWS[data["dist"]].model_validate(data)
    rate, cap, gate = spec["rate"], spec["cap"], spec.get("gate") or 0.0
    first, second = (gated_moment(law, k, rate=rate, cap=cap, gate=gate) for k in (1, 2))
    found = {"E1": first, "E2": second, "sd": math.sqrt(second - first**2)}
    if not gate:
        # min(r X, c) = r min(X, c / r).
        assert gated_moment(law, 1, cap=cap / rate) * rate == pytest.approx(first, rel=1e-12)
        if "cap_saving" in quantities:
            found["cap_saving"] = rate * law.mean() - first
    for name, value in found.items():
        wanted = quantities[name]
        assert abs(value - wanted["value"]) <= wanted["tol_exact"], name


# ------------------------------------------------------------------ compound sums

#: Parts of CMP-16 and CMP-17 that are cases of the yardstick's maker but not of the file. CMP-04 is
#: the severity of LEV-GA-03 with negative binomial counts; the three are the ones that give CMP-16
#: its mean, sd and skewness (test_parts_that_the_file_leaves_out).
STD_MEAN, STD_SIZE = 12.0, 4.0
TOP = {"n": 2_500, "p": 0.004, "amount": 100_000.0}
PRK = {"n": 4, "p": 0.5, "amount": 500_000.0}
TOP_OF_MIX = ["CMP-01-HH", "CMP-03-DIG", "CMP-08-LST"]
SUMS = {
    "CMP-01-HH": ["hh"],
    "CMP-03-DIG": ["dig"],
    "CMP-05-EXP": ["exp"],
    "CMP-08-LST": ["lst"],
    "CMP-10-HIT": ["hit"],
    "CMP-12-TRAIN": ["train"],
    "CMP-14-HHAG": ["hhag"],
    "CMP-16-FUND": ["hh", "dig", "std", "exp", "lst", "top", "hit", "prk", "train"],
    "CMP-17-SUM4-IND": ["hh", "dig", "lst", "std12"],
    "CMP-18-SUM4-MIX": ["hh_mix", "dig_mix", "lst_mix", "std_mix"],
}


def spec_of(name: str) -> Data:
    found: Data = cases()[name]["spec"]
    return found


def heads_law(spec: Data) -> Data:
    """Heads of one agency, a negative binomial, as a table of all its values but one in 1e12."""
    p = spec["size"] / (spec["size"] + spec["mean"])
    law = stats.nbinom(spec["size"], p)
    heads = np.arange(int(law.isf(1e-12)) + 1)
    with np.errstate(all="ignore"):
        weights = law.pmf(heads)
    return {"dist": "empirical", "values": heads.tolist(), "weights": weights.tolist()}


def compound_measures() -> tuple[dict[str, Data], dict[str, Data]]:
    hh, dig, lst = (spec_of(name) for name in TOP_OF_MIX)
    exp, hit, train, hhag = (
        spec_of(name) for name in ("CMP-05-EXP", "CMP-10-HIT", "CMP-12-TRAIN", "CMP-14-HHAG")
    )
    std = spec_of("LEV-GA-03")
    severities = {"hh": hh["sev"], "dig": dig["sev"], "lst": lst["sev"], "std": std}
    means = {
        "hh": hh["freq"]["mean"],
        "dig": dig["freq"]["mean"],
        "lst": lst["freq"]["mean"],
        "std": STD_MEAN,
    }
    measures = {name: rate_measure(severity) for name, severity in severities.items()}
    claims = {
        name: to_city(means[name], "poisson", base=drawn(law_of(severity)), loading=assumed(0))
        for name, severity in severities.items()
    }
    for name, severity in severities.items():
        measures[f"{name}_mix"] = rate_measure(severity)
        base = drawn(law_of(severity))
        claims[f"{name}_mix"] = to_city(means[name], "poisson", base=base, loading=assumed(1))
    measures["std12"], claims["std12"] = measures["std"], claims["std"]
    claims["std"] = claims["std"] | {"frequency": "negative_binomial", "spread": 1 / STD_SIZE}
    measures["exp"] = rate_measure(exp["sev"])
    claims["exp"] = claim(
        1,
        frequency="fixed",
        lines={"exporter": 1},
        take_up=assumed(exp["freq"]["p"]),
        ceiling=0.8,
        base=drawn(law_of(exp["sev"])),
    )
    measures["hit"] = measure(fixed(yuan(hit["sev"]["value"])))
    claims["hit"] = claim(chance(hit["freq"]["p"]), lines={"any": 1})
    measures["top"] = measure(fixed(yuan(TOP["amount"])))
    claims["top"] = claim(chance(TOP["p"]), lines={"any": 1})
    measures["prk"] = measure(fixed(yuan(PRK["amount"])))
    claims["prk"] = claim(chance(PRK["p"]), among="park")
    measures["train"] = measure(
        {"kind": "per_unit", "amount": yuan(train["per_head"])},
        base_unit="count",
        caps={"most": {"per": "agency", "within": "year", "amount": yuan(train["cap"])}},
    )
    heads = {"unit": "count", "variables": {"heads": heads_law(train["heads"])}, "source": "made_up"}
    claims["train"] = claim(1, frequency="fixed", lines={"trainer": 1}, base=heads)
    measures["hhag"] = rate_measure(hhag["sev"] | {"cap": hhag["cap_per_agency_year"]}, "agency")
    claims["hhag"] = claim(
        hhag["freq"]["mean"], frequency="poisson", lines={"hunter": 1}, base=drawn(law_of(hhag["sev"]))
    )
    return measures, claims


@pytest.fixture(scope="module")
def cmp_run(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """All compound cases but the one of three years."""
    measures, claims = compound_measures()
    lines = {
        "any": spec_of("CMP-10-HIT")["freq"]["n"],
        "trainer": spec_of("CMP-12-TRAIN")["agencies"],
        "hunter": spec_of("CMP-14-HHAG")["agencies"],
        "exporter": spec_of("CMP-05-EXP")["freq"]["n"],
    }
    total = sum(lines.values())
    population = {
        "lines": {name: assumed(number / total) for name, number in lines.items()},
        "others": {"city": assumed(1), "park": assumed(PRK["n"])},
    }
    cv = spec_of("CMP-18-SUM4-MIX")["dependence"]["cv"]
    path = write_scenario(
        tmp_path_factory.mktemp("cmp"), measures, claims, start=total, population=population, factor_cv=cv
    )
    return simulate(path, CMP_DRAWS)


@pytest.fixture(scope="module")
def years_run(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """CMP-20: the count grows by a ramp that thins the last year's, the fees by an index."""
    spec = spec_of("CMP-20-3Y-IND")
    base = spec_of(spec["base"])
    growth, last = 1 + spec["count_growth"], spec["years"] - 1
    first_year = 2024
    plan = to_city(
        base["freq"]["mean"] * growth**last,
        "poisson",
        mark="claim",
        ramp={first_year + year: growth ** (year - last) for year in range(spec["years"])},
        base=drawn(law_of(base["sev"]), growth=assumed(spec["fee_growth"]), of_year=first_year),
    )
    path = write_scenario(
        tmp_path_factory.mktemp("years"),
        {"hh": rate_measure(base["sev"])},
        {"hh": plan},
        years=(first_year, first_year + last),
    )
    return simulate(path, YEARS_DRAWS)


#: Quantities of compound cases that are not of the sum: each is judged by the case's own test.
ELSEWHERE = ("agency_", "corr_", "mean_year", "sd_year")


def wrong_in_sum(case: Data, total: Sample, rounding: float) -> Iterator[str]:
    """Quantities of a sum that are off; leaves out those that `estimate_sum` does not know."""
    for wanted in case["quantities"].values():
        if wanted.get("lattice"):
            yield lattice_verdict(wanted, total)
            continue
        found = estimate_sum(wanted, total)
        if found is None:
            assert wanted["name"].startswith(ELSEWHERE), wanted["name"]
        else:
            yield verdict(wanted, found, len(total), rounding if wanted.get("unit") == "CNY" else 1e-6)


def wrong_in_agencies(case: Data, result: Result, name: str, agencies: int, total: Sample) -> Iterator[str]:
    """Quantities of one agency: a draw holds as many as there are agencies."""
    number = len(total) * agencies
    place = list(result.scenario.policy.measures).index(name)
    lever = result.levers.index(f"{name}.most")
    estimates = {
        "agency_mean": float(total.mean() / agencies),
        "agency_p_capped": float(result.agencies_at[:, lever].sum() / number),
        "agency_p_zero": float(1 - result.agencies_awarded[:, place].sum() / number),
    }
    for quantity_name, value in estimates.items():
        if quantity_name in case["quantities"]:
            yield verdict(case["quantities"][quantity_name], Estimate(value), number, HALF_FEN)


@each(list(SUMS))
def test_compound_sums_of_a_run(case_name: str, cmp_run: Result) -> None:
    """Mean, sd, skewness, quantiles, TVaR, stop-loss and limited means; sees 0.3 to 3.3 % in the means."""
    case, names = cases()[case_name], SUMS[case_name]
    total = np.sum([awarded(cmp_run, name) for name in names], axis=0)
    rounding = HALF_FEN * claims_a_draw(cmp_run, names)

    def wrong() -> Iterator[str]:
        yield from wrong_in_sum(case, total, rounding)
        if "agencies" in case["spec"]:
            yield from wrong_in_agencies(case, cmp_run, names[0], case["spec"]["agencies"], total)
        if "corr_HH_DIG" in case["quantities"]:
            found = correlation(awarded(cmp_run, "hh_mix"), awarded(cmp_run, "dig_mix"))
            yield verdict(case["quantities"]["corr_HH_DIG"], found, len(total))

    judge(wrong())


@each(["CMP-20-3Y-IND"])
def test_compound_sum_of_three_years(case_name: str, years_run: Result) -> None:
    """Sums of all years and of each; sees 0.4 % in the mean."""
    case = cases()[case_name]
    by_year = years_run.money[:, 0, :, AWARDED] / 100
    rounding = HALF_FEN * claims_a_draw(years_run, ["hh"])

    def wrong() -> Iterator[str]:
        yield from wrong_in_sum(case, by_year.sum(axis=1), rounding)
        for year in range(case["spec"]["years"]):
            for name, estimate in (("mean", moment), ("sd", spread)):
                wanted = case["quantities"][f"{name}_year{year}"]
                yield verdict(wanted, estimate(by_year[:, year]), len(by_year), rounding)

    judge(wrong())


def test_parts_that_the_file_leaves_out() -> None:
    """CMP-04, 09 and 11 as assumed here give CMP-16 and CMP-17 the mean, sd and skewness of the file."""
    std = spec_of("LEV-GA-03")
    law = LAWS["gamma"].model_validate(law_of(std))
    moments = [gated_moment(law, k, rate=std["rate"], cap=std["cap"]) for k in (1, 2, 3)]

    def cumulants_of(name: str) -> np.ndarray:
        mean, sd, skew = (quantity(name, key)["value"] for key in ("mean", "sd", "skew"))
        return np.array([mean, sd**2, skew * sd**3])

    def of_counts(k1: float, k2: float, k3: float) -> np.ndarray:
        """Cumulants of a compound sum from those of its counts."""
        m1, m2, m3 = moments
        v, t = m2 - m1**2, m3 - 3 * m1 * m2 + 2 * m1**3
        return np.array([k1 * m1, k1 * v + k2 * m1**2, k1 * t + 3 * k2 * m1 * v + k3 * m1**3])

    def binomial(part: Data) -> np.ndarray:
        n, p, amount = part["n"], part["p"], part["amount"]
        return np.array([n * p, n * p * (1 - p), n * p * (1 - p) * (1 - 2 * p)]) * amount ** np.arange(1, 4)

    a = STD_MEAN / STD_SIZE
    negative_binomial = of_counts(STD_MEAN, STD_MEAN * (1 + a), STD_MEAN * (1 + a) * (1 + 2 * a))
    known = [name for name in SUMS if name in spec_of("CMP-16-FUND")["sum_of"]]
    fund = sum(map(cumulants_of, known)) + negative_binomial + binomial(TOP) + binomial(PRK)
    mix = sum(map(cumulants_of, TOP_OF_MIX)) + of_counts(STD_MEAN, STD_MEAN, STD_MEAN)
    for found, name in ((fund, "CMP-16-FUND"), (mix, "CMP-17-SUM4-IND")):
        assert found == pytest.approx(cumulants_of(name), rel=1e-7)


# ------------------------------------------------------------------ take the higher

ORDER = {f"{number}-01": number for number in range(1, 10)}


def groups(case: str) -> list[tuple[int, ...]]:
    """Orders of payment that a case asks about."""
    asked = [tuple(one["order"]) for one in cases()[case]["quantities"].values() if "order" in one]
    return list(dict.fromkeys(asked))


def member(case: str, order: tuple[int, ...], award: int) -> str:
    return f"{ident(case)}_{'_'.join(map(str, order))}_award_{award}"


def award_parts(spec: Data, place: int, frequency: Data) -> tuple[Data, Data]:
    """Measure and claims of one award of a group; decided in the month of its place in the order."""
    p = float(Fraction(spec["p"]))
    happens = frequency | ({"intensity": chance(p)} if p < 1 else {"frequency": "fixed", "intensity": 1})
    calendar = {
        "filing_days": [0, 0],
        "review_days": 0,
        "rounds": [f"{place + 1:02}-15"],
        "source": "made_up",
    }
    happens |= {"calendar": calendar}
    if spec["kind"] == "fixed":
        return measure(fixed(yuan(float(spec["value"])))), claim(**happens)
    return rate_measure(spec), claim(base=drawn(law_of(spec)), **happens)


@pytest.fixture(scope="module")
def max_run(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """For each case and order a group of measures that are one matter of the city."""
    measures, claims, matters = {}, {}, {}
    for case in MAX:
        if "awards" not in cases()[case]["spec"]:
            continue
        for order in groups(case):
            names = {award: member(case, order, award) for award in order}
            for place, award in enumerate(order):
                spec = cases()[case]["spec"]["awards"][award - 1]
                found = award_parts(spec, place, {"among": "city", "day": "01-01"})
                measures[names[award]], claims[names[award]] = found
            matters[f"matter_{ident(case)}_{'_'.join(map(str, order))}"] = one_matter(list(names.values()))
    path = write_scenario(tmp_path_factory.mktemp("max"), measures, claims, policy={"matters": matters})
    return simulate(path, MAX_DRAWS)


def one_matter(members: list[str]) -> Data:
    words = {"zh": "某", "en": "some"}
    return {"name": words, "clause": "附则", "why": words, "members": members, "key": ["agency", "year"]}


def of_total(wanted: Data, total: Sample, stacked: Sample) -> Estimate | None:
    name = wanted["name"]
    ways: dict[str, Callable[[], Estimate]] = {
        "E_total": lambda: moment(total),
        "E2_total": lambda: moment(total**2),
        "sd_total": lambda: spread(total),
        "Var_total": lambda: variance(total),
        "E_sum_if_stacked": lambda: moment(stacked),
        "E_saved_by_no_duplication": lambda: moment(stacked - total),
    }
    if name in ways:
        return ways[name]()
    if match := re.fullmatch(r"P\(max(<?=)(\d+)\)", name):
        point = float(match.group(2))
        hit = total <= point if match.group(1) == "<=" else total == point
        return moment(hit.astype(float))
    return None


@each([case for case in MAX if "awards" in cases()[case]["spec"]])
def test_take_the_higher_in_every_order(case_name: str, max_run: Result) -> None:
    """Totals and who pays, and draw by draw: the total is the highest entitlement, to the fen."""
    case = cases()[case_name]
    totals, stacks = {}, {}
    for order in groups(case_name):
        names = [member(case_name, order, award) for award in order]
        entitled = [
            of_money(max_run, name, GROSS) - of_money(max_run, name, OVER_CLAIM_CAP) for name in names
        ]
        totals[order] = np.sum([awarded(max_run, name) for name in names], axis=0)
        stacks[order] = np.sum(entitled, axis=0)
        highest = np.max(np.rint(np.multiply(entitled, 100)), axis=0)
        assert np.array_equal(np.rint(totals[order] * 100), highest)

    def wrong() -> Iterator[str]:
        largest = max(total.max() for total in totals.values())
        for wanted in case["quantities"].values():
            if "order" in wanted:
                paid = awarded(max_run, member(case_name, tuple(wanted["order"]), wanted["award"]))
                yield verdict(wanted, moment(paid), MAX_DRAWS, 2 * HALF_FEN)
                continue
            for order in totals:
                found = of_total(wanted, totals[order], stacks[order])
                assert found is not None, wanted["name"]
                rounding = HALF_FEN * (
                    2 * largest if wanted["name"] in ("E2_total", "Var_total") else len(order)
                )
                yield verdict(wanted, found, MAX_DRAWS, rounding)

    judge(wrong())


def test_worth_of_the_rule_is_what_it_took(max_run: Result) -> None:
    """Without the rule every award is its entitlement: worth equals what step 6 took, to the fen."""
    worth = max_run.worth[:, -1]  # of the first draws: it is decided again for those alone
    assert np.array_equal(worth, max_run.money[: len(worth), :, :, SAME_MATTER].sum(axis=(1, 2)))
    assert worth.sum() > 0


@each(["MAX-08"])
def test_a_fund_of_topped_up_agencies(case_name: str, tmp_path: Path) -> None:
    """Poisson agencies enter and each meets the group once; sees 0.5 % in the mean."""
    case = cases()[case_name]
    awards = cases()[case["spec"]["sev"]]["spec"]["awards"]
    parts = [award_parts(spec, place, {"day": "12-31"}) for place, spec in enumerate(awards)]
    names = [f"award_{place}" for place in range(len(parts))]
    path = write_scenario(
        tmp_path,
        {name: part[0] for name, part in zip(names, parts, strict=True)},
        {name: part[1] for name, part in zip(names, parts, strict=True)},
        growth={"entries": {2024: assumed(case["spec"]["freq"]["mean"])}},
        policy={"matters": {"one": one_matter(names)}},
    )
    result = simulate(path, CMP_DRAWS)
    total = np.sum([awarded(result, name) for name in names], axis=0)
    judge(wrong_in_sum(case, total, HALF_FEN * claims_a_draw(result, names)))


# ------------------------------------------------------------------ yearly entry and exit


@each(ANN)
def test_yearly_entry_and_exit(case_name: str, tmp_path: Path) -> None:
    """Mean, variance and quantiles of the number of agencies; sees 0.05 % in the mean and 6 % in the variance."""
    case = cases()[case_name]
    spec = case["spec"]
    years = range(2024, 2024 + len(spec["survival"]))
    growth: Data = {
        "exit_by_year": {y: assumed(1 - s) for y, s in zip(years, spec["survival"], strict=True)},
        "entries": {y: assumed(m) for y, m in zip(years, spec["entries_mean"], strict=True)},
    }
    path = write_scenario(
        tmp_path,
        {"one": measure(fixed("1元"))},
        {"one": to_city(1, "fixed")},
        years=(years[0], years[-1]),
        start=spec["n0"],
        growth=growth,
    )
    agencies = simulate(path, ANN_DRAWS).agencies.astype(np.float64)
    assert (agencies[:, 0] == spec["n0"]).all()

    def wrong() -> Iterator[str]:
        for wanted in case["quantities"].values():
            sample = agencies[:, wanted["t"]]
            if wanted.get("lattice"):
                yield lattice_verdict(wanted, sample)
            else:
                estimate = moment if wanted["name"].startswith("mean") else variance
                yield verdict(wanted, estimate(sample), ANN_DRAWS)

    judge(wrong())


# ------------------------------------------------------------------ sizing


@each(["QNT-HF"])
def test_our_quantile_is_type_1(case_name: str) -> None:
    """Of the nine definitions simkit has one, the lower quantile; repeating a sample does not move it."""
    case = cases()[case_name]
    sample = np.repeat(np.array(case["spec"]["x"]), 100)
    wanted = {name: one for name, one in case["quantities"].items() if name.startswith("type1 ")}
    assert wanted
    for name, one in wanted.items():
        p = float(name.split("p=")[1])
        assert quantiles.quantile(sample, p).value == one["value"], name


@each(["CONV-QCI"])
def test_interval_of_a_quantile(case_name: str) -> None:
    """The ranks of the order-statistic interval; a quantile on too few draws is refused."""
    seen = 0
    for name, one in cases()[case_name]["quantities"].items():
        match = re.fullmatch(r"n=(\d+) p=([\d.]+) (lower rank|upper rank|coverage)", name)
        assert match is not None, name
        n, p = int(match.group(1)), float(match.group(2))
        if n * min(p, 1 - p) < quantiles.MIN_BEYOND - 1e-6:
            with pytest.raises(quantiles.TooFewDrawsError):
                quantiles.quantile(np.arange(1, n + 1), p)
            continue
        seen += 1
        found = quantiles.quantile(np.arange(1, n + 1), p)
        if match.group(3) == "coverage":
            value = stats.binom.cdf(found.high - 1, n, p) - stats.binom.cdf(found.low - 1, n, p)
        else:
            value = found.low if match.group(3) == "lower rank" else found.high
        assert abs(value - one["value"]) <= max(one["tol_exact"], 1e-9), name
    assert seen >= 30


@each(["COTVAR-01"])
def test_which_measure_fills_the_tail(case_name: str, cmp_run: Result) -> None:
    """Contributions to TVaR95, their error from 20 batches of draws; sees 4 to 10 %."""
    quantities, parts = cases()[case_name]["quantities"], ["hh", "dig", "lst", "std12"]
    labels = ["HH", "DIG", "LST", f"STD(Poisson {STD_MEAN:g})"]
    money = np.stack([awarded(cmp_run, name) for name in parts], axis=1)
    shares = tail_shares(money, 0.95)
    batches = np.array([tail_shares(batch, 0.95) for batch in np.split(money, 20)])
    unit_se = batches.std(axis=0, ddof=1) * np.sqrt(CMP_DRAWS / 20)
    mean = money.mean(axis=0)
    total = money.sum(axis=1)

    def wrong() -> Iterator[str]:
        for place, label in enumerate(labels):
            found = Estimate(float(shares[place]), float(unit_se[place]))
            yield verdict(quantities[f"contribution {label}"], found, CMP_DRAWS)
            share = float(mean[place] / mean.sum())
            influence = (money[:, place] - share * total) / mean.sum()
            yield verdict(
                quantities[f"share of mean {label}"], Estimate(share, float(influence.std())), CMP_DRAWS
            )
        sum_se = quantity("CMP-17-SUM4-IND", "TVaR95")["mc_unit_se"]
        yield verdict(quantities["sum = TVaR95"], Estimate(float(shares.sum()), sum_se), CMP_DRAWS)

    judge(wrong())
    assert shares.sum() == pytest.approx(quantiles.tail_mean(total, 0.95).value, rel=1e-12)


@each(["PCT-FUND"])
def test_percentile_table_of_the_fund(case_name: str, cmp_run: Result) -> None:
    """The confidence curve of CMP-16."""
    total = np.sum([awarded(cmp_run, name) for name in SUMS["CMP-16-FUND"]], axis=0)

    def wrong() -> Iterator[str]:
        for wanted in cases()[case_name]["quantities"].values():
            if wanted["p"] * CMP_DRAWS >= 10 and (1 - wanted["p"]) * CMP_DRAWS >= 10:
                found = Estimate(quantiles.quantile(total, wanted["p"]).value)
                yield verdict(wanted, found, CMP_DRAWS, HALF_FEN * 1_000)

    judge(wrong())


# ------------------------------------------------------------------ exact compound laws, and paired runs

#: Loss Models, example 9.5: chances of 0 to 8 claims of a certificate, of amounts of 1 to 10 units of 25.
GROUP_COUNTS = [0.05, 0.10, 0.15, 0.20, 0.25, 0.15, 0.06, 0.03, 0.01]
GROUP_AMOUNTS = [0.150, 0.200, 0.250, 0.125, 0.075, 0.050, 0.050, 0.050, 0.025, 0.025]


@each(["TXT-KPW95"])
def test_a_textbooks_compound_law(case_name: str) -> None:
    """A count by a table: its generating function on the transform of the claims."""
    buckets = 100
    spectrum = Spectrum(buckets)
    z = spectrum.of(np.concatenate([[0.0], GROUP_AMOUNTS]))
    transform = sum(chance_of * z**number for number, chance_of in enumerate(GROUP_COUNTS))
    law = Lattice(step=25.0, pmf=spectrum.back(transform))
    seen = 0
    for name, wanted in cases()[case_name]["quantities"].items():
        value, close = wanted["value"], max(wanted["tol_exact"], 1e-7)
        if match := re.fullmatch(r"E\[\(S-(\d+)\)\+\]", name):
            found = law.mean() - float(law.limited(float(match.group(1))))
        elif wanted.get("lattice"):
            found = law.quantile(wanted["p"])
            assert float(cdf(law, value)) == pytest.approx(wanted["F_at"], abs=1e-9)
            assert float(cdf(law, value - 25)) == pytest.approx(wanted["F_below"], abs=1e-9)
        else:
            found = {"mean (x25)": law.mean(), "sd (x25)": math.sqrt(law.var())}[name]
        assert abs(found - value) <= close, name
        seen += 1
    assert seen == len(cases()[case_name]["quantities"])


def hh_claim(rate: float, cap: float) -> Claim:
    """A headhunting claim of CMP-01 under another rate and cap."""
    data = law_of(spec_of("CMP-01-HH")["sev"])
    return Claim(LAWS["lognormal"].model_validate(data), rate, cap)


@each(["GOAL-01"])
def test_goals_are_roots_of_the_exact_law(case_name: str) -> None:
    """The cap and the rate for a given mean to 1e-9; the cap for a given P95 on steps of 25 yuan, as the file's."""
    wanted = cases()[case_name]["quantities"]
    mean = spec_of("CMP-01-HH")["freq"]["mean"]
    limit, buckets = 25.0 * 2**20, 2**20

    def p95(cap: float) -> float:
        law = compound("poisson", mean, 0.0, hh_claim(0.5, cap), limit=limit, buckets=buckets)
        return law.quantile(0.95) - 16_500_000

    goals = {
        "cap for a mean of 13,500,000 (rate 0.5)": (
            lambda cap: mean * hh_claim(0.5, cap).mean() - 13_500_000,
            (1e5, 1e6),
            1e-6,
        ),
        "rate for a mean of 12,000,000 (cap 500,000)": (
            lambda rate: mean * hh_claim(rate, 500_000).mean() - 12_000_000,
            (0.1, 0.9),
            1e-12,
        ),
        "cap for P95 = 16,500,000 (rate 0.5)": (p95, (3e5, 5e5), 1.0),
    }
    assert set(goals) == set(wanted)
    for name, (miss, (low, high), close) in goals.items():
        root = optimize.brentq(miss, low, high, xtol=close)
        assert abs(root - wanted[name]["value"]) <= max(wanted[name]["tol_exact"], close), name


@each(["CRN-01"])
def test_the_same_draws_make_a_saving_clear(case_name: str, tmp_path: Path) -> None:
    """A cap lowered on the same seed, and on another one: mean and variances of the saving; sees 2 to 5 %."""
    spec = cases()[case_name]["spec"]
    base = spec_of(spec["base"])

    def awards(cap: float, seed: int) -> Sample:
        plan = to_city(base["freq"]["mean"], "poisson", base=drawn(law_of(base["sev"])), loading=assumed(0))
        folder = tmp_path / f"{cap:.0f}"
        path = write_scenario(folder, {"hh": rate_measure(base["sev"] | {"cap": cap})}, {"hh": plan})
        return awarded(run(load_scenario(path), draws=CMP_DRAWS, seed=seed, jobs=2), "hh")

    high, low = (float(cap) for cap in spec["caps"])
    before = awards(high, SEED)
    same, fresh = before - awards(low, SEED), before - awards(low, SEED + 1)
    assert (same >= 0).all() and (fresh < 0).any()
    of_same, of_fresh = variance(same), variance(fresh)
    ratio = of_fresh.value / of_same.value
    # Both variances share the draws of one side: errors that go together add up to less than their sum.
    ratio_se = ratio * (of_fresh.unit_se / of_fresh.value + of_same.unit_se / of_same.value)
    found = {
        "E[D]": moment(same),
        "Var[D] same draws": of_same,
        "Var[D] fresh draws": of_fresh,
        "variance ratio fresh/same": Estimate(ratio, ratio_se),
    }
    wanted = cases()[case_name]["quantities"]
    assert set(found) == set(wanted)
    rounding = HALF_FEN * 2 * base["freq"]["mean"]
    judge(
        verdict(wanted[name], one, CMP_DRAWS, rounding if name == "E[D]" else 0.0)
        for name, one in found.items()
    )


# ------------------------------------------------------------------ certified values, and draws themselves


def right_digits(found: float, wanted: float) -> float:
    """Digits that agree, NIST's log relative error; 15 where all of a double do."""
    return 15.0 if found == wanted else -math.log10(abs(found - wanted) / abs(wanted))


@each(NIST)
def test_certified_mean_and_standard_deviation(case_name: str) -> None:
    """As many right digits as the file asks of a sound implementation."""
    case = cases()[case_name]
    data = case["spec"]["data"]
    if isinstance(data, str):
        assert data == "[1000000.2] + [1000000.1, 1000000.3]*500"
        data = [1000000.2] + [1000000.1, 1000000.3] * 500
    sample = np.array(data)
    assert len(sample) == case["spec"]["n"]
    hard = case_name == "NIST-NumAcc3"
    found = {"mean": (quantiles.mean(sample), 14), "sd": (standard_deviation(sample), 8 if hard else 13)}
    for name, (estimate, digits) in found.items():
        assert right_digits(estimate.value, case["quantities"][name]["value"]) >= digits, name


def even_claims(upper: float) -> Data:
    """Amounts even between 0 and so many million yuan."""
    return {"dist": "uniform", "low": "0元", "high": yuan(upper * MILLION)}


def ishigami(u: Sample, spec: Data) -> Sample:
    x = np.pi * (2 * u - 1)
    return np.asarray(np.sin(x[:, 0]) * (1 + spec["b"] * x[:, 2] ** 4) + spec["a"] * np.sin(x[:, 1]) ** 2)


def sobol_g(u: Sample, spec: Data) -> Sample:
    a = np.array(spec["a"])
    return np.asarray(((np.abs(4 * u - 2) + a) / (1 + a)).prod(axis=1))


def capped_sum(u: Sample, spec: Data) -> Sample:
    return np.minimum(u.sum(axis=1), spec["cap"])


def sobol_quantities(
    function: Callable[[Sample, Data], Sample], spec: Data, inputs: int
) -> dict[str, Estimate]:
    """Every index of a function of uniforms under the file's name for it: S1, ST1, S13."""
    numbers = np.arange(SOBOL_DRAWS)
    sides = [
        np.stack([uniforms(SEED + side, place, numbers, 0) for place in range(inputs)], axis=1)
        for side in (0, 1)
    ]

    def outcome(sides_of: tuple[int, ...]) -> Sample:
        return function(np.stack([sides[side][:, n] for n, side in enumerate(sides_of)], axis=1), spec)

    def changed(group: set[int]) -> Iterator[Sample]:
        """What inputs that go from A to B add, the others of A, and of B."""
        for rest in (0, 1):
            ends = [tuple(side if n in group else rest for n in range(inputs)) for side in (0, 1)]
            yield outcome(ends[1]) - outcome(ends[0])

    whole = np.stack([outcome((side,) * inputs) for side in (0, 1)])
    squares = sobol.spread(whole)
    found = {"mean": moment(whole[0]), "variance": moment(squares)}

    def noted(one: sobol.Index) -> Estimate:
        return Estimate(one.raw, one.standard_error * SOBOL_DRAWS**0.5)

    for n in range(inputs):
        found[f"S{n + 1}"], found[f"ST{n + 1}"] = map(noted, sobol.indices(*changed({n}), squares))
    for n, m in itertools.combinations(range(inputs), 2):
        alone = [sobol.indices(*changed(group), squares)[0] for group in ({n, m}, {n}, {m})]
        error = sum(one.standard_error for one in alone)
        rest = alone[0].raw - alone[1].raw - alone[2].raw
        found[f"S{n + 1}{m + 1}"] = Estimate(rest, error * SOBOL_DRAWS**0.5)
    return found


SOBOL = {"SOB-ISH-7-0.1": (ishigami, 3), "SOB-G8": (sobol_g, 8), "SOB-CAPSUM": (capped_sum, 2)}


@each([name for name in SOBOL if name != "SOB-CAPSUM"])
def test_sobol_indices(case_name: str) -> None:
    """First-order, total and second-order indices of textbook functions, and their variance."""
    judge(wrong_indices(case_name))


def wrong_indices(case_name: str) -> Iterator[str]:
    case = cases()[case_name]
    found = sobol_quantities(*(SOBOL[case_name][0], case["spec"], SOBOL[case_name][1]))
    assert set(case["quantities"]) <= set(found)
    for name, wanted in case["quantities"].items():
        yield verdict(wanted, found[name], SOBOL_DRAWS)


@each(["SOB-CAPSUM"])
def test_a_cap_on_a_sum(case_name: str, tmp_path: Path) -> None:
    """Two even claims under a cap on their sum: mean and variance of a run (sees 1 %), and all indices."""
    judge(wrong_indices(case_name))
    cap = cases()[case_name]["spec"]["cap"] * MILLION
    plan = to_city(2, "fixed", base=drawn(even_claims(1)))
    path = write_scenario(tmp_path, {"sum": rate_measure({"cap": cap}, "agency")}, {"sum": plan})
    sample = awarded(simulate(path, CMP_DRAWS), "sum") / MILLION
    assert (sample == cap / MILLION).any()
    judge(
        verdict(quantity(case_name, name), estimate(sample), CMP_DRAWS, HALF_FEN / MILLION)
        for name, estimate in (("mean", moment), ("variance", variance))
    )


@each(["VR-STRAT-U"])
def test_means_of_uniform_parameters(case_name: str, tmp_path: Path) -> None:
    """Variance of a mean of n draws, independent (sees 10 to 75 %) and in strata (20 %, of a 4,096th)."""
    sizes, slopes, count = (16, 100, 1_024), (1, 2, 3), 2_000 * GROUP
    measures = {f"u{slope}": rate_measure({}) for slope in slopes}
    claims = {
        f"u{slope}": to_city(1, "fixed", base={"unit": "yuan", "scale": assumed(even_claims(slope))})
        for slope in slopes
    }
    scenario = load_scenario(write_scenario(tmp_path, measures, claims))

    def stratified(n: int, weights: tuple[int, ...]) -> float:
        return sum(weight**2 for weight in weights) / (12 * n**3)

    def means(parameters: str, names: tuple[int, ...], n: int) -> Sample:
        result = results[parameters]
        draws = np.sum([awarded(result, f"u{slope}") for slope in names], axis=0) / MILLION
        return np.asarray(draws[: count // n * n].reshape(-1, n).mean(axis=1))

    results = {way: run(scenario, draws=count, seed=SEED, parameters=way) for way in ("crude", "latin")}
    wanted = cases()[case_name]["quantities"]
    known = {f"Var n={n} stratified": stratified(n, (1,)) for n in sizes}
    known["LHS linear n=100, b=(1,2,3)"] = stratified(100, slopes)
    assert {*known, *(f"Var n={n} crude" for n in sizes)} == set(wanted)
    for name, value in known.items():
        assert value == pytest.approx(wanted[name]["value"], rel=1e-12)

    def wrong() -> Iterator[str]:
        for n in sizes:
            of_means = means("crude", (1,), n)
            yield verdict(wanted[f"Var n={n} crude"], variance(of_means), len(of_means))
        for weights in ((1,), slopes):
            of_means = means("latin", weights, GROUP)
            formula = {
                "name": f"b={weights}",
                "value": stratified(GROUP, weights),
                "mc_unit_se": None,
                "ref_abs_err": 0.0,
            }
            yield verdict(formula, variance(of_means), len(of_means))

    judge(wrong())


@each(["CONV-ATRISK"])
def test_draws_that_the_error_of_a_mean_asks_for(case_name: str) -> None:
    """n = (z S / E)**2, from the interval that stands beside a mean."""
    name = "n for the mean, S = 53.5, E = 5"
    sample = np.arange(100.0)
    found = quantiles.mean(sample / sample.std(ddof=1) * 53.5)
    needed = len(sample) * ((found.high - found.low) / 2 / 5) ** 2
    assert needed == pytest.approx(quantity(case_name, name)["value"], rel=1e-12)
    assert math.ceil(needed) == quantity(case_name, name)["published"]


# ------------------------------------------------------------------ the whole file


def test_every_case_is_tried_or_has_a_reason() -> None:
    """No case of the file is left out in silence."""
    tried = {*LEV, *SUMS, "CMP-20-3Y-IND", *MAX, *ANN, *SIZING, *EXACT, *NIST, *SAMPLING}
    assert tried.isdisjoint(NOT_EXPRESSED)
    assert tried | set(NOT_EXPRESSED) == set(cases())
    for name, reason in NOT_EXPRESSED.items():
        print(f"{name}: {reason}")


def test_the_page_of_the_yardstick_says_the_same() -> None:
    """docs/yardstick.md: how many cases pass, those in part, and the reason of each that is none."""
    page = (Path(__file__).parents[1] / "docs" / "yardstick.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `([^`]+)` \| (.+) \|$", page, flags=re.MULTILINE))
    assert rows == PARTLY | NOT_EXPRESSED
    assert f"{len(cases()) - len(NOT_EXPRESSED)} of {len(cases())} cases" in page


def test_the_judge_sees_an_error() -> None:
    """A value that is off by seven standard errors is refused, as is a wrong lattice quantile or skewness."""
    wanted = {"name": "mean", "value": 1.0, "mc_unit_se": 1.0, "ref_abs_err": 0.0}
    assert not verdict(wanted, Estimate(1.0 + (Z - 0.1) / 10), 100)
    assert verdict(wanted, Estimate(1.0 + (Z + 0.1) / 10), 100)
    assert verdict(wanted, Estimate(math.nan), 100)
    lattice = {"name": "P50", "value": 3.0, "p": 0.5, "F_below": 0.4, "F_at": 0.6}
    sample = np.repeat([2.0, 3.0, 4.0], [4_000, 2_000, 4_000])
    assert not lattice_verdict(lattice, sample)
    assert lattice_verdict(lattice, sample + 1)
    exponential = np.random.default_rng(1).exponential(size=200_000)
    found = skewness(exponential)
    assert abs(found.value - 2) < Z * found.unit_se / np.sqrt(len(exponential))
