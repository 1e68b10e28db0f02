"""`simkit lab`: this computer alone, only with the token, ended whole; and the sliders in a real Chromium."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pytest
from playwright.sync_api import Locator, Page, expect

import simkit
from simkit.base.money import format_wan
from simkit.cli import lab, main
from simkit.face.card import Shown
from simkit.report.make.notebooks import read_notebook
from simkit.scenario import load_scenario
from simkit.whatif.compare import compare_kept
from simkit.whatif.comparison import Comparison
from simkit.whatif.kept.claims import KeptClaims, keep_claims
from simkit.whatif.live.figures import Slider, sliders_of
from tests.browser import Watched
from tests.processes import PATIENCE, alive, children, started, until

ROOT = Path(__file__).resolve().parents[2]
NINGBO = ROOT / "scenarios" / "ningbo-hr-2023"
DRAWS, SEED = 200, 7
#: Reports, in the server and its kernels, every address that Python asks for or connects to.
_AUDIT = """
import os, sys
def heard(event, words):
    if event in ("socket.connect", "socket.sendto"):
        told = words[1]
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        told = words[0]
    else:
        return
    with open(os.environ["SIMKIT_TEST_AUDIT"], "a") as file:
        print(repr(told), file=file)
sys.addaudithook(heard)
"""
#: voila brings an older JupyterLab than the widgets were built against, and says so; it works.
_VOILA_SAYS = re.compile(r"(Unsatisfied|No satisfying) version")


@dataclass
class Served:
    """A running `simkit lab`.

    Attributes
    ----------
    home : Path
        What it takes for the user's home.
    scenario : Path
        What its notebook asks for.
    audit : Path
        Addresses that it and its kernels asked for.
    """

    process: subprocess.Popen[str]
    address: str
    said: str
    home: Path
    scenario: Path
    audit: Path

    @property
    def root(self) -> str:
        return self.address.split("/", 3)[0] + "//" + self.address.split("/", 3)[2]

    @property
    def token(self) -> str:
        return self.address.rpartition("token=")[2]

    def ask(self, path: str, method: str = "GET", *, token: bool = False, **headers: str) -> tuple[int, str]:
        """Status and text of an answer; a redirect is one too."""
        if token:
            headers["Authorization"] = f"token {self.token}"
        request = urllib.request.Request(self.root + path, method=method, headers=headers)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect)
        try:
            with opener.open(request, timeout=PATIENCE) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.headers.get("Location", "")

    def end(self, how: signal.Signals = signal.SIGINT) -> tuple[int, str, str]:
        """End it; exit code and what it printed."""
        self.process.send_signal(how)
        out, err = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, self.said + out, err


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_words: Any) -> None:
        return None


@contextmanager
def served(folder: Path, *words: str) -> Iterator[Served]:
    """Start it in a folder with a small notebook, and end it by its process number."""
    city, home, audit = folder / "city", folder / "home", folder / "audit"
    shutil.copytree(NINGBO, city, ignore=shutil.ignore_patterns("overlays"))
    for new in (home, folder / "tmp", folder / "hooks"):
        new.mkdir()
    (folder / "hooks" / "sitecustomize.py").write_text(_AUDIT)
    write_notebook(folder / "notebooks", city / "baseline.yaml")
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join([str(folder / "hooks"), str(ROOT)]),
        "SIMKIT_TEST_AUDIT": str(audit),
        "PYTHONUNBUFFERED": "1",
        "LC_ALL": "C.UTF-8",
        "HOME": str(home),
        "TMPDIR": str(folder / "tmp"),
        # What is compiled, and fonts that are known, are found again.
        "XDG_CACHE_HOME": os.environ.get("XDG_CACHE_HOME", str(Path.home() / ".cache")),
        "JUPYTER_TOKEN": "",
        "JUPYTER_PATH": str(folder / "foreign"),
    }
    command = [sys.executable, "-m", "simkit", "lab", "--no-browser", *words]
    with started(command, cwd=folder, env=environment, text=True) as process:
        assert process.stdout is not None
        said = ""
        while not said.rstrip().endswith(("Ctrl-C ends it.", "Ctrl-C 结束。")):
            line = process.stdout.readline()
            assert line, process.stderr and process.stderr.read()
            said += line
        address = re.search(r"http\S+", said)
        assert address is not None
        running = Served(process, address[0], said, home, city / "baseline.yaml", audit)
        yield running
        if process.poll() is None:
            running.end()


def write_notebook(folder: Path, scenario: Path) -> None:
    node = read_notebook(ROOT / "notebooks" / lab.NOTEBOOK)
    node.cells[0].source = f'scenario = {str(scenario)!r}\ndraws = {DRAWS}\nseed = {SEED}\nlang = ""'
    folder.mkdir()
    (folder / lab.NOTEBOOK).write_text(json.dumps(node), encoding="utf-8")


@pytest.fixture(scope="module")
def chinese(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """JupyterLab, as it starts without a word."""
    with served(tmp_path_factory.mktemp("lab")) as running:
        yield running


@pytest.fixture(scope="module")
def english(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The page without code, in English."""
    with served(tmp_path_factory.mktemp("page"), "--page", "--lang", "en") as running:
        yield running


