"""In a real kernel: long work is told, stopped at once and gone on with; refusals are short."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager

import simkit
from tests.processes import PATIENCE

BASELINE = "ningbo-hr-2023/baseline"
DRAWS = 6_000
ROOT = Path(simkit.__file__).parents[1]


class Kernel:
    """A running kernel, and what its cells said."""

    def __init__(self, manager: KernelManager, client: BlockingKernelClient) -> None:
        self.manager, self.client = manager, client

    def run(self, code: str, stop: Callable[[str], bool] = lambda _said: False) -> list[dict[str, Any]]:
        """Run a cell as a person does; stop it when `stop` says so of what it shows. What it sent, in order."""
        asked = self.client.execute(code, allow_stdin=True)
        sent: list[dict[str, Any]] = []
        stopped = False
        while True:
            message = self.client.get_iopub_msg(timeout=PATIENCE)
            if message["parent_header"].get("msg_id") != asked:
                continue
            if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
                return sent
            sent.append(message)
            shown = message["content"].get("data", {}).get("text/plain", "")
            if not stopped and stop(shown):
                self.manager.interrupt_kernel()
                stopped = True

    def text(self, code: str) -> str:
        """What the last line of a cell is."""
        return next(
            one["content"]["data"]["text/plain"]
            for one in self.run(code)
            if one["msg_type"] == "execute_result"
        )


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    """Ended by its process, also when a test fails."""
    manager = KernelManager()
    manager.start_kernel(cwd=str(tmp_path_factory.mktemp("work")))
    client = manager.blocking_client()
    try:
        client.start_channels()
        try:
            client.wait_for_ready(timeout=PATIENCE)
        except RuntimeError:  # another program took its port before it had begun
            manager.restart_kernel(now=True, newports=True)
            client.stop_channels()
            client = manager.blocking_client()
            client.start_channels()
            client.wait_for_ready(timeout=PATIENCE)
        running = Kernel(manager, client)
        running.run(f"import sys; sys.path.insert(0, {str(ROOT)!r}); import simkit, pickle, hashlib")
        running.run(f"scenario = simkit.load_scenario({BASELINE!r})")
        # Every block is told: what is seen hangs on no clock.
        running.run("import simkit.face.work as work; work._SOON = work._OFTEN = 0")
        yield running
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def told(sent: list[dict[str, Any]]) -> list[str]:
    """Lines of an error that a cell ended with."""
    errors = [one["content"]["traceback"] for one in sent if one["msg_type"] == "error"]
    return errors[0] if errors else []


_DIGEST = "hashlib.sha256(b''.join(getattr(found.data.outlays, one).tobytes() for one in ('draw', 'fen'))).hexdigest()"


def test_stopped_at_three_moments_it_goes_on_and_ends_with_the_same_bytes(kernel: Kernel) -> None:
    """A moment is told by the progress that the cell shows, not by the clock."""
    call = f"found = simkit.run(scenario, draws={DRAWS})"
    done: list[int] = []
    for share in (0.1, 0.4, 0.7):

        def reached(shown: str, share: float = share) -> bool:
            head = shown.rpartition(" ")[2].partition("/")[0].replace(",", "")
            return head.isdigit() and int(head) >= share * DRAWS

        lines = told(kernel.run(call, reached))
        assert len(lines) == 1 and "接着算" in lines[0] and "Traceback" not in lines[0], lines
        done.append(int(lines[0].partition("/")[0].rpartition("停在")[2].replace(",", "")))
    assert 0 < done[0] < done[1] < done[2] < DRAWS
    assert not told(kernel.run(call))
    again = kernel.text(_DIGEST)
    kernel.run(f"found = simkit.run(simkit.load_scenario({BASELINE!r}), draws={DRAWS})")
    assert kernel.text(_DIGEST) == again


def test_progress_is_told_and_gone_when_the_work_is_done(kernel: Kernel) -> None:
    sent = kernel.run(f"_ = simkit.run(scenario, draws={DRAWS}, seed=5)")
    shown = [one["content"]["data"]["text/plain"] for one in sent if "display_data" in one["msg_type"]]
    assert any(f"/{DRAWS:,}" in one for one in shown) and shown[-1] == ""
    assert not [one for one in sent if one["msg_type"] == "stream"]


@pytest.mark.parametrize(
    "code",
    [
        "simkit.seek(scenario, 'measures.headhunting.caps.yearly.amount', budget=26_000_000)",
        "simkit.load_scenario('ningbo-hr-2023/basline')",
        "scenario.change({'measures.headhunting.caps.yearly.amount': 300_000})",
        "simkit.run(scenario, draws=0)",
        "simkit.load_result('nowhere')",
    ],
)
def test_a_refusal_is_short_and_shows_nothing_of_the_program(kernel: Kernel, code: str) -> None:
    lines = told(kernel.run(code))
    assert 1 <= len(lines) <= 6 and not any("simkit/face" in one or "Traceback" in one for one in lines), (
        lines
    )


def test_an_object_alone_in_a_cell_is_its_card(kernel: Kernel) -> None:
    (shown,) = [
        one["content"]["data"] for one in kernel.run("scenario") if one["msg_type"] == "execute_result"
    ]
    assert shown["text/plain"].startswith("情景 baseline") and len(shown["text/plain"].splitlines()) <= 15
    assert shown["text/html"].startswith("<div") and len(shown["text/html"].encode()) <= 40_000


def test_what_another_kernel_pickled_or_saved_is_the_same_here(kernel: Kernel, tmp_path: Path) -> None:
    kernel.run(f"found = simkit.run(scenario, draws=200); found.save({str(tmp_path / 'run')!r})")
    kernel.run(f"open({str(tmp_path / 'found.pickle')!r}, 'wb').write(pickle.dumps(found))")
    import pickle

    here = simkit.run(BASELINE, draws=200)
    assert (
        pickle.loads((tmp_path / "found.pickle").read_bytes()) == here == simkit.load_result(tmp_path / "run")
    )
