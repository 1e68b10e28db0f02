"""The report as a whole: every section in order, the same numbers in both languages, nothing half-written."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from simkit.base.errors import FaultsError, InputError, RunError
from simkit.base.words import catalogue
from simkit.report.annexes.template import TEMPLATE
from simkit.report.make import record
from simkit.report.make.build import ReportPaths
from simkit.report.make.outputs import Making
from simkit.report.make.runs import Step, variant_changes
from simkit.report.papers.web_page import network_addresses
from simkit.report.tables.opening import banners, running_head
from simkit.report.tables.saved import Saved
from simkit.runs import versions
from simkit.runs.simulate import run
from simkit.scenario import load_scenario
from tests.folders import file_names
from tests.notebook_here import notebooks_run_here
from tests.processes import completed
from tests.report.batch_inputs import SHOW, build_report, overlay, scenarios, small_making

#: The order in which the report answers.
SECTIONS = (
    "headline",
    "by_year",
    "confidence",
    "fan",
    "waterfall",
    "measures",
    "caps",
    "no_duplication",
    "uncertain",
    "growth",
    "common_factor",
    "sanity",
    "assumptions",
    "reproduce",
)
ROOT = Path(__file__).parents[3]
NINGBO = ROOT / "scenarios" / "ningbo-hr-2023"
BASELINE = NINGBO / "baseline.yaml"
#: Enough for the tail shares at 95 %, too few for P99: both paths of a table are walked.
DRAWS = 640


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> tuple[ReportPaths, list[Step]]:
    """The baseline's report, with few draws."""
    steps: list[Step] = []
    out = tmp_path_factory.mktemp("reports")
    return build_report(BASELINE, draws=DRAWS, seed=7, jobs=2, out=out, progress=steps.append), steps


def page(report: tuple[ReportPaths, list[Step]], lang: str) -> str:
    """The text of a page."""
    return report[0].pages[lang].read_text(encoding="utf-8")


def test_all_files_are_there_and_nothing_else(report: tuple[ReportPaths, list[Step]]) -> None:
    paths, steps = report
    there = set(file_names(paths.run))
    assert there >= {
        "budget_report.zh.ipynb",
        "budget_report.en.ipynb",
        "budget_report.zh.html",
        "budget_report.en.html",
        *(f"annexes.{lang}.{kind}" for lang in ("zh", "en") for kind in ("html", "docx", "xlsx", "pdf")),
        "tables.xlsx",
        "tables.en.xlsx",
        "manifest.json",
    }
    assert not [name for name in there if name.startswith(".") or "failed" in name]
    assert set(paths.variants) == {"independence", "trend", "central", "chance"}
    assert all((folder / "manifest.json").exists() for folder in paths.variants.values())
    for kind, count in (
        ("run", 5),
        ("notebook", 2),
        ("paper", 2),
        ("page", 2),
        ("annexes", 2),
        ("workbook", 2),
    ):
        done = [step for step in steps if step.kind == kind and step.done == step.total]
        assert len(done) == count, kind


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_section_stands_in_its_order(report: tuple[ReportPaths, list[Step]], lang: str) -> None:
    found = re.findall(r'<h2 id="([^"]+)">([^<]+)</h2>', page(report, lang))
    assert [name for name, _ in found] == list(SECTIONS)
    assert [words for _, words in found] == [catalogue(lang)[f"page.heading.{name}"] for name in SECTIONS]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_page_asks_for_nothing_and_is_not_large(report: tuple[ReportPaths, list[Step]], lang: str) -> None:
    text = page(report, lang)
    assert network_addresses(text) == []
    assert f'<html lang="{"zh-CN" if lang == "zh" else "en"}">' in text
    assert len(text.encode()) < 3_000_000
    assert "import " not in re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL)  # code is hidden
    assert str(report[0].run) not in text
    assert text.count('class="picture"') == 9


def test_the_headline_stands_on_top_with_fund_year_and_confidence(
    report: tuple[ReportPaths, list[Step]],
) -> None:
    top = page(report, "zh").split("<h2 ")[0]
    box = re.search(r'<div class="lead">(.*?)</div>', top, re.DOTALL)
    assert box is not None
    for words in ("人力资源服务业专项经费", "2024年度", "90%", "万元", "95%区间"):
        assert words in box.group(1)
    assert "宁波市" in top and "事前测算" in top and "未公开" in top
    assert 'class="warn"' not in top  # the baseline assumes no renewal, overlay or appropriation