@pytest.fixture(scope="module")
def kept() -> KeptClaims:
    return keep_claims(load_scenario(NINGBO / "baseline.yaml"), draws=DRAWS, seed=SEED)


# ---------------------------------------------------------------------- who gets in


@pytest.mark.parametrize("which", ["chinese", "english"])
def test_nobody_gets_in_without_the_token(which: str, request: pytest.FixtureRequest) -> None:
    server: Served = request.getfixturevalue(which)
    page = server.address.removeprefix(server.root).partition("?")[0]
    assert len(server.token) >= 40
    status, where = server.ask(page)
    assert (status, where.partition("?")[0]) == (302, "/login")
    for path in ("/api/contents", "/api/kernels", "/api/sessions", "/api/status", "/files/sliders.ipynb"):
        assert server.ask(path)[0] in (302, 403), path
    for path in ("/api/kernels", "/api/sessions"):
        assert server.ask(path, "POST")[0] == 403, path
    kernel = "/api/kernels/00000000-0000-0000-0000-000000000000/channels"
    upgrade = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13"}
    assert server.ask(kernel, **upgrade, **{"Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA=="})[0] == 403
    for wrong in ("", "x", server.token[:-1]):
        assert server.ask("/api/contents", Authorization=f"token {wrong}")[0] == 403
    assert server.ask("/api/contents", token=True)[0] == 200
    # A page elsewhere whose name was made to mean this computer.
    assert server.ask("/api/contents", token=True, Host="evil.example")[0] == 403


@pytest.mark.parametrize("which", ["chinese", "english"])
def test_only_this_computer_is_listened_to(which: str, request: pytest.FixtureRequest) -> None:
    server: Served = request.getfixturevalue(which)
    port = int(server.root.rpartition(":")[2])
    listening = []
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            local, state = line.split()[1], line.split()[3]
            if state == "0A" and int(local.rpartition(":")[2], 16) == port:
                listening.append(local.rpartition(":")[0])
    assert listening == ["0100007F"]


def test_no_list_of_processes_shows_the_token(chinese: Served, english: Served) -> None:
    assert chinese.token != english.token
    for server in (chinese, english):
        for one in [server.process.pid, *children(server.process.pid)]:
            for part in ("cmdline", "environ"):
                assert server.token.encode() not in Path(f"/proc/{one}/{part}").read_bytes()


def test_what_it_says(chinese: Served, english: Served) -> None:
    assert "JupyterLab" in english.said or "The page is at" in english.said
    assert chinese.address.startswith("http://127.0.0.1:") and "/lab/tree/sliders.ipynb?" in chinese.address
    assert "/voila/render/sliders.ipynb?" in english.address


# ---------------------------------------------------------------------- how it ends


