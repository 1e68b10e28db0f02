"""What is wrong with a command line, and the word that was meant."""

from __future__ import annotations

import click

from simkit.base.visible import visible
from simkit.cli.words import say
from simkit.documents.spelling import near_word

__all__ = ["usage_message", "with_near"]


def usage_message(error: click.UsageError, language: str) -> str:
    """What is wrong with a command line, in one language, and where help is."""
    path = error.ctx.command_path if error.ctx else "simkit"
    return f"{path}: {visible(_wrong(error, language))}\n{say(language, 'see_help', command=path)}"


def with_near(message: str, word: str, known: list[str], language: str) -> str:
    """A message, and the known word that was meant where the word is a slip of it."""
    near = near_word(word, known)
    return say(language, "did_you_mean", message=message, names=near) if near else message


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
        return with_near(message, error.option_name, list(_options(error.ctx)), language)
    if isinstance(error, click.BadOptionUsage):
        option = _options(error.ctx).get(error.option_name)
        key = "takes_no_value" if option is not None and option.is_flag else "no_value"
        return say(language, key, name=error.option_name)
    return error.message


def _options(context: click.Context | None) -> dict[str, click.Option]:
    """The options of a command by their names."""
    params = context.command.get_params(context) if context else []
    return {name: one for one in params if isinstance(one, click.Option) for name in one.opts}
