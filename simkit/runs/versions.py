"""What code a run was made by: simkit, its checkout, its sources, the packages."""

from __future__ import annotations

import platform
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

from simkit.base.compiled import figures_digest

__all__ = ["code_version", "package_versions"]

_PACKAGES = ("numpy", "scipy", "pandas", "numba", "pyarrow", "pydantic", "matplotlib", "papermill")


def code_version() -> dict[str, Any]:
    """Version of simkit, of its checkout where it is one, and the digest of the sources that figures come from."""
    try:
        version = metadata.version("simkit-fund")
    except metadata.PackageNotFoundError:
        version = "not installed"
    here = Path(__file__).parents[1]

    def git(*words: str) -> str:
        done = subprocess.run(
            ["git", *words], cwd=here, capture_output=True, text=True, check=False, timeout=10
        )
        return done.stdout.strip() if done.returncode == 0 else ""

    try:
        commit = git("rev-parse", "HEAD")
        dirty = bool(commit) and bool(git("status", "--porcelain", "--", "."))
    except (OSError, subprocess.SubprocessError):
        commit, dirty = "", False
    return {"version": version, "commit": commit, "dirty": dirty, "sources": figures_digest()}


def package_versions() -> dict[str, str]:
    """Versions of Python, of the machine's kind and of the packages that figures and pages come from."""
    versions = {"python": platform.python_version(), "platform": f"{sys.platform} {platform.machine()}"}
    for name in _PACKAGES:
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            versions[name] = "not installed"
    return versions