def test_it_ends_while_a_page_is_being_made(tmp_path: Path) -> None:
    """What waits for a kernel's answer then must not keep the process alive."""
    with served(tmp_path, "--page") as server:
        path = server.address.removeprefix(server.root)
        asking = socket.create_connection(("127.0.0.1", int(server.root.rpartition(":")[2])))
        words = f"GET {path} HTTP/1.1\r\nHost: {server.root.partition('//')[2]}\r\n\r\n"
        asking.sendall(words.encode())
        until(lambda: children(server.process.pid), "kernel", server.process)
        begun = children(server.process.pid)
        code, out, err = server.end()
        asking.close()
    assert code == 0 and "Traceback" not in out + err
    until(lambda: not any(map(alive, begun)), "end of the kernel")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_port_in_use_is_said(capsys: pytest.CaptureFixture[str], language: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["lab", "--no-browser", "--port", str(port), "--lang", language]) == 2
    said = capsys.readouterr().err
    assert str(port) in said and ("空闲端口" in said) == (language == "zh") and "Traceback" not in said


def test_without_a_port_the_next_free_one_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        first = taken.getsockname()[1]
        monkeypatch.setattr(lab, "_FIRST_PORT", first)
        assert first < lab._port(None) < first + lab._PORTS


def test_a_page_needs_voila_and_the_notebook(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(lab, "find_spec", lambda _name: None)
    assert main(["lab", "--page", "--lang", "zh"]) == 2
    assert "需要安装 voila" in capsys.readouterr().err
    monkeypatch.setattr(lab, "NOTEBOOKS", tmp_path / "none")
    assert main(["lab", "--page", "--lang", "zh"]) == 2
    assert f"{tmp_path / lab.NOTEBOOK}：应为带滑块的 notebook" in capsys.readouterr().err
    # Without a checkout, JupyterLab still opens where the user stands.
    assert lab._folder() == tmp_path.resolve() and lab._address(tmp_path, False) == "/lab"


# ---------------------------------------------------------------------- in a real Chromium


def expected(kept: KeptClaims, changes: dict[str, str | int]) -> Comparison:
    """The same change by the way of `simkit compare`."""
    return compare_kept(kept, load_scenario(NINGBO / "baseline.yaml", changes=changes))


def assert_shown(page: Page, found: Comparison, slider: Slider) -> None:
    """Every figure of the table and both headlines are those of a comparison."""
    rows = page.locator(".simkit-answer tbody tr").all()
    lines = [one for one in found.lines if one.by == "special_year"]
    lines += [found.line("special_total"), found.line("total")]
    lines += [one for one in found.lines if one.by == "measure" and one.year is None]
    assert len(rows) == len(lines) > 6
    for row, line in zip(rows, lines, strict=True):
        numbers = row.locator("td.n").all_inner_texts()
        asked = (line.before, line.after, line.difference, line.difference_error)
        told = ["—" if one is None else format_wan(one) for one in asked]  # too few draws tell no error
        assert numbers == told, (slider.path, line.by)
    assert found.headline is not None
    need = page.locator(".simkit-answer .need .amount").inner_text()
    assert need.startswith(f"{format_wan(found.headline.before)} → {format_wan(found.headline.after)}"), (
        slider.path
    )


def fields(page: Page) -> list[Locator]:
    """Sliders that can be seen, without the budget line."""
    return [one for one in page.locator(".simkit-field:not(.budget)").all() if one.is_visible()]


def move_each(page: Page, kept: KeptClaims) -> int:
    """Move every slider of the open group by the keyboard, read the page, and put it back."""
    for field in page.locator(".simkit-field.budget").all() + fields(page):
        box = field.bounding_box()
        assert box is not None and box["height"] > 40 and box["width"] > 250, field.inner_text()
    sliders = {one.path.replace(".", "-"): one for one in sliders_of(kept)}
    for field in fields(page):
        slider = next(
            sliders[name] for name in (field.get_attribute("class") or "").split() if name in sliders
        )
        handle, typed = field.locator("[role=slider]"), field.locator("input")
        handle.focus()
        for key in ("ArrowLeft", "ArrowLeft", "ArrowRight", "ArrowLeft"):
            handle.press(key)
        value = slider.value - 2 * slider.step
        expect(typed).to_have_value(f"{value:g}")
        changes = {slider.path: slider.written(value)}
        expect(page.locator(".simkit-answer .changes li")).to_have_text(
            re.compile(f"→ {re.escape(str(changes[slider.path]))}$")
        )
        assert_shown(page, expected(kept, changes), slider)
        typed.fill(f"{slider.value:g}")
        typed.press("Enter")
        expect(page.locator(".simkit-answer .changes")).to_have_count(0)
    return len(fields(page))


def assert_stayed_here(server: Served, seen: Watched) -> None:
    """No request left this computer: not the page's, not the server's, not the kernel's."""
    own = tuple(f"{scheme}://{server.root.partition('//')[2]}/" for scheme in ("http", "ws"))
    assert [one for one in seen.requests if not one.startswith((*own, "data:", "blob:"))] == []
    assert [one for one in seen.requests if "/api/news" in one or "/api/update" in one] == []
    asked = set(server.audit.read_text().split("\n")) if server.audit.exists() else set()
    away = [one for one in asked if one and "127.0.0.1" not in one and "localhost" not in one]
    assert away == []


@pytest.mark.browser
def test_sliders_in_jupyterlab(
    chinese: Served, chromium_page: Callable[..., Watched], kept: KeptClaims
) -> None:
    seen = chromium_page(width=1500, height=1000)
    page = seen.page
    page.goto(chinese.address)
    expect(page.locator(".jp-CodeCell").first).to_be_visible()
    menus = page.locator(".lm-MenuBar-itemLabel")
    expect(menus.first).to_have_text("文件")
    assert menus.all_inner_texts() == ["文件", "编辑", "查看", "运行", "内核", "标签页", "设置", "帮助"]
    # What is asked of a kernel before it is there is asked in vain.
    expect(page.get_by_role("button", name="Python 3 (ipykernel) | 空闲")).to_be_visible()
    page.locator(".jp-CodeCell").first.click()
    menus.filter(has_text="运行").click()
    page.get_by_role("menuitem", name="运行所有单元格", exact=True).first.click()
    expect(page.locator(".simkit-answer")).to_be_visible()
    expect(page.locator(".simkit-live h2")).to_contain_text("政策调整即时测算")
    assert page.locator(".simkit-answer img").evaluate("one => one.complete && one.naturalWidth > 600")
    assert move_each(page, kept) == 8
    # No toast: neither news nor updates are asked about.
    assert page.locator(".Toastify__toast").count() == 0
    assert seen.complaints == []
    assert_stayed_here(chinese, seen)


@pytest.mark.browser
def test_cards_in_jupyterlab(tmp_path: Path, chromium_page: Callable[..., Watched]) -> None:
    """In a notebook that nobody has trusted yet: each fits half a screen, asks for nothing and says nothing wrong."""
    scenario = simkit.load_scenario("ningbo-hr-2023/baseline")
    cap = "measures.headhunting.caps.yearly.amount"
    result = simkit.run(scenario, draws=DRAWS)
    shown: dict[str, Shown] = {
        "policy": simkit.load_policy("ningbo-hr-2023"),
        "scenario": scenario,
        "changed": scenario.change({cap: "60万元"}, reason="座谈会意见"),
        "result": result,
        "estimate": result.headline(),
        "compare": simkit.compare(scenario, {"30万元": {cap: "30万元"}}, draws=DRAWS),
        "sweep": simkit.sweep(scenario, cap, "30万元..60万元:9", draws=DRAWS),
    }

    def cell(name: str, one: Shown) -> Any:
        output = nbformat.v4.new_output("execute_result", {"text/html": one._repr_html_()}, execution_count=1)
        return nbformat.v4.new_code_cell(name, execution_count=1, outputs=[output])

    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}}
    book = nbformat.v4.new_notebook(cells=[cell(*one) for one in shown.items()], metadata=kernel)
    with served(tmp_path) as server:
        (tmp_path / "notebooks" / "cards.ipynb").write_text(nbformat.writes(book), encoding="utf-8")
        seen = chromium_page(width=1500, height=2_400)
        page = seen.page
        page.goto(f"{server.root}/lab/tree/cards.ipynb?token={server.token}")
        # A page that is left while its kernel starts makes the server complain.
        expect(page.get_by_role("button", name="Python 3 (ipykernel) | 空闲")).to_be_visible()
        outputs = page.locator(".jp-CodeCell .jp-RenderedHTMLCommon")
        expect(outputs).to_have_count(len(shown))
        heights = {name: outputs.nth(at).bounding_box()["height"] for at, name in enumerate(shown)}  # type: ignore[index]  # it is seen
        assert all(20 < one <= 450 for one in heights.values()), heights
        folds = outputs.first.locator("summary")
        folds.nth(1).click()  # JupyterLab keeps what opens and closes
        expect(outputs.first.locator("details[open]")).to_have_count(2)
        assert seen.complaints == []
        assert_stayed_here(server, seen)