def test_both_languages_print_the_same_numbers(report: tuple[ReportPaths, list[Step]]) -> None:
    pages = [page(report, lang) for lang in ("zh", "en")]
    cells = [re.findall(r'<td class="n(?: na)?">([-+\d][^<]*)</td>', text) for text in pages]
    assert cells[0] == cells[1] and len(cells[0]) > 500
    amounts = [re.search(r'<p class="amount">([\d,.]+)', text).group(1) for text in pages]  # type: ignore[union-attr]
    assert amounts[0] == amounts[1]
    assert amounts[0] in cells[0]


def test_the_notebooks_are_kept_with_their_outputs(report: tuple[ReportPaths, list[Step]]) -> None:
    for path, _ in report[0].outputs["page"].values():
        node = json.loads(path.read_text(encoding="utf-8"))
        kinds = {output["output_type"] for cell in node["cells"] for output in cell.get("outputs", [])}
        assert kinds == {"display_data"}


# ---------------------------------------------------------------------- a small notebook in its place


def built(folder: Path, making: Making, **changes: Any) -> ReportPaths:
    """A report of a small scenario in the folder with very few draws, its notebook executed here."""
    scenario = folder / "in" / "one.yaml"
    if not scenario.exists():
        scenarios(folder / "in", "one")
    given: dict[str, Any] = {"draws": 20, "seed": 1, "jobs": 1, "out": folder / "reports", "langs": ("zh",)}
    with notebooks_run_here():
        return build_report(scenario, making=making, **(given | changes))


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with such a report, made once."""
    folder = tmp_path_factory.mktemp("small")
    assert not built(folder, small_making(folder, SHOW)).unchanged
    return folder


@pytest.fixture
def kept(small: Path, tmp_path: Path) -> tuple[Making, ReportPaths]:
    """A copy of it in `tmp_path`, to which nothing is to do."""
    shutil.copytree(small, tmp_path, dirs_exist_ok=True)
    making = small_making(tmp_path, SHOW)
    first = built(tmp_path, making)
    assert first.unchanged
    return making, first


def test_a_failing_notebook_is_kept_and_the_old_page_stays(tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"small\.ipynb: cell \d: ZeroDivisionError"):
        built(tmp_path, small_making(tmp_path, SHOW, "1 / 0"), langs=("zh", "en"))
    (folder,) = (tmp_path / "reports" / "one").iterdir()
    there = file_names(folder)
    assert "budget_report.zh.failed.ipynb" in there or "budget_report.en.failed.ipynb" in there
    assert not [
        name for name in there if name.startswith(".") or name in ("budget_report.zh.html", "report.json")
    ]


def test_an_interrupt_leaves_no_half_page(tmp_path: Path) -> None:
    def stop(step: Step) -> None:
        if step.kind == "notebook":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        built(tmp_path, small_making(tmp_path, SHOW), progress=stop)
    (folder,) = (tmp_path / "reports" / "one").iterdir()
    assert not [path.name for path in folder.iterdir() if "budget_report" in path.name]


def test_the_same_inputs_and_code_are_not_run_again(
    kept: tuple[Making, ReportPaths], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What git says of the checkout is no matter: the sources are."""
    making, first = kept
    with monkeypatch.context() as patched:
        patched.setattr(versions, "_checkout", lambda: ("", False))
        again = built(tmp_path, making)
    assert again.reused and again.unchanged and again.outputs == first.outputs
    assert not built(tmp_path, making, seed=2).reused
    for place in ("simkit.runs.store.figures_digest", "simkit.runs.versions.figures_digest"):
        monkeypatch.setattr(place, lambda: "other sources")
    assert not built(tmp_path, making).reused
    assert built(tmp_path, making).reused


def test_a_torn_run_is_made_again_beside_it(kept: tuple[Making, ReportPaths], tmp_path: Path) -> None:
    making, first = kept
    whole = (first.run / "draws.npz").read_bytes()
    (first.run / "draws.npz").write_bytes(whole[:-9])
    again = built(tmp_path, making)
    assert not again.reused and again.run == first.run.with_name(f"{first.run.name}.2")
    assert (again.run / "draws.npz").read_bytes() == whole
    assert (first.run / "draws.npz").read_bytes() == whole[:-9]  # who tore it, is not known
    assert built(tmp_path, making).unchanged


