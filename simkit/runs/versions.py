"""What code a run was made by: simkit, its checkout, its sources, the packages."""

from __future__ import annotations

import platform
import subprocess
import sys
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from simkit.base.compiled import figures_digest

__all__ = ["code_version", "installed", "package_versions"]

_PACKAGE = Path(__file__).parents[1]
_PACKAGES = ("numpy", "scipy", "pandas", "numba", "pyarrow", "pydantic", "matplotlib", "papermill")


def code_version() -> dict[str, Any]:
    """Version of simkit, of its checkout where it is one, and the digest of the sources that figures come from."""
    commit, dirty = _checkout()
    sources = figures_digest()
    return {"version": installed("simkit-fund"), "commit": commit, "dirty": dirty, "sources": sources}


@cache
def _checkout() -> tuple[str, bool]:
    """Commit, and whether files differ from it: as it was first asked, for what is edited later is not what runs."""

    def git(*words: str) -> str:
        done = subprocess.run(
            ["git", *words], cwd=_PACKAGE, capture_output=True, text=True, check=False, timeout=10
        )
        return done.stdout.strip() if done.returncode == 0 else ""

    try:
        commit = git("rev-parse", "HEAD")
        return commit, bool(commit) and bool(git("status", "--porcelain", "--", "."))
    except (OSError, subprocess.SubprocessError):
        return "", False


def package_versions() -> dict[str, str]:
    """Versions of Python, of the machine's kind and of the packages that figures and pages come from."""
    kind = {"python": platform.python_version(), "platform": f"{sys.platform} {platform.machine()}"}
    return kind | {name: installed(name) for name in _PACKAGES}


@cache
def installed(name: str) -> str:
    """Version of a package, or that it is not installed."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "not installed"