@pytest.mark.browser
def test_sliders_on_a_page_without_code(
    english: Served, chromium_page: Callable[..., Watched], kept: KeptClaims
) -> None:
    seen = chromium_page(width=1300, height=1000)
    page = seen.page
    page.goto(english.root + "/voila/render/sliders.ipynb")
    expect(page).to_have_url(re.compile("/login"))
    page.goto(english.address)
    expect(page.locator(".simkit-answer")).to_be_visible()
    expect(page.locator(".simkit-live h2")).to_contain_text("What if, at once")
    assert page.locator(".jp-InputArea-editor, .cm-editor").count() == 0
    assert move_each(page, kept) == 8
    assert_faults_and_groups(page)
    assert_exported(page, english)
    assert [one for one in seen.complaints if not _VOILA_SAYS.match(one)] == []
    assert_stayed_here(english, seen)


def assert_faults_and_groups(page: Page) -> None:
    """A value that cannot be is said, the answer stays; another group opens; the budget line moves."""
    answer = page.locator(".simkit-answer")
    box = page.locator(".measures-headhunting-award-rate input")
    before = answer.inner_text()
    box.fill("-5")
    box.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Headhunting award: Share that is paid")
    assert answer.inner_text() == before
    box.fill("40")
    box.press("Enter")
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.locator(".changes li")).to_have_text(re.compile("50% → 40%$"))
    page.get_by_text("三.2 High-end services").click()
    expect(page.locator(".measures-digital-award-rate input")).to_be_visible()
    line = page.locator(".simkit-field.budget [role=slider]")
    enough = page.locator(".simkit-answer .enough .amount")
    was = enough.inner_text()
    line.focus()
    for _ in range(20):
        line.press("ArrowLeft")
    expect(enough).not_to_have_text(was)


