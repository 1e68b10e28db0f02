"""Commands: parse, call one function, print. Nothing heavy is imported before a command needs it."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence

import click

from simkit.base.errors import FaultsError, SimkitError
from simkit.cli.commands import application
from simkit.cli.terminal import echo, prepare_streams
from simkit.cli.usage import usage_message
from simkit.cli.words import language_of, say

__all__ = ["application", "main"]

_INTERRUPTED = 130
_PIPE_CLOSED = 141


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out one command line and give its exit code: 0, 1 failed, 2 wrong input, 130 interrupted."""
    words = list(sys.argv[1:] if arguments is None else arguments) or ["--help"]
    prepare_streams()
    language = language_of(words)
    try:
        return _carry_out(words, language)
    except BrokenPipeError:
        # Who reads has closed the pipe (`| head`); what Python would still flush at its end goes nowhere.
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except OSError:
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        return _PIPE_CLOSED


def _carry_out(words: list[str], language: str) -> int:
    try:
        commands = application(language)
        with commands.make_context("simkit", words) as context:
            code = commands.invoke(context)
        sys.stdout.flush()
        return int(code or 0)
    except click.exceptions.Exit as error:
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return _fail(say(language, "stopped"), _INTERRUPTED)
    except click.UsageError as error:
        return _fail(usage_message(error, language), 2)
    except SimkitError as error:
        return _fail(_told(error, language), error.exit_code)
    except MemoryError:
        return _fail(say(language, "memory"), 1)
    except Exception as error:
        if _is_closed_pipe(error):
            raise BrokenPipeError from error
        if "--debug" in words:
            raise
        if isinstance(error, OSError) and error.errno == errno.ENOSPC and error.filename is None:
            return _fail(say(language, "full"), 1)
        line = f"{type(error).__name__}: {error}".splitlines()[0]
        return _fail(say(language, "unexpected", error=line), 1)


def _is_closed_pipe(error: Exception) -> bool:
    """Whether nobody reads what is printed any more; Windows calls that an invalid argument."""
    invalid = os.name == "nt" and isinstance(error, OSError) and error.errno == errno.EINVAL
    return isinstance(error, BrokenPipeError) or invalid


def _told(error: SimkitError, language: str) -> str:
    if not isinstance(error, FaultsError):
        return error.said(language)
    from simkit.documents.telling import tell_all

    return "\n".join(tell_all(error.faults, language))


def _fail(message: str, code: int) -> int:
    echo(message, err=True)
    return code
