"""Options that commands share, and how a command, a group and their help are made."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Sequence
from typing import Any

import click

from simkit.base.words import LANGUAGES
from simkit.cli.terminal import echo, fold, pad, width
from simkit.cli.usage import with_near
from simkit.cli.words import say

__all__ = [
    "Day",
    "OneOf",
    "Share",
    "Whole",
    "command_of",
    "debug_option",
    "group_of",
    "run_params",
    "shared_params",
    "subcommand",
    "version_option",
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
            words = say(self.language, "one_of", known=", ".join(self.words), found=repr(value))
            self.fail(with_near(words, value, list(self.words), self.language), param, ctx)
        return str(value)


class _Page:
    """Help in a language, with Chinese characters counted as two columns."""

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

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the words; an error of the parser, too, knows which command it is of."""
        try:
            return super().parse_args(ctx, args)  # type: ignore[misc, no-any-return]  # mixed into a click.Command
        except click.UsageError as error:
            error.ctx = error.ctx or ctx
            raise

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """`--help`, explained in this language."""
        option = super().get_help_option(ctx)  # type: ignore[misc]  # mixed into a click.Command
        if option is not None:
            option.help = say(self.language, "help_help")
        return option  # type: ignore[no-any-return]  # and so of unknown type


class _Command(_Page, click.Command):
    """One command."""

    allow_extra_args = True  # so that it is told here

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the words; none may be left over."""
        extra = super().parse_args(ctx, args)
        if extra:
            raise click.UsageError(say(self.language, "extra", found=" ".join(extra)), ctx)
        return extra


class _Group(_Page, click.Group):
    """A command that has commands of its own."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is asked for, or a UsageError."""
        name, known = args[0], list(self.commands)
        if name not in known:
            message = say(self.language, "no_command", name=name, known=", ".join(known))
            raise click.UsageError(with_near(message, name, known, self.language), ctx)
        return super().resolve_command(ctx, args)


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


def group_of(
    name: str, commands: list[click.Command], params: list[click.Parameter], about: str, language: str
) -> click.Group:
    """A command that has commands of its own; its help stands under `about`."""

    @click.pass_context
    def none_given(ctx: click.Context) -> None:
        if ctx.invoked_subcommand is None:
            raise click.UsageError(say(language, "no_command_given"), ctx)

    group = _Group(
        name,
        commands=commands,
        params=[*shared_params(language), *params],
        help=say(language, about),
        no_args_is_help=False,
        invoke_without_command=True,
        callback=none_given,
        options_metavar=say(language, "some_options"),
        subcommand_metavar=say(language, "some_command"),
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
        params = [*params, *shared_params(language)]
    command = _Command(
        name,
        callback=callback,
        params=params,
        help=say(language, f"about_{name}"),
        options_metavar=say(language, "some_options"),
    )
    command.language = language
    return command


def shared_params(language: str) -> list[click.Parameter]:
    """Options of every command; `main` reads them from the words before anything is parsed."""
    return [
        click.Option(
            ["--lang"],
            type=OneOf(LANGUAGES, language),
            metavar="|".join(LANGUAGES),
            expose_value=False,
            help=say(language, "help_lang"),
        ),
        debug_option(language),
    ]


def debug_option(language: str) -> click.Option:
    return click.Option(["--debug"], is_flag=True, expose_value=False, help=say(language, "help_debug"))


def version_option(language: str) -> click.Option:
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
    """What a run is made of. The defaults stand in `simkit.runs.simulate` too; a test holds them together."""
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
