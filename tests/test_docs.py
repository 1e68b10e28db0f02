"""The documents name commands and files that exist, and both READMEs say the same."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from simkit.cli import application

ROOT = Path(__file__).resolve().parents[1]
READMES = ("README.md", "README.zh-CN.md")
DOCUMENTS = (
    *READMES,
    "CONTRIBUTING.md",
    "CHANGES.md",
    *(f"docs/{name}.md" for name in ("cluster", "exact", "promises", "whatif", "yardstick")),
)
BOOTSTRAP = ("report", "simkit", "test", "setup", "bundle")
#: What a document tells its reader to write, and what a command makes.
MADE = (
    "scenarios/mycity",
    "tests/cases/mycity.yaml",
    "scenarios/ningbo-hr-2023/overlays/headhunting_cap.yaml",
)
OPTIONS_OF_BOOTSTRAP = ("--from", "--platform", "--python-version")


def read(name):
    return (ROOT / name).read_text("utf-8")


def without_output(text):
    """A document without what commands print: of a console block, only the lines that are typed."""

    def typed(block):
        return "\n".join(line[2:] for line in block[1].splitlines() if line.startswith("$ "))

    return re.sub(r"```console[^\n]*\n(.*?)```", typed, text, flags=re.DOTALL)


def commands(name):
    """Lines that a reader types: in code blocks, and in backticks."""
    text = without_output(read(name))
    typed = re.findall(r"^(?: {4,})?((?:python3|py) bootstrap\.py .*|simkit .*)$", text, re.MULTILINE)
    typed += re.findall(r"`((?:(?:python3|py) bootstrap\.py|simkit) [^`…]+)`", text)
    return [line.split("  #")[0].strip() for line in typed if "..." not in line]


def words_of_simkit(line):
    """What stands after `simkit`, or None for a command of bootstrap.py alone."""
    words = shlex.split(line)
    if words[0] == "simkit":
        return words[1:]
    rest = [word for word in words[2:] if word != "--from" and word != "wheels"]
    if rest[0] == "report":
        return ["report", "x.yaml", *rest[1:]]
    return rest[1:] if rest[0] == "simkit" else None


LINES = [(name, line) for name in DOCUMENTS for line in commands(name)]


@pytest.mark.parametrize("name", READMES)
def test_both_commands_of_a_newcomer_are_there(name):
    assert {"python3 bootstrap.py report", "python3 bootstrap.py test"} <= set(commands(name))


@pytest.mark.parametrize(("name", "line"), LINES)
def test_every_command_exists(name, line):
    if "bootstrap.py" in line:
        words = shlex.split(line)[2:]
        assert next(word for word in words if word in BOOTSTRAP)
        known = read("bootstrap.py")
        own = words[: words.index("simkit")] if "simkit" in words else words
        for word in own:
            assert not word.startswith("--") or f'"{word}"' in known or word == "--lang"
    words = words_of_simkit(line)
    if not words:
        return
    group = application("en")
    command = group.commands[words[0]]
    while isinstance(command, click.Group) and words[1:] and "|" not in words:
        words = words[1:]
        command = command.commands[words[0]]
    options = {text for one in command.params if isinstance(one, click.Option) for text in one.opts}
    assert {word for word in words if word.startswith("--")} <= options | {"--help"}
    if len(words) > 1:
        command.make_context(words[0], words[1:])


def paths(name):
    """Files and folders that a document names: targets of links, and what in backticks looks like one."""
    text = without_output(read(name))
    found = set(re.findall(r"\]\(([^)#:]+)\)", text))
    tops = "|".join(re.escape(one.name) for one in ROOT.iterdir() if one.is_dir() and one.name[0] != ".")
    found |= set(re.findall(rf"[`\s]((?:{tops})/[\w./-]*\w/?)", text))
    found |= set(re.findall(r"`([\w.-]+\.(?:md|py|toml|lock|yml))`", text))
    stand_in = re.compile(r"[/.]([A-Z]{2,}|情景)(/|$|\.)")
    return {path for path in found if not path.startswith(MADE) and not stand_in.search(path)}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_file_that_is_named_exists(name):
    examples = {"policy.yaml", "baseline.yaml", "scenario.yaml", "utils.py"}
    missing = [path for path in paths(name) - examples if not (ROOT / path).exists()]
    assert not missing


def test_both_readmes_name_the_same_commands_and_files():
    def plain(name):
        lines = (re.sub(r" --lang \w+$", "", line) for line in commands(name))
        return sorted(set(lines) - {"simkit ...", "simkit"})

    assert plain("README.md") == plain("README.zh-CN.md")
    assert paths("README.md") - {"README.zh-CN.md"} == paths("README.zh-CN.md") - {"README.md"}


@pytest.mark.parametrize("name", READMES)
def test_what_is_to_be_written_is_sound(name, tmp_path, capsys):
    """The what-if of the tour, written as the README says, checked by the command."""
    from simkit.cli import main

    block = re.search(r"```yaml\n(name: headhunting_cap\n.*?)```", read(name), re.DOTALL)
    folder = ROOT / "scenarios" / "ningbo-hr-2023"
    (tmp_path / "overlays").mkdir()
    for file in folder.glob("*.*"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    overlay = tmp_path / "overlays" / "headhunting_cap.yaml"
    overlay.write_text(block[1], "utf-8")
    assert main(["check", str(overlay)]) == 0
    assert "80万元" in capsys.readouterr().out


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_document_names_a_machine_or_a_server(name):
    text = read(name)
    assert not re.search(r"/(root|home|Users|work|tmp)/|[A-Z]:\\Users|https?://|localhost", text)


def test_every_dependency_has_its_reason():
    listed = re.findall(r'^    "([\w-]+)[>=]', read("pyproject.toml"), re.MULTILINE)
    table = read("CONTRIBUTING.md").split("## Dependencies")[1]
    assert len(listed) > 20
    assert [name for name in listed if name not in table] == []


def test_the_measure_of_the_example_is_what_its_case_expects(tmp_path):
    """CONTRIBUTING's new measure, laid on the self-test's policy as it says, is sound but for the digest."""
    from tests.policy.small import find_faults

    text = read("CONTRIBUTING.md")
    toy = ROOT / "simkit" / "cli" / "toy"
    sentence = re.search(r"```text\n(二、.*?\n)```", text)[1]
    measure = re.search(r"```yaml\n(  model_title:\n    name.*?)```", text, re.DOTALL)[1]
    (tmp_path / "policy.zh.txt").write_text((toy / "policy.zh.txt").read_text("utf-8") + sentence, "utf-8")
    (tmp_path / "policy.yaml").write_text((toy / "policy.yaml").read_text("utf-8") + measure, "utf-8")
    (fault,) = find_faults(tmp_path)
    assert fault.path == "document.text.sha256"
    assert str(fault.expected).split(", ")[1] in text and str(fault.found) in text
