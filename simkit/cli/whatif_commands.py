"""The what-if commands and their options, in one language."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

import click

from simkit.base.words import LANGUAGES
from simkit.cli.options import Day, OneOf, Share, Whole, command_of, debug_option, run_params
from simkit.cli.words import say

__all__ = ["whatif_commands"]


def whatif_commands(language: str) -> list[click.Command]:
    """All of them, in the order of the help."""
    makers = (_compare, _sweep, _seek, _drivers, _provisions, _readings, _whatif, _lab)
    return [make(language) for make in makers]


def _work(module: str, name: str, language: str) -> Callable[..., int]:
    """What carries a command out, imported when it is called."""

    def call(**values: Any) -> int:
        work = getattr(import_module(f"simkit.cli.{module}"), name)
        return int(work(language=language, **values))

    return call


def _whatif_params(language: str) -> list[click.Parameter]:
    """Options of a what-if, after what it changes."""
    page = click.Option(["--page"], is_flag=True, help=say(language, "help_page"))
    return [*run_params(language)[1:], page]


def _compare(language: str) -> click.Command:
    params = [
        run_params(language)[0],
        click.Argument(["changes"], metavar="OVERLAY|PATH=VALUE...", nargs=-1, required=True),
        click.Option(["--together"], is_flag=True, help=say(language, "help_together")),
    ]
    return command_of(
        "compare",
        _work("compare", "compare_scenario", language),
        [*params, *_whatif_params(language)],
        language,
    )


def _sweep(language: str) -> click.Command:
    params = [
        run_params(language)[0],
        click.Argument(["settings"], metavar="PATH=VALUES...", nargs=-1, required=True),
    ]
    return command_of(
        "sweep", _work("compare", "sweep_setting", language), [*params, *_whatif_params(language)], language
    )


def _seek(language: str) -> click.Command:
    params = [
        run_params(language)[0],
        click.Argument(["paths"], metavar="PATH...", nargs=-1, required=True),
        click.Option(["--budget"], metavar="AMOUNT", help=say(language, "help_budget")),
        click.Option(
            ["--level"],
            type=Share(language),
            default=0.9,
            show_default=True,
            help=say(language, "help_level"),
        ),
        click.Option(["--mean"], is_flag=True, help=say(language, "help_mean")),
        click.Option(["--between"], metavar="LOW..HIGH", help=say(language, "help_between")),
    ]
    return command_of(
        "seek", _work("compare", "seek_setting", language), [*params, *_whatif_params(language)], language
    )


def _drivers(language: str) -> click.Command:
    ways = ("headline", "fund", "year", "whole")
    own = [
        click.Option(
            ["--of"],
            type=OneOf(ways, language),
            metavar="|".join(ways),
            default="headline",
            show_default=True,
            help=say(language, "help_of"),
        ),
        click.Option(
            ["--draws"],
            type=Whole(100, 1_000_000, language),
            default=2_048,
            show_default=True,
            help=say(language, "help_driver_draws"),
        ),
    ]
    shared = [run_params(language)[0], *_whatif_params(language)]
    params = [*(one for one in shared if one.name != "draws"), *own]
    return command_of("drivers", _work("drivers", "show_drivers", language), params, language)


def _whatif(language: str) -> click.Command:
    def whatif(lang: str | None, **values: Any) -> int:
        from simkit.cli.whatif import whatif_scenario

        page: Any = lang or LANGUAGES[0]
        return whatif_scenario(language=language, lang=page, **values)

    params = [one for one in run_params(language) if one.name in ("scenario", "seed", "jobs", "overlays")]
    more = [
        click.Option(
            ["-o", "--output", "file"],
            metavar="FILE",
            default="whatif.html",
            show_default=True,
            help=say(language, "help_whatif_output"),
        ),
        click.Option(
            ["--draws"],
            type=Whole(20, 2_000, language),
            default=1_000,
            show_default=True,
            help=say(language, "help_whatif_draws"),
        ),
        click.Option(["--date"], type=Day(language), help=say(language, "help_whatif_date")),
        click.Option(
            ["--lang"],
            type=OneOf(LANGUAGES, language),
            metavar="|".join(LANGUAGES),
            help=say(language, "help_whatif_lang"),
        ),
        debug_option(language),
    ]
    return command_of("whatif", whatif, [*params, *more], language)


def _lab(language: str) -> click.Command:
    def lab(lang: str, port: int | None, no_browser: bool, page: bool) -> int:
        from simkit.cli.lab import open_lab

        return open_lab(lang=lang, port=port, browser=not no_browser, page=page, language=language)

    params: list[click.Parameter] = [
        click.Option(["--page"], is_flag=True, help=say(language, "help_lab_page")),
        click.Option(["--port"], type=Whole(1, 65_535, language), help=say(language, "help_lab_port")),
        click.Option(["--no-browser"], is_flag=True, help=say(language, "help_lab_browser")),
        click.Option(
            ["--lang"],
            type=OneOf(LANGUAGES, language),
            metavar="|".join(LANGUAGES),
            default=LANGUAGES[0],
            show_default=True,
            help=say(language, "help_lab_lang"),
        ),
        debug_option(language),
    ]
    return command_of("lab", lab, params, language)


def _readings(language: str) -> click.Command:
    params = [run_params(language)[0], *_whatif_params(language)]
    return command_of("readings", _work("readings", "show_readings", language), params, language)


def _provisions(language: str) -> click.Command:
    return command_of(
        "provisions", _work("provisions", "show_provisions", language), run_params(language), language
    )
