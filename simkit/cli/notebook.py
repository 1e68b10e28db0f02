"""`simkit notebook new`: a copy of a notebook, to be worked in."""

from __future__ import annotations

import click

from simkit.cli.options import group_of, subcommand
from simkit.cli.terminal import echo
from simkit.cli.words import say

__all__ = ["notebook_group"]


def notebook_group(language: str) -> click.Group:
    """The commands about notebooks."""

    def new(notebook: str, scenario: str | None, folder: str) -> int:
        from simkit.face.notebooks import copy_notebook

        path = copy_notebook(notebook, scenario, folder, lang=language)
        echo(say(language, "notebook_written", path=path))
        return 0

    params: list[click.Parameter] = [
        click.Argument(["notebook"], metavar="NOTEBOOK"),
        click.Option(["--scenario"], metavar="SCENARIO", help=say(language, "help_notebook_scenario")),
        click.Option(
            ["--out", "folder"],
            metavar="DIR",
            default="work",
            show_default=True,
            help=say(language, "help_notebook_out"),
        ),
    ]
    commands: list[click.Command] = [subcommand("notebook", "new", new, params, language)]
    return group_of("notebook", commands, [], "about_notebook", language)
