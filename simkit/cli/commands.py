"""The commands and their options, in one language."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Sequence
from typing import Any

import click

from simkit.cli.messages import LANGUAGES, say
from simkit.cli.terminal import echo, fold, pad, width
from simkit.visible import visible

__all__ = [
    "Day",
    "OneOf",
    "Share",
    "Whole",
    "application",
    "command_of",
    "debug_option",
    "group_of",
    "run_params",
    "subcommand",
    "usage_message",
]

_HELP_WIDTH = 100


class Whole(click.ParamType):  # type: ignore[type-arg]  # generic in the newest click only
    """A whole number in a range, written in digits."""

    name = "N"

    def __init__(self, low: int, high: int, language: str) -> None:
        self.low, self.high, self.language = low, high, language

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number, or a BadParameter."""
        if isinstance(value, int):
            return value
        if not re.fullmatch(r"[+-]?[0-9]{1,19}", value) or not self.low <= int(value) <= self.high:
            words = say(self.language, "whole_number", low=self.low, high=self.high, found=repr(value))
            self.fail(words, param, ctx)
        return int(value)


class Share(click.ParamType):  # type: ignore[type-arg]  # as above
    """A share above 0, written as a percentage or a decimal."""

    name = "P%"

    def __init__(self, language: str) -> None:
        self.language = language

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The share, or a BadParameter."""
        if isinstance(value, float):
            return value
        found = re.fullmatch(r"([0-9]{0,3}\.?[0-9]{0,8})([%％]?)", value)
        share = float(found[1]) / (100 if found[2] else 1) if found and found[1] not in ("", ".") else 0.0
        if not 1e-6 <= share <= 1:
            self.fail(say(self.language, "share", found=repr(value)), param, ctx)
        return share


class Day(click.ParamType):  # type: ignore[type-arg]  # as above
    """A calendar day, written YYYY-MM-DD."""

    name = "YYYY-MM-DD"

    def __init__(self, language: str) -> None:
        self.language = language

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime.date:
        """The day, or a BadParameter."""
        if isinstance(value, datetime.date):
            return value
        try:
            return datetime.datetime.strptime(value, "%Y-%m-%d").date()
        except ValueError:
            self.fail(say(self.language, "day", found=repr(value)), param, ctx)


class OneOf(click.ParamType):  # type: ignore[type-arg]  # as above
    """One of some words."""

    name = "word"

    def __init__(self, words: Sequence[str], language: str) -> None:
        self.words, self.language = words, language

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The word, or a BadParameter."""
        if value not in self.words:
            known = ", ".join(self.words)
            self.fail(say(self.language, "one_of", known=known, found=repr(value)), param, ctx)
        return str(value)


class _Page:
    """Help in either language, with Chinese characters counted as two columns."""

    language: str

    def get_help(self, ctx: click.Context) -> str:
        """The page that `--help` shows."""
        command = ctx.command
        usage = " ".join([ctx.command_path, *command.collect_usage_pieces(ctx)])
        lines = [f"{say(self.language, 'usage')} {usage}", ""]
        lines += [f"  {line}" for line in fold(command.help or "", _HELP_WIDTH - 2)]
        if isinstance(command, click.Group):
            rows = [(name, one.help or "") for name, one in command.commands.items()]
            lines += ["", say(self.language, "commands"), *_rows(rows)]
        options = [one for one in command.get_params(ctx) if isinstance(one, click.Option)]
        lines += ["", say(self.language, "options"), *_rows([_option_row(one) for one in options])]
        return "\n".join([*lines, "", *fold(say(self.language, "exit_codes"), _HELP_WIDTH)])

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """`--help`, explained in this language."""
        option = super().get_help_option(ctx)  # type: ignore[misc]  # mixed into a click.Command
        if option is not None:
            option.help = say(self.language, "help_help")
        return option  # type: ignore[no-any-return]  # and so of unknown type


class _Command(_Page, click.Command):
    """One command."""


class _Group(_Page, click.Group):
    """All commands."""


def _option_row(option: click.Option) -> tuple[str, str]:
    name = ", ".join(option.opts)
    if not option.is_flag:
        name = f"{name} {option.metavar or option.type.name}"
    text = option.help or ""
    default = option.default if option.show_default else None
    return name, f"{text} [{default}]" if default is not None else text


def _rows(rows: list[tuple[str, str]]) -> list[str]:
    first = max(width(name) for name, _ in rows) + 2
    lines = []
    for name, text in rows:
        folded = fold(text, _HELP_WIDTH - first - 2)
        lines += [f"  {pad(name, first)}{folded[0]}", *(" " * (first + 2) + line for line in folded[1:])]
    return lines


def usage_message(error: click.UsageError, language: str) -> str:
    """What is wrong with a command line, in one language, and where help is."""
    path = error.ctx.command_path if error.ctx else "simkit"
    return f"{path}: {visible(_wrong(error, language))}\n{say(language, 'see_help', command=path)}"