def assert_exported(page: Page, server: Served) -> None:
    """What is shown is written as an overlay that lays the same."""
    page.get_by_text("Export as an overlay file").click()
    words = {"name": "rate_40", "words": "rate of 40 %", "author": "me", "reason": "to see"}
    for name, text in words.items():
        field = page.locator(f".simkit-export-{name} input")
        field.fill(text)
        field.press("Tab")
    page.locator("button.simkit-export").click()
    expect(page.locator(".simkit-exported")).to_contain_text("Written: ")
    laid = load_scenario(server.scenario, [server.scenario.parent / "overlays" / "rate_40.yaml"])
    assert [(one.path, one.after) for one in laid.changes] == [("measures.headhunting.award.rate", "40%")]


# ---------------------------------------------------------------------- and ends: the last tests of this file


@pytest.mark.parametrize(("which", "how"), [("chinese", signal.SIGINT), ("english", signal.SIGHUP)])
def test_it_ends_with_its_kernels_and_leaves_nothing(
    which: str, how: signal.Signals, request: pytest.FixtureRequest
) -> None:
    """Whatever was asked of it before."""
    server: Served = request.getfixturevalue(which)
    status, kernel = server.ask("/api/kernels", "POST", token=True)
    assert status == 201 and json.loads(kernel)["name"] == "python3"
    begun = children(server.process.pid)
    assert begun
    code, out, err = server.end(how)
    assert (code, err) == (0, "") and out.rstrip().endswith(("Ended.", "已结束。"))
    until(lambda: not any(map(alive, begun)), "end of the kernels")
    assert list((server.home.parent / "tmp").iterdir()) == []
    assert not [path for path in server.home.rglob("*") if re.search("jupyter|ipython", str(path), re.I)]