@pytest.mark.parametrize("what", ["output", "gone", "record", "notebook", "template", "sources", "answer"])
def test_files_are_written_again_when_what_they_are_made_from_changed(
    kept: tuple[Making, ReportPaths], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """Each by itself; the runs stay as they are, and after it nothing is to do again."""
    making, first = kept
    manifest = json.loads((first.run / "manifest.json").read_text("utf-8"))
    answer = {"kind": "drivers", "answer": {"origin": {"digests": manifest["digests"]}}}
    template = tmp_path / "annexes.yaml"
    template.write_bytes(TEMPLATE.read_bytes() + b"# ours\n")
    if what == "output":
        first.pages["zh"].write_text("another", encoding="utf-8")
    elif what == "gone":
        first.outputs["workbook"]["zh"][0].unlink()
    elif what == "record":
        (first.run / "report.json").write_text("{", encoding="utf-8")
    elif what == "notebook":
        making = small_making(tmp_path, SHOW, "x = 1")
    elif what == "template":
        making = replace(making, template=template)
    elif what == "sources":
        monkeypatch.setattr(record, "_sources_digest", lambda: "other sources")
    elif what == "answer":
        (first.run.parent / "drivers-1-n1-s1.json").write_text(json.dumps(answer), encoding="utf-8")
    again = built(tmp_path, making)
    assert again.reused and not again.unchanged
    assert built(tmp_path, making).unchanged


def test_an_answer_about_something_else_changes_nothing(
    kept: tuple[Making, ReportPaths], tmp_path: Path
) -> None:
    making, first = kept
    answer = {"kind": "drivers", "answer": {"origin": {"digests": {"policy": "another"}}}}
    (first.run.parent / "drivers-1-n1-s1.json").write_text(json.dumps(answer), encoding="utf-8")
    assert built(tmp_path, making).unchanged


def test_another_language_is_added_to_the_first(kept: tuple[Making, ReportPaths], tmp_path: Path) -> None:
    making, first = kept
    before = first.pages["zh"].stat().st_mtime_ns
    assert not built(tmp_path, making, langs=("en",)).unchanged
    assert built(tmp_path, making, langs=("zh", "en")).unchanged
    assert first.pages["zh"].stat().st_mtime_ns == before


def test_a_run_with_overlays_has_its_baseline_beside_it(tmp_path: Path) -> None:
    """On the same seed and draws; the baseline's own report finds it there."""
    making = small_making(tmp_path, SHOW)
    folder = scenarios(tmp_path / "in", "one")
    more = overlay(folder, "more", "one")
    options: dict[str, Any] = {"draws": 30, "seed": 4, "langs": ("en",)}
    found = built(tmp_path, making, overlays=[more], **options)
    assert found.base is not None
    saved = Saved(run=found.run, variants=dict(found.variants), base=found.base)
    assert saved.baseline is not None and saved.baseline.scenario.name == "one"
    assert (saved.baseline.seed, saved.baseline.draws) == (4, 30)
    alone = built(tmp_path, making, **options)
    assert alone.run == found.base and alone.base is None
    made = json.loads((found.run / "report.json").read_text("utf-8"))["made_from"]["runs"]
    assert any(name.startswith("../../one/") for name in made)


def test_languages_and_notebook_are_checked_before_anything_runs(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="langs"):
        built(tmp_path, small_making(tmp_path, SHOW), langs=("fr",))
    with pytest.raises(InputError, match="langs"):
        built(tmp_path, small_making(tmp_path, SHOW), langs=())
    with pytest.raises(InputError, match="no such file"):
        built(tmp_path, Making(notebook=tmp_path / "none.ipynb"))
    with pytest.raises(FaultsError, match=r"none\.yaml"):
        built(tmp_path, replace(small_making(tmp_path, SHOW), template=tmp_path / "none.yaml"))
    assert not (tmp_path / "reports").exists()


# ---------------------------------------------------------------------- variants and banners


def test_variants_change_what_they_say() -> None:
    scenario = load_scenario(BASELINE)
    changes = variant_changes(scenario)
    assert list(changes) == ["independence", "trend", "central", "chance"]
    assert load_scenario(BASELINE, changes=changes["independence"]).plan.factor.cv.value.mean() == 0
    trend = load_scenario(BASELINE, changes=changes["trend"]).plan.population.growth
    assert trend.mode == "trend" and trend.target is None
    from simkit.scenario import uncertain

    assert not uncertain(load_scenario(BASELINE, changes=changes["central"]))
    chance = load_scenario(BASELINE, changes=changes["chance"])
    assert not uncertain(chance)
    assert chance.plan.factor.cv.value.mean() == 0
    assert chance.plan.factor.activity_sd is not None and chance.plan.factor.activity_sd.value.mean() == 0
    assert chance.plan.population.growth.shock_sd is not None
    assert chance.plan.population.growth.shock_sd.value.mean() == 0


def test_no_trend_where_nothing_is_aimed_at() -> None:
    changes = {"population.growth.mode": "trend", "population.growth.target": None}
    assert "trend" not in variant_changes(load_scenario(BASELINE, changes=changes))


def test_an_assumed_renewal_stands_on_top_and_on_every_printed_page() -> None:
    result = run(load_scenario(NINGBO / "successor.yaml"), draws=5, jobs=1)
    assert any("2029-04-11" in banner and "延续" in banner for banner in banners(result, "zh"))
    assert any("2029-04-11" in banner and "renewal" in banner for banner in banners(result, "en"))
    assert "2029-04-11" in running_head(result, "zh")


def test_overlays_and_invented_appropriations_stand_on_top() -> None:
    result = run(load_scenario(BASELINE, [NINGBO / "overlays" / "fund_envelope.yaml"]), draws=5, jobs=1)
    found = "\n".join(banners(result, "zh"))
    assert "baseline+fund_envelope" in found and "appropriations" in found and "虚构" in found
    assert "演示" in running_head(result, "zh")


def test_the_baseline_has_no_banner() -> None:
    assert banners(run(load_scenario(BASELINE), draws=5, jobs=1), "zh") == []


# ---------------------------------------------------------------------- in a browser


@pytest.mark.browser
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_page_renders_in_chromium_without_network(
    report: tuple[ReportPaths, list[Step]], tmp_path: Path, lang: str
) -> None:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail("no Chromium: apt-get install chromium")
        pytest.skip("no Chromium")
    flags = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
    ]
    flags += [f"--user-data-dir={tmp_path / 'profile'}", "--host-resolver-rules=MAP * ~NOTFOUND"]
    flags += ["--proxy-server=127.0.0.1:9", "--enable-logging=stderr", "--v=0", "--window-size=1300,2400"]
    picture = tmp_path / "page.png"
    address = report[0].pages[lang].as_uri()

    def show(*more: str) -> subprocess.CompletedProcess[str]:
        return completed(
            [chromium, *flags, *more, address],
            text=True,
            encoding="utf-8",
        )

    dumped = show("--dump-dom")
    assert list(re.findall(r"<h2 id=.([^\x22]+)", dumped.stdout)) == list(SECTIONS)
    assert "CONSOLE" not in dumped.stderr
    shot = show(f"--screenshot={picture}")
    assert "CONSOLE" not in shot.stderr
    from matplotlib.image import imread

    pixels = imread(picture)[..., :3]
    ink = (pixels.min(axis=2) < 0.5).mean()
    assert 0.005 < ink < 0.4  # letters on a mostly white page


@pytest.mark.parametrize(
    "room", ["report/papers/web_page.py", "sizing/estimate.py", "base/visible.py", "scenario/horizon.py"]
)
def test_what_a_report_passes_through_is_in_the_digest_of_its_sources(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, room: str
) -> None:
    """What refuses a figure and what shows hidden characters say as much of a page as what lays it out."""
    package = tmp_path / "simkit"
    for name in (room, "cli/words.py"):
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_text("1\n", encoding="utf-8")
    monkeypatch.setattr(record, "_PACKAGE", package)
    digest = record._sources_digest.__wrapped__
    before = digest()
    (package / "cli" / "words.py").write_text("2\n", encoding="utf-8")
    assert digest() == before
    (package / room).write_text("2\n", encoding="utf-8")
    assert digest() != before
