"""The commands: what they print in both languages, what they refuse, and how they end."""

from __future__ import annotations

import errno
import json
import os
import pickle
import re
import shutil
import signal
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from click.testing import CliRunner

from simkit.base.errors import Refusal, RunError, TooFewDrawsError
from simkit.base.random import GROUP, PARAMETERS
from simkit.base.words import LANGUAGES, catalogue
from simkit.cli import application, main
from simkit.cli.terminal import fold, width
from simkit.cli.words import language_of
from simkit.report.make.runs import Settings
from simkit.runs.block import from_bytes
from simkit.runs.job import DEFAULT_DRAWS, DEFAULT_SEED
from simkit.runs.loading import load_result
from tests.processes import PATIENCE, started, until

ROOT = Path(__file__).resolve().parents[2]
NINGBO = ROOT / "scenarios" / "ningbo-hr-2023"
TOY = ROOT / "simkit" / "cli" / "toy"
COMMANDS = (
    "check",
    "run",
    "report",
    "compare",
    "sweep",
    "seek",
    "verify",
    "doctor",
    "schema",
    "overlay",
    "drivers",
    "whatif",
    "lab",
    "verify-run",
)


@pytest.fixture
def simkit(capsys):
    """Call `simkit` here; give exit code, what it printed, and what it complained of."""

    def call(*words):
        code = main([str(word) for word in words])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return call


@pytest.fixture
def toy(tmp_path):
    """A copy of the self-test's policy and scenario, to be edited."""
    folder = tmp_path / "toy"
    shutil.copytree(TOY, folder)
    return folder


def edit(file, old, new):
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")


def start(*words, **more):
    """`simkit` as a process of its own, ended in the end."""
    environment = os.environ | {"LC_ALL": "C.UTF-8", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "simkit", *map(str, words)]
    return started(command, env=environment | more.pop("env", {}), **more)


def chinese(text):
    return bool(re.search(r"[\u4e00-\u9fff]", text))


# --- help and language ------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_every_page_of_help_is_in_its_language(command, language):
    words = [command, "--help"] if command else ["--help"]
    result = CliRunner().invoke(application(language), words)
    assert result.exit_code == 0
    assert chinese(result.output) == (language == "zh")
    for name in COMMANDS if not command else ("--lang", "--debug", "--help"):
        assert name in result.output
    assert max(map(width, result.output.splitlines())) <= 100


def test_what_an_error_found_is_told_in_chinese_too():
    error = RunError("error.not_written", path="a.xlsx", reason=OSError(errno.ENOSPC, "no room"))
    assert error.said("zh") == "a.xlsx：无法写入：磁盘空间不足"
    few = TooFewDrawsError(Refusal("quantile", 3, 60, 10, 200, 0.95))
    assert few.said("zh") == "95.0% 分位数只依据 60 次模拟中的 3 次，至少需要 10 次：请至少模拟 200 次"
    assert pickle.loads(pickle.dumps(few)).values == few.values
    assert error.said("en") == str(error)


def test_help_is_quick_and_imports_nothing_heavy():
    """Seen: 0.07 s of the processor; how long the machine makes it wait does not count."""
    code = "import sys, time; from simkit.cli import main; main(['--help']); print(*sys.modules, time.process_time())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8")
    *modules, seconds = done.stdout.split()
    assert float(seconds) < 2
    assert "simkit.cli" in modules
    assert not {"numpy", "numba", "pandas", "pydantic", "scipy"} & set(modules)


@pytest.mark.parametrize(
    ("words", "names", "language"),
    [
        (["run", "--lang", "zh"], {"LC_ALL": "en_US.UTF-8"}, "zh"),
        (["--lang=en", "run"], {"LC_ALL": "zh_CN.UTF-8"}, "en"),
        (["run"], {"LC_ALL": "zh_CN.UTF-8"}, "zh"),
        (["run"], {"LC_MESSAGES": "zh_TW", "LANG": "en_US"}, "zh"),
        (["run"], {"LC_ALL": "C", "LANG": "zh_CN"}, "en"),
        (["run", "--lang", "fr"], {"LANG": "zh_CN.GBK"}, "zh"),
    ],
)
def test_the_language_is_what_is_asked_for_else_the_locale(words, names, language, monkeypatch):
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in names.items():
        monkeypatch.setenv(name, value)
    assert language_of(words) == language


