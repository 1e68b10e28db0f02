"""Templates of markup: whatever is laid into one stands there as text, made visible and escaped."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from simkit.report.papers.escape import escaped

__all__ = ["TEMPLATES", "environment", "render"]

TEMPLATES = Path(__file__).parents[1] / "templates"


@cache
def environment() -> Environment:
    """The environment of every template."""
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        finalize=lambda value: value if isinstance(value, Markup) else Markup(escaped(str(value))),
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )


def render(name: str, **values: Any) -> Markup:
    """A template with values laid in."""
    return Markup(environment().get_template(name).render(**values))