def _wrong(error: click.UsageError, language: str) -> str:
    name = ""
    if isinstance(error, click.BadParameter) and error.param is not None:
        param = error.param
        name = param.opts[0] if isinstance(param, click.Option) else param.metavar or ""
    if isinstance(error, click.MissingParameter):
        return say(language, "missing", name=name)
    if isinstance(error, click.BadParameter):
        return f"{name}: {error.message}"
    if isinstance(error, click.NoSuchOption):
        message = say(language, "no_option", name=error.option_name)
        near = ", ".join(error.possibilities or ())
        return say(language, "did_you_mean", message=message, names=near) if near else message
    if isinstance(error, click.BadOptionUsage):
        return say(language, "no_value", name=error.option_name)
    return _other(error, language)


def _other(error: click.UsageError, language: str) -> str:
    command = re.search(r"No such command '(.*?)'", error.format_message())
    if command and error.ctx and isinstance(error.ctx.command, click.Group):
        return say(language, "no_command", name=command[1], known=", ".join(error.ctx.command.commands))
    if error.format_message() == "Missing command.":
        return say(language, "no_command_given")
    extra = re.search(r"unexpected extra arguments? \((.*)\)", error.format_message())
    return say(language, "extra", found=extra[1]) if extra else error.format_message()


# --- the commands ---------------------------------------------------------------------------------------


def application(language: str) -> click.Group:
    """All commands, with help and messages in a language."""
    from simkit.cli.whatif_commands import whatif_commands

    makers = (_check, _run, _report, _verify)
    others = (_overlay, _doctor, _schema, _verify_run)
    commands = [make(language) for make in makers]
    commands += [*whatif_commands(language), *(make(language) for make in others)]
    group = _Group(
        "simkit",
        commands=commands,
        params=[*_shared(language), _version(language)],
        help=say(language, "about"),
        no_args_is_help=False,
    )
    group.language = language
    return group


def group_of(name: str, commands: list[click.Command], language: str) -> click.Group:
    """A command that has commands of its own."""
    group = _Group(
        name,
        commands=commands,
        params=_shared(language),
        help=say(language, f"about_{name}"),
        no_args_is_help=False,
    )
    group.language = language
    return group


def subcommand(
    group: str, name: str, callback: Callable[..., int], params: list[click.Parameter], language: str
) -> click.Command:
    """A command of a group; its help stands under `about_GROUP_NAME`."""
    command = command_of(f"{group}_{name}", callback, params, language)
    command.name = name
    return command


def command_of(
    name: str, callback: Callable[..., int], params: list[click.Parameter], language: str
) -> click.Command:
    if not any("--lang" in one.opts for one in params):
        params = [*params, *_shared(language)]
    command = _Command(name, callback=callback, params=params, help=say(language, f"about_{name}"))
    command.language = language
    return command


def _shared(language: str) -> list[click.Parameter]:
    """Options of every command; `main` reads them from the words before anything is parsed."""
    return [
        click.Option(
            ["--lang"],
            type=OneOf(LANGUAGES, language),
            metavar="zh|en",
            expose_value=False,
            help=say(language, "help_lang"),
        ),
        debug_option(language),
    ]


def debug_option(language: str) -> click.Option:
    return click.Option(["--debug"], is_flag=True, expose_value=False, help=say(language, "help_debug"))


def _version(language: str) -> click.Option:
    def show(ctx: click.Context, _: click.Parameter, asked: bool) -> None:
        if asked and not ctx.resilient_parsing:
            from importlib import metadata

            echo(f"simkit {metadata.version('simkit-fund')}")
            ctx.exit(0)

    return click.Option(
        ["--version"],
        is_flag=True,
        expose_value=False,
        is_eager=True,
        callback=show,
        help=say(language, "help_version"),
    )


def run_params(language: str) -> list[click.Parameter]:
    """What a run is made of. The defaults stand in `simkit.simulate` too; a test holds them together."""
    return [
        click.Argument(["scenario"], metavar="SCENARIO.yaml"),
        click.Option(
            ["--draws"],
            type=Whole(1, 10_000_000, language),
            default=10_000,
            show_default=True,
            help=say(language, "help_draws"),
        ),
        click.Option(
            ["--seed"],
            type=Whole(0, 2**63 - 1, language),
            default=20_230_412,
            show_default=True,
            help=say(language, "help_seed"),
        ),
        click.Option(["--jobs"], type=Whole(1, 1_024, language), help=say(language, "help_jobs")),
        click.Option(
            ["--out"], metavar="DIR", default="reports", show_default=True, help=say(language, "help_out")
        ),
        click.Option(
            ["--overlay", "overlays"], metavar="FILE", multiple=True, help=say(language, "help_overlay")
        ),
    ]


def _check(language: str) -> click.Command:
    def check(path: str) -> int:
        from simkit.cli.check import check_path

        return check_path(path, language)

    return command_of("check", check, [click.Argument(["path"], metavar="PATH")], language)


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
        ["--lang"], type=OneOf(LANGUAGES, language), metavar="zh|en", help=say(language, "help_report_lang")
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