def test_the_defaults_are_those_of_a_run():
    params = {one.name: one.default for one in application("en").commands["run"].params}
    assert (params["draws"], params["seed"]) == (DEFAULT_DRAWS, DEFAULT_SEED)
    assert params["parameters"] == next(iter(PARAMETERS)) == "crude"
    for language in LANGUAGES:
        (one,) = (one for one in application(language).commands["run"].params if one.name == "parameters")
        assert tuple(one.type.words) == tuple(PARAMETERS) and str(GROUP) in one.help


# --- what is refused --------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("command", ["run", "report"])
@pytest.mark.parametrize(
    ("option", "value"),
    [
        *(("--draws", value) for value in ("0", "-5", "1e4", "abc", "", "10000001", "1.5")),
        *(("--draws", value) for value in ("１０", "1_000", "nan")),
        *(("--seed", value) for value in ("-1", "x", str(2**63), "9" * 40)),
        *(("--jobs", value) for value in ("0", "-1", "two", "1025")),
        ("--lang", "fr"),
    ],
)
def test_a_bad_number_is_named_with_its_range(simkit, command, option, value, language):
    words = [command, TOY / "scenario.yaml", option, value]
    code, out, err = simkit(*words, *([] if option == "--lang" else ["--lang", language]))
    assert (code, out) == (2, "")
    assert option in err and repr(value) in err and "--help" in err


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "words",
    [
        ["rum"],
        ["run"],
        ["run", "a.yaml", "b.yaml"],
        ["run", "a.yaml", "--draw", "3"],
        ["run", "a.yaml", "--draws"],
        ["schema", "plan"],
        ["check"],
        ["doctor", "now"],
        [],
    ],
)
def test_a_wrong_command_line_is_told_in_both_languages(simkit, words, language):
    code, out, err = simkit(*words, "--lang", language)
    assert (code, out) == (2, "")
    assert chinese(err) == (language == "zh")
    assert "Traceback" not in err and "simkit" in err


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("words", "near"),
    [
        (["repot", "x.yaml"], "report"),
        (["overlay", "chek"], "check"),
        (["run", "x.yaml", "--draw", "3"], "--draws"),
        (["run", "x.yaml", "--overlya", "o.yaml"], "--overlay"),
        (["schema", "scenaro"], "scenario"),
        (["run", "x.yaml", "--paramters", "latin"], "--parameters"),
        (["rum", "x.yaml"], ""),
        (["lab", "--browser"], ""),
        (["reports"], "report"),
    ],
)
def test_a_slip_is_answered_with_what_was_meant(simkit, words, near, language):
    code, out, err = simkit(*words, "--lang", language)
    asked = {"zh": f"是否想写 {near}？", "en": f"did you mean {near}?"}[language]
    assert (code, out) == (2, "")
    assert asked in err if near else "did you" not in err and "是否" not in err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["check", "x", "--all=yes"], {"en": "--all takes no value", "zh": "--all 后面不带值"}),
        (["run", "x", "--draws"], {"en": "--draws needs a value", "zh": "--draws 后面要有值"}),
        (["run"], {"en": "SCENARIO.yaml is missing", "zh": "缺少 SCENARIO.yaml"}),
        (["run", "a", "b"], {"en": "one argument too many: b", "zh": "多余的参数：b"}),
        (["run", "x", "-z"], {"en": "no option -z", "zh": "没有选项 -z"}),
    ],
)
def test_a_command_line_is_never_answered_in_the_libraries_words(simkit, words, said):
    for language, text in said.items():
        code, _, err = simkit("--lang", language, *words)
        assert code == 2 and text in err and f"simkit {words[0]} --help" in err


@pytest.mark.parametrize("command", ["check", "run"])
def test_files_that_cannot_be_read(simkit, command, toy):
    scenario = toy / "scenario.yaml"
    gbk = toy / "gbk.yaml"
    gbk.write_bytes(scenario.read_text("utf-8").encode("gbk"))
    for file, found in [(toy / "none.yaml", "no such file"), (gbk, "GBK")]:
        folder = ["--out", toy / "out"] if command == "run" else []
        code, out, err = simkit(command, file, "--lang", "en", *folder)
        assert code == 2 and found in out + err and str(file) in out + err
    assert not (toy / "out").exists()


