"""The commands and their options, in one language."""

from __future__ import annotations

from typing import Any

import click

from simkit.base.words import LANGUAGES
from simkit.cli.options import (
    OneOf,
    Share,
    Whole,
    command_of,
    debug_option,
    group_of,
    run_params,
    version_option,
)
from simkit.cli.words import say

__all__ = ["application"]


# --- the commands ---------------------------------------------------------------------------------------


def application(language: str) -> click.Group:
    """All commands, with help and messages in a language."""
    from simkit.cli.whatif_commands import whatif_commands

    makers = (_check, _run, _report, _verify)
    others = (_overlay, _notebook, _doctor, _schema, _verify_run)
    commands = [make(language) for make in makers]
    commands += [*whatif_commands(language), *(make(language) for make in others)]
    return group_of("simkit", commands, [version_option(language)], "about", language)


def _check(language: str) -> click.Command:
    def check(path: str, everything: bool) -> int:
        from simkit.cli.check import check_path

        return check_path(path, language, everything)

    path = click.Argument(["path"], metavar="PATH")
    everything = click.Option(["--all", "everything"], is_flag=True, help=say(language, "help_all"))
    return command_of("check", check, [path, everything], language)


def _run(language: str) -> click.Command:
    def run(precision: float | None, **values: Any) -> int:
        from simkit.cli.run import run_scenario

        source = click.get_current_context().get_parameter_source("draws")
        if precision is not None and source is click.core.ParameterSource.COMMANDLINE:
            raise click.UsageError(say(language, "draws_or_precision"), click.get_current_context())
        return run_scenario(language=language, precision=precision, **values)

    ways = ("crude", "latin")
    parameters = click.Option(
        ["--parameters"],
        type=OneOf(ways, language),
        metavar="|".join(ways),
        default="crude",
        show_default=True,
        help=say(language, "help_parameters"),
    )
    more = [
        click.Option(["--cluster"], metavar="tcp://HOST:PORT", help=say(language, "help_cluster")),
        click.Option(["--precision"], type=Share(language), help=say(language, "help_precision")),
        click.Option(
            ["--limit"],
            type=Whole(2_000, 10_000_000, language),
            default=1_000_000,
            show_default=True,
            help=say(language, "help_limit"),
        ),
    ]
    return command_of("run", run, [*run_params(language), *more, parameters], language)


def _report(language: str) -> click.Command:
    def report(lang: str | None, **values: Any) -> int:
        from simkit.cli.report import report_scenario

        langs: Any = (lang,) if lang else LANGUAGES
        return report_scenario(language=language, langs=langs, **values)

    lang = click.Option(
        ["--lang"],
        type=OneOf(LANGUAGES, language),
        metavar="|".join(LANGUAGES),
        help=say(language, "help_report_lang"),
    )
    everything = click.Option(["--all-overlays"], is_flag=True, help=say(language, "help_all_overlays"))
    force = click.Option(["--force"], is_flag=True, help=say(language, "help_report_force"))
    template = click.Option(["--template"], metavar="FILE", help=say(language, "help_template"))
    params = [click.Argument(["scenario"], metavar="SCENARIO.yaml|FOLDER"), *run_params(language)[1:]]
    more = [everything, force, template, lang, debug_option(language)]
    return command_of("report", report, [*params, *more], language)


def _verify(language: str) -> click.Command:
    def verify(**values: Any) -> int:
        from simkit.cli.verify import verify_scenario

        return verify_scenario(language=language, **values)

    asked = ("scenario", "draws", "seed", "overlays")
    return command_of("verify", verify, [one for one in run_params(language) if one.name in asked], language)


def _doctor(language: str) -> click.Command:
    def doctor(out: str) -> int:
        from simkit.cli.doctor import examine

        return examine(out, language)

    out = click.Option(
        ["--out"], metavar="DIR", default="reports", show_default=True, help=say(language, "help_out")
    )
    return command_of("doctor", doctor, [out], language)


def _schema(language: str) -> click.Command:
    def schema(kind: str, out: str | None) -> int:
        from simkit.cli.schema import show_schema

        return show_schema(kind, out, language)

    kinds = ("policy", "scenario", "overlay", "paths")
    kind = click.Argument(["kind"], type=OneOf(kinds, language), metavar="|".join(kinds))
    out = click.Option(["--out"], metavar="DIR", help=say(language, "help_schema_out"))
    return command_of("schema", schema, [kind, out], language)


def _overlay(language: str) -> click.Group:
    from simkit.cli.overlay_commands import overlay_group

    return overlay_group(language)


def _notebook(language: str) -> click.Command:
    from simkit.cli.notebook import notebook_group

    return notebook_group(language)


def _verify_run(language: str) -> click.Command:
    def verify_run(**values: Any) -> int:
        from simkit.cli.verify_run import verify_folder

        return verify_folder(language=language, **values)

    folder = click.Argument(["folder"], metavar="FOLDER")
    rerun = click.Option(["--rerun"], is_flag=True, help=say(language, "help_rerun"))
    jobs = next(one for one in run_params(language) if one.name == "jobs")
    command = command_of("verify_run", verify_run, [folder, rerun, jobs], language)
    command.name = "verify-run"
    return command
