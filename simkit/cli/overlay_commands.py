"""`simkit overlay ...`: the options of its commands, in one language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from simkit.cli.options import group_of, subcommand
from simkit.cli.words import say

__all__ = ["overlay_group"]


def overlay_group(language: str) -> click.Group:
    """The commands about overlays."""
    makers = (_list, _check, _stamp, _export, _import)
    return group_of("overlay", [make(language) for make in makers], [], "about_overlay", language)


def _work(name: str, language: str) -> Callable[..., int]:
    """What carries a command out, imported when it is called."""

    def call(**values: Any) -> int:
        from simkit.cli import overlay

        return int(getattr(overlay, name)(language=language, **values))

    return call


def _scenario() -> click.Argument:
    return click.Argument(["scenario"], metavar="SCENARIO.yaml")


def _files() -> click.Argument:
    return click.Argument(["files"], metavar="FILE...", nargs=-1, required=True)


def _list(language: str) -> click.Command:
    return subcommand("overlay", "list", _work("list_overlays", language), [_scenario()], language)


def _check(language: str) -> click.Command:
    work = _work("check_overlays", language)
    return subcommand("overlay", "check", work, [_scenario(), _files()], language)


def _stamp(language: str) -> click.Command:
    work = _work("stamp_overlays", language)
    return subcommand("overlay", "stamp", work, [_scenario(), _files()], language)


def _export(language: str) -> click.Command:
    sheet = click.Argument(["sheet"], metavar="FILE.xlsx")
    overlays = click.Option(
        ["--overlay", "overlays"], metavar="FILE", multiple=True, help=say(language, "help_overlay_columns")
    )
    force = click.Option(["--force"], is_flag=True, help=say(language, "help_overlay_force"))
    params = [_scenario(), sheet, overlays, force]
    return subcommand("overlay", "export", _work("export_sheet", language), params, language)


def _import(language: str) -> click.Command:
    sheet = click.Argument(["sheet"], metavar="FILE.xlsx")
    out = click.Option(["--out"], metavar="DIR", help=say(language, "help_overlay_out"))
    force = click.Option(["--force"], is_flag=True, help=say(language, "help_overlay_force"))
    return subcommand(
        "overlay", "import", _work("import_sheet", language), [_scenario(), sheet, out, force], language
    )