def test_a_folder_is_no_scenario(simkit, toy):
    code, _, err = simkit("run", toy, "--out", toy / "out", "--lang", "en")
    assert code == 2 and "expected a scenario, found a folder (give one of its files: scenario.yaml)" in err
    assert not (toy / "out").exists()


def test_a_results_folder_that_cannot_be_written_is_told_before_the_run(simkit, toy):
    (toy / "taken").write_text("a file")
    for out in ("taken", "taken/below"):
        code, _, err = simkit("run", toy / "scenario.yaml", "--out", toy / out, "--lang", "en")
        assert code == 2 and "--out" in err and "taken" in err


@pytest.mark.parametrize(
    ("content", "place"),
    [
        ("机构名称,主营业态\n甲公司,all\n乙公司,一切\n", "list.csv:3"),
        ("机构名称\n甲公司\n", "list.csv:1"),
        ("", "list.csv"),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_a_list_of_agencies_is_named_by_its_place(simkit, toy, content, place, encoding):
    edit(toy / "scenario.yaml", "population:", "population:\n  roster: list.csv")
    (toy / "list.csv").write_text(content, encoding)
    code, _, err = simkit("run", toy / "scenario.yaml", "--out", toy / "out", "--lang", "en")
    assert code == 2 and "Traceback" not in err
    assert (place if encoding == "utf-8" or not content else "GBK") in err
    assert simkit("check", toy, "--lang", "zh")[0] == 2
    assert not (toy / "out").exists()


def test_a_list_of_agencies_stands_for_those_of_the_start(simkit, toy):
    edit(toy / "scenario.yaml", "population:", "population:\n  roster: list.csv")
    rows = "".join(f"机构{number},all\n" for number in range(10))
    (toy / "list.csv").write_text("机构名称,主营业态\n" + rows, "utf-8")
    code, out, _ = simkit("run", toy / "scenario.yaml", "--draws", "200", "--out", toy / "out")
    assert code == 0 and len(re.findall(r"^2024 .* 4\.00 ", out, re.MULTILINE)) == 2


def test_check_and_run_say_how_many_agencies_were_read_and_that_growth_assumes_others(simkit, toy):
    edit(toy / "scenario.yaml", "population:", "population:\n  roster: list.csv")
    rows = "".join(f"机构{number},all\n" for number in range(60))
    (toy / "list.csv").write_text(f"机构名称,主营业态\n{rows},\n,\n合计,60\n", "utf-8")
    run = ["run", toy / "scenario.yaml", "--draws", "200", "--out", toy / "out"]
    for words in (["check", toy / "scenario.yaml"], run):
        code, out, _ = simkit(*words, "--lang", "zh")
        bare = "".join(out.split())
        assert code == 0 and "机构名录list.csv：读入60家机构；未计入：合计行1行、空行2行。" in bare
        assert "机构名录有60家，而增长假设2023年末为100家，少40%。" in bare
    edit(toy / "scenario.yaml", "mode: trend", "mode: target\n    target: {year: 2024, agencies: 2500}")
    edit(
        toy / "scenario.yaml",
        "population:",
        "confirmed: {population.growth.target.agencies: 试}\npopulation:",
    )
    edit(toy / "scenario.yaml", "entry_rate: {value: 0,", "entry_rate: {value: 50%,")
    code, out, _ = simkit("check", toy / "scenario.yaml", "--lang", "en")
    assert code == 0 and "60 agencies read; left out: rows of totals: 1, blank rows: 2." in out
    assert "aimed at 2,500 at the end of 2024" in out
    edit(toy / "scenario.yaml", "start: {value: 100,", "start: {value: 70,")
    assert "while growth assumes" not in simkit("check", toy / "scenario.yaml", "--lang", "en")[1]


def test_an_overlay_that_does_not_fit(simkit, toy):
    overlay = toy / "overlay.yaml"
    overlay.write_text(
        "name: more\ntitle: {zh: 多, en: more}\nbase: toy\nauthor: me\ndate: 2026-11-22\n"
        "reason: {zh: 试, en: a try}\n"
        "changes: {measures.fee.caps.yearly.amont: 5000元}\n",
        "utf-8",
    )
    words = ["run", toy / "scenario.yaml", "--overlay", overlay, "--out", toy / "out"]
    code, _, err = simkit(*words, "--lang", "en")
    assert code == 2 and "overlay.yaml:7" in err
    assert simkit("check", overlay, "--lang", "zh")[0] == 2
    edit(overlay, "amont", "amount")
    code, out, _ = simkit("check", overlay, "--lang", "zh")
    assert code == 0 and "4000元" in out and "5000元" in out
    edit(overlay, "base: toy", "base: other")
    for language in LANGUAGES:
        code, out, _ = simkit("check", toy, "--lang", language)
        assert code == 2 and "overlay.yaml:3" in out and "'other'" in out


def test_an_unexpected_error_is_one_line_unless_asked_for(simkit, monkeypatch):
    def fail(*_):
        raise ZeroDivisionError("a slip\nwith a second line")

    monkeypatch.setattr("simkit.cli.check.check_path", fail)
    code, _, err = simkit("check", "x", "--lang", "en")
    assert code == 1 and "ZeroDivisionError: a slip" in err and "--debug" in err and "second" not in err
    with pytest.raises(ZeroDivisionError):
        main(["check", "x", "--debug"])


def test_too_little_memory_says_what_to_do(simkit, monkeypatch):
    def fail(*_):
        raise MemoryError

    monkeypatch.setattr("simkit.cli.check.check_path", fail)
    code, _, err = simkit("check", "x", "--lang", "en")
    assert code == 1 and "--draws" in err


# --- check ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sound_policy_shows_its_coverage(simkit, language):
    code, out, err = simkit("check", NINGBO / "policy.yaml", "--all", "--lang", language)
    assert (code, err) == (0, "")
    name = {"zh": "猎头引才奖励", "en": "Headhunting"}[language]
    for word in ("三.1", "headhunting_cap=agency_year", name):
        assert word in out
    assert {"zh": "未建模", "en": "Not modelled"}[language] in out
    table = [line for line in out.splitlines() if "  " in line and not line.startswith(" ")]
    assert max(map(width, table)) <= 140


def test_the_columns_of_the_table_stand_below_each_other(simkit):
    _, out, _ = simkit("check", NINGBO / "policy.yaml", "--all", "--lang", "zh")
    lines = out.splitlines()
    head = next(line for line in lines if line.startswith("措施"))
    column = width(head[: head.index("条款")])
    row = next(line for line in lines if line.startswith("猎头引才奖励"))
    assert width(row[: row.index("三.1")]) == column


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_scenario_is_summed_up(simkit, language):
    code, out, _ = simkit("check", NINGBO / "baseline.yaml", "--lang", language)
    assert code == 0
    assert {"zh": "判断", "en": "judgement"}[language] in out
    assert {"zh": "博士后", "en": "Post-doctoral"}[language] in out


def test_a_folder_is_checked_whole(simkit):
    code, out, _ = simkit("check", NINGBO, "--all", "--lang", "en")
    assert code == 0
    for file in NINGBO.rglob("*.yaml"):
        assert f"{file}: sound" in out


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_read_comes_first_and_fits_a_screen(simkit, language):
    code, out, _ = simkit("check", NINGBO, "--lang", language)
    assert code == 0 and len(out.splitlines()) <= 30 and "--all" in out
    for file in (NINGBO / "policy.yaml", NINGBO / "baseline.yaml", NINGBO / "overlays" / "readings"):
        assert str(file) in out
    said = {
        "zh": ("27 个", "28 项", "1,840 家", "139 项", "博士后"),
        "en": ("27", "28 m", "1,840", "139", "Post-d"),
    }
    for words in said[language]:
        assert words in out


def test_what_is_worth_a_look_is_named(simkit, toy):
    edit(toy / "scenario.yaml", "reliability: judgement", "reliability: recalled")
    overlay = toy / "overlay.yaml"
    text = "name: more\ntitle: {zh: 多, en: more}\nbase: toy\nauthor: me\ndate: 2026-11-22\n"
    text += "reason: {zh: 试, en: a try}\n"
    overlay.write_text(f"{text}changes: {{measures.fee.caps.yearly.amount: 5000元}}\n", "utf-8")
    code, out, _ = simkit("check", toy, "--lang", "en")
    looks = out.split("Worth a look:")[1]
    assert code == 0 and "9 assumptions are recalled" in looks and f"{toy}: 1 overlays written for" in looks


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_faults_of_all_files_come_in_one_pass(simkit, toy, language):
    edit(toy / "policy.yaml", "rate: 50%", "rate: fifty")
    edit(toy / "policy.yaml", "id: toy", "id: toy\ncolour: red")
    edit(toy / "scenario.yaml", "budget_year: 2024", "budget_year: soon")
    code, out, _ = simkit("check", toy, "--lang", language)
    assert code == 2
    rate = (toy / "policy.yaml").read_text("utf-8").split("rate: fifty")[0].count("\n") + 1
    for place in ("policy.yaml:3", f"policy.yaml:{rate}", "scenario.yaml:6"):
        assert place in out
    assert "3" in out.splitlines()[-1] and len(out.splitlines()) == 4
    assert ("应为" in out) == (language == "zh")


def test_a_file_that_is_none_of_them(simkit, tmp_path):
    (tmp_path / "a.yaml").write_text("colour: red\n")
    code, _, err = simkit("check", tmp_path / "a.yaml", "--lang", "en")
    assert code == 2 and "colour" in err
    code, out, _ = simkit("check", tmp_path, "--lang", "en")
    assert code == 0 and "Not looked at" in out
    (tmp_path / "a.yaml").unlink()
    assert simkit("check", tmp_path, "--lang", "en")[0] == 2


# --- run --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_run_prints_a_table_for_a_memo_and_saves_itself(simkit, toy, language):
    words = ["run", toy / "scenario.yaml", "--draws", "200", "--seed", "7", "--out", toy / "out"]
    code, out, _ = simkit(*words, "--lang", language)
    assert code == 0
    (folder,) = (toy / "out" / "toy").iterdir()
    assert folder.name.endswith("-n200-s7") and str(folder) in out
    assert load_result(folder).draws == 200
    assert "\t" not in out
    fund = {"zh": "自检资金", "en": "fund of the self-test"}[language]
    for word in ("2024", "90%", "40.00", "P95", "200", "7", fund):
        assert word in out
    table = [line for line in out.splitlines() if re.match(r"\d{4} .*40\.00", line)]
    assert len(table) == 4 and len(set(map(width, table))) == 1


def test_a_figure_that_too_few_draws_carry_is_left_out_alone(simkit, toy):
    code, out, _ = simkit("run", toy / "scenario.yaml", "--draws", "60", "--out", toy / "out", "--lang", "en")
    assert code == 0
    row = next(line for line in out.splitlines() if line.startswith("2024"))
    assert row.count("40.00") == 3 and row.split()[-2:] == ["-", "-"]
    assert "P95 is not given: it needs at least 200 draws" in out
    code, out, _ = simkit("run", toy / "scenario.yaml", "--draws", "1", "--out", toy / "out", "--lang", "en")
    assert code == 0 and "it needs at least 2 draws" in out


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_stratified_run_says_so_and_is_kept_beside_the_other(simkit, toy, language):
    """And says whether its errors are those of the groups or, for want of groups, wider."""
    words = ["run", toy / "scenario.yaml", "--out", toy / "out", "--lang", language, "--seed", "7"]
    says = {"zh": ("误差由 10 组", "偏大"), "en": ("errors from 10 groups", "errors overstated")}[language]
    for draws, said in ((10 * GROUP, says[0]), (10 * GROUP - 1, says[1])):
        assert simkit(*words, "--draws", draws)[1].count(said) == 0
        code, out, _ = simkit(*words, "--draws", draws, "--parameters", "latin")
        assert code == 0 and said in out.replace("\n", " ")
        names = {folder.name.partition("-")[2] for folder in (toy / "out" / "toy").iterdir()}
        assert {f"n{draws}-s7", f"n{draws}-s7-latin"} <= names
    code, out, err = simkit(*words, "--parameters", "sobol")
    assert (code, out) == (2, "") and "crude" in err and "latin" in err and "sobol" in err


def test_the_same_run_again_takes_its_own_place(simkit, toy):
    words = ["run", toy / "scenario.yaml", "--draws", "20", "--out", toy / "out", "--jobs", "1"]
    assert simkit(*words)[0] == simkit(*words)[0] == 0
    assert len(list((toy / "out" / "toy").iterdir())) == 1


@pytest.mark.skipif(os.name == "nt", reason="a console event, not a signal")
def test_an_interrupt_leaves_whole_blocks_and_nothing_else(tmp_path):
    out = tmp_path / "results" / "here"
    with start("run", NINGBO / "baseline.yaml", "--draws", "400000", "--out", out) as process:
        until(lambda: any(out.rglob("*.block")), "finished block", process)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert b"Stopped" in err and b"Traceback" not in err
    files = [path for path in out.rglob("*") if path.is_file()]
    assert files, "the same command has nothing to go on from"
    for path in files:
        assert path.suffix == ".block" and from_bytes(path.read_bytes()) is not None, path


# --- verify -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_simulation_is_held_against_its_twin(simkit, toy, language):
    code, out, _ = simkit("verify", toy / "scenario.yaml", "--draws", 400, "--lang", language)
    assert code == 0
    assert chinese(out) == (language == "zh")
    assert {"zh": "全部在 5 个标准误以内", "en": "agree within 5 standard errors"}[language] in out
    assert "100.0%" in out


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_simulation_that_is_not_its_twin_fails(simkit, toy, monkeypatch, language):
    from simkit.exact import verify

    real = verify.simulate_path
    monkeypatch.setattr(verify, "simulate_path", lambda *words: real(*words) * 101 // 100)
    code, out, _ = simkit("verify", toy / "scenario.yaml", "--draws", 400, "--lang", language)
    assert code == 1
    assert {"zh": "超出 5 个标准误", "en": "beyond 5 standard errors"}[language] in out
    assert {"zh": "确定值不符", "en": "certain"}[language] in out


def test_every_reason_has_its_words():
    """What the exact side gives as a reason is told in both languages."""
    room = ROOT / "simkit" / "exact"
    keys = {key for file in room.glob("*.py") for key in re.findall(r'"(twin_\w+)"', file.read_text("utf-8"))}
    assert len(keys) >= 9 and {f"cli.{key}" for key in keys} <= set(catalogue("en"))


# --- report, doctor, schema -------------------------------------------------------------------------------


@pytest.fixture
def builds(monkeypatch):
    """The builder of reports, replaced by one that only remembers what it was asked for."""
    from simkit.report.make.batch import Outcome
    from simkit.report.make.build import ReportPaths

    asked = []

    def build(wanted, settings, *, langs, **values):
        asked.append({"wanted": wanted, "settings": settings, "langs": langs, "progress": values["progress"]})
        run = settings.out / "toy" / "run"
        pages = {lang: (run / f"notebooks.{lang}", run / f"pages.{lang}") for lang in langs}
        outputs = {"page": pages, "workbook": {"zh": (run / "tables.xlsx",)}}
        return [Outcome("toy", run=run, paths=ReportPaths(run=run, variants={}, outputs=outputs))]

    monkeypatch.setattr("simkit.cli.report.build_reports", build)
    return asked


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_report_says_where_it_is(simkit, builds, toy, monkeypatch, language):
    monkeypatch.setenv("LC_ALL", {"zh": "zh_CN.UTF-8", "en": "C"}[language])
    monkeypatch.chdir(toy)
    overlay = "name: more\ntitle: {zh: 多, en: more}\nbase: toy\nauthor: me\ndate: 2026-11-22\n"
    overlay += "reason: {zh: 试, en: a try}\nchanges: {population.growth.start.value: 110}\n"
    (toy / "more.yaml").write_text(overlay, "utf-8")
    words = ["report", "scenario.yaml", "--draws", "30", "--seed", "5", "--jobs", "1", "--out", "out"]
    code, out, _ = simkit(*words, "--overlay", "more.yaml")
    assert code == 0
    for name in ("zh", "en"):
        assert os.path.join("out", "toy", "run", f"pages.{name}") in out
    assert "tables.xlsx" in out and chinese(out) == (language == "zh")
    (asked,) = builds
    assert asked["langs"] == ("zh", "en") and asked["progress"] is None
    assert asked["settings"] == Settings(draws=30, seed=5, jobs=1, out=toy / "out", force=False)
    (one,) = asked["wanted"]
    assert one.name == "toy+more" and one.study.overlays == ("more.yaml",)


def test_a_report_in_one_language_when_it_is_asked_for(simkit, builds, toy):
    code, out, _ = simkit("report", toy / "scenario.yaml", "--lang", "zh", "--out", toy / "out")
    assert code == 0 and builds[0]["langs"] == ("zh",) and "pages.en" not in out


def test_a_report_that_fails_leaves_no_empty_folder(simkit, monkeypatch, toy):
    def fail(*_, **__):
        raise RunError("error.kernel_died", notebook="x", cell=3, kept="no luck")

    monkeypatch.setattr("simkit.report.make.runs.run_saved", fail)
    code, _, err = simkit("report", toy / "scenario.yaml", "--out", toy / "out" / "below", "--lang", "en")
    assert code == 1 and "no luck" in err
    assert not (toy / "out").exists()


def test_the_bar_of_a_report_moves_by_what_was_done():
    """A report that is there, or was given up, has done all of its share."""
    from simkit.cli.report import _stepper
    from simkit.report.make.runs import Step

    moved = []
    move = _stepper(moved.append, 100, 500)
    steps = [("run", "a", 40, 100, "x"), ("run", "a", 100, 100, "x"), ("notebook", "b", 1, 4, "x")]
    steps += [("page", "b", 1, 1, "x"), ("run", "a", 30, 100, "y"), ("report", "x", 1, 1, "x")]
    steps += [("report", "y", 1, 1, "y")]
    for step in steps:
        move(Step(*step))
    assert moved == [40, 60, 25, 30, 375, 470] and sum(moved) == 2 * 500


def test_schemas_are_printed(simkit):
    for name in ("policy", "scenario", "overlay"):
        code, out, _ = simkit("schema", name)
        assert code == 0 and json.loads(out)["type"] == "object"


def test_schemas_are_written_to_a_folder(simkit, tmp_path):
    code, out, _ = simkit("schema", "policy", "--out", tmp_path / "new")
    file = tmp_path / "new" / "policy.schema.json"
    assert code == 0 and str(file) in out
    assert "measures" in json.loads(file.read_text("utf-8"))["properties"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_doctor_finds_this_computer_well(simkit, tmp_path, language):
    code, out, _ = simkit("doctor", "--out", tmp_path / "reports", "--lang", language)
    assert code == 0, out
    for word in ("numpy", "SansSC", "Philox", {"zh": "手算", "en": "worked out by hand"}[language]):
        assert word in out
    assert not (tmp_path / "reports").exists()


@pytest.mark.parametrize(
    ("language", "words"), [("zh", "每条命令都要重新编译"), ("en", "compiled anew by each")]
)
def test_the_doctor_says_that_compiled_code_is_not_kept(simkit, monkeypatch, tmp_path, language, words):
    monkeypatch.setattr("simkit.base.compiled.kept_folder", lambda: Path("not ours"))
    code, out, _ = simkit("doctor", "--out", tmp_path, "--lang", language)
    assert code == 0 and words in " ".join(out.split()) and "not ours" in " ".join(out.split())


@pytest.mark.parametrize("broken", ["_PHILOX_KNOWN", "_TOY_FEN", "_TOY", "_NEEDED", "_PACKAGES"])
def test_the_doctor_names_what_fails(simkit, monkeypatch, tmp_path, broken):
    wrong = {
        "_PHILOX_KNOWN": (0, 0, 0, 0),
        "_TOY_FEN": 1,
        "_TOY": Path("none.yaml"),
        "_NEEDED": "\U0001f600",
        "_PACKAGES": ("no-such-package",),
    }
    monkeypatch.setattr(f"simkit.cli.doctor.{broken}", wrong[broken])
    code, out, _ = simkit("doctor", "--out", tmp_path, "--lang", "en")
    assert code == 1 and "FAILS" in out and "fail." in out


# --- terminals --------------------------------------------------------------------------------------------


@pytest.mark.skipif(os.name == "nt", reason="pipes of a POSIX shell")
def test_a_closed_pipe_is_no_failure():
    with start("check", NINGBO / "policy.yaml") as process:
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(timeout=PATIENCE) == 141


@pytest.mark.parametrize("encoding", ["ascii", "gbk", "cp1252"])
def test_a_terminal_of_another_encoding(encoding):
    environment = {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    with start("check", TOY / "policy.yaml", "--lang", "zh", env=environment) as process:
        out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0 and err == b""
    assert encoding != "gbk" or "政策文本" in out.decode("gbk")


def test_text_is_folded_by_columns_and_loses_nothing():
    text = "给予猎头费50%最高50万元奖励，并按 headhunting_cap=agency_year 解读。" * 3
    for size in (6, 10, 24, 60):
        lines = fold(text, size)
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")
        assert max(map(width, lines)) <= size + 2  # closing punctuation may hang over by one character
        assert not any(unicodedata.category(line[0]) == "Pe" or line[0] in "，。" for line in lines)
