"""`index.html`: all reports of a folder on one page, with their headline figures, differences and links."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

from simkit.base.money import format_wan, signed
from simkit.base.said import listed
from simkit.base.whole_files import write_whole
from simkit.base.words import catalogue, say
from simkit.report.make.listing import Failed, Listed, keep_newest, listed_reports
from simkit.report.make.summary import Figure, Summary
from simkit.report.papers.escape import escaped
from simkit.report.papers.markup import heading_html, text_html, title_html
from simkit.report.papers.table import Language
from simkit.report.papers.web_page import framed
from simkit.report.tables.table_draft import percent

__all__ = ["INDEX", "index_html", "write_index"]

INDEX = "index.html"
#: Long titles break, and a name may be as long as it likes.
_STYLE = """
main { max-width: 84rem; width: 100%; }
td.files { min-width: 15em; }
td.files a { white-space: nowrap; }
td.which { min-width: 12em; }
td.which strong { display: block; }
td.which .name { color: var(--soft); }
td.which, td.message { overflow-wrap: anywhere; }
td.message, td.basis { white-space: pre-line; }
td.basis { min-width: 11em; }
th.n { min-width: 5.5em; }
"""


# ---------------------------------------------------------------------- the page


def write_index(
    out: Path, lang: Language, now: Sequence[Path] = (), failed: Sequence[Failed] = ()
) -> Path | None:
    """Write the page; as it was, where nothing changed; None where there is nothing to list.

    Parameters
    ----------
    failed : sequence of Failed
        Those of this command; of a run's folder the last failure is known from there.

    Raises
    ------
    RunError
        When it cannot be written; an older one stays.
    """
    keep_newest(now)
    done, before = listed_reports(out, now)
    names = {one.name for one in failed}
    missing = [*failed, *(one for one in before if one.name not in names)]
    done = [one for one in done if one.record.summary.name not in names]
    if not done and not missing:
        return None
    return write_whole(out / INDEX, index_html(out, done, missing, lang))


def index_html(out: Path, done: Sequence[Listed], failed: Sequence[Failed], lang: Language) -> str:
    """The page's text; it asks the network for nothing, and links to files below its folder only."""
    counts = {"count": len(done), "failed": len(failed)}
    parts = {"runs": _runs(out, done, lang)}
    if failed:
        parts["failed"] = _failed(out, failed, lang)
    notes = ("needed", "difference", "newest")
    parts["notes"] = text_html("\n".join(say(lang, f"index.note.{name}") for name in notes), "note")
    titles = {name: say(lang, f"index.heading.{name}") for name in parts}
    body = f"<header>{title_html(say(lang, 'index.title'), say(lang, 'index.subtitle', **counts))}</header>"
    body += "".join(
        f'<section aria-labelledby="{name}">{heading_html(name, titles[name])}{part}</section>'
        for name, part in parts.items()
    )
    title, contents = say(lang, "index.title"), say(lang, "index.contents")
    return framed(body, titles.items(), lang=lang, title=title, contents=contents, style=_STYLE)


def _table(lang: Language, columns: Mapping[str, str], rows: Sequence[str], unit: str) -> str:
    """A table whose rows are HTML; `columns`: key to class."""
    heads = "".join(
        f'<th scope="col"{f" class={kind}" if kind else ""}>{escaped(say(lang, f"index.col.{key}"))}</th>'
        for key, kind in columns.items()
    )
    caption = f'<figcaption><span class="unit">{escaped(unit)}</span></figcaption>' if unit else ""
    return (
        f'<figure class="table wide">{caption}<div class="scroll" tabindex="0"><table>'
        f"<thead><tr>{heads}</tr></thead><tbody>{''.join(rows)}</tbody></table></div></figure>"
    )


def _runs(out: Path, done: Sequence[Listed], lang: Language) -> str:
    if not done:
        return text_html(say(lang, "index.none"))
    columns = {"scenario": "", "basis": "", "needed": "n", "interval": "n", "more_needed": "n"}
    columns |= {"expected": "n", "more_expected": "n", "draws": "n", "files": ""}
    return _table(lang, columns, [_run(out, one, lang) for one in done], say(lang, "index.unit"))


def _run(out: Path, one: Listed, lang: Language) -> str:
    """A report's row."""
    found = one.record.summary
    basis = say(
        lang,
        "index.basis",
        fund=listed(found.funds, lang),
        year=found.year,
        confidence=percent(found.confidence / 10_000),
        as_of=found.as_of,
    )
    numbers = [
        _amount(found.needed, lang, error=False),
        _interval(found.needed, lang),
        _more(found, found.more_needed, lang),
        _amount(found.expected, lang),
        _more(found, found.more_expected, lang),
        f"{found.draws:,} / {found.seed}",
    ]
    cells = "".join(f'<td class="n">{escaped(text)}</td>' for text in numbers)
    links = "<br>".join(_links(out, one, lang))
    name = f'<span class="name"><bdi>{_broken(found.name)}</bdi></span>'
    return (
        f'<tr><td class="which"><strong><bdi>{escaped(found.title.said(lang))}</bdi></strong>{name}</td>'
        f'<td class="basis"><bdi>{escaped(basis)}</bdi></td>{cells}<td class="files">{links}</td></tr>'
    )


def _amount(figure: Figure, lang: Language, *, error: bool = True, sign: bool = False) -> str:
    """An amount with its standard error, in 万元; a refused one says how many draws it needs."""
    if figure.value is None or figure.needs is not None:
        return say(lang, "index.refused", needs=f"{figure.needs:,}")
    value = format_wan(figure.value)
    value = signed(value) if sign else value
    if not error or figure.error is None:
        return value
    return say(lang, "index.with_error", value=value, error=format_wan(figure.error))


def _interval(figure: Figure, lang: Language) -> str:
    if figure.low is None or figure.high is None:
        return "—"
    return say(lang, "index.range", low=format_wan(figure.low), high=format_wan(figure.high))


def _more(found: Summary, figure: Figure | None, lang: Language) -> str:
    """A difference from the baseline, or why there is none."""
    if not found.base:
        return say(lang, "index.base")
    return say(lang, "index.not_compared") if figure is None else _amount(figure, lang, sign=True)


def _links(out: Path, one: Listed, lang: Language) -> Iterator[str]:
    """A line of links a language; only to files that are there."""
    known = {each for found in one.record.outputs.values() for each in found}
    languages = sorted(known, key=lambda each: (each != lang, each))  # the page's own first
    for each in languages:
        links = [
            _link(out, one.folder / file, _label(output, file, number, lang))
            for output, found in one.record.outputs.items()
            for number, file in enumerate(_pages_first(found.get(each, {})))
            if (one.folder / file).is_file()
        ]
        if links:
            yield f"{escaped(say(each, 'language.name'))}: {' · '.join(links)}"


def _pages_first(files: Mapping[str, str]) -> list[str]:
    """What is read comes before the notebook that it was made by."""
    return sorted(files, key=lambda name: name.endswith(".ipynb"))


def _label(output: str, file: str, number: int, lang: Language) -> str:
    """An output's own words for its first file, else those of the kind of file."""
    own, kind = f"index.output.{output}", f"index.suffix.{file.rpartition('.')[2]}"
    words = catalogue(lang)
    return words[own] if number == 0 and own in words else words.get(kind, file)


def _link(out: Path, path: Path, text: str) -> str:
    address = quote(Path(os.path.relpath(path, out)).as_posix())
    return f'<a href="{escaped(address)}">{escaped(text)}</a>'


def _failed(out: Path, failed: Sequence[Failed], lang: Language) -> str:
    rows = []
    for one in failed:
        pages = sorted(one.folder.glob("*.failed.html")) if one.folder else []
        links = "<br>".join(
            _link(out, page, say(lang, "index.failed_page", name=page.name)) for page in pages
        )
        message = escaped(_plain(one.message))
        rows.append(
            f'<tr><td class="which"><strong><bdi>{_broken(one.name)}</bdi></strong></td>'
            f'<td class="message x"><bdi>{message}</bdi></td><td class="files">{links}</td></tr>'
        )
    return _table(lang, {"scenario": "", "message": "", "files": ""}, rows, "")


def _broken(name: str) -> str:
    """Escaped; it may break before what is laid on, and after an underscore."""
    return re.sub(r"([+=]|(?<=_))", r"<wbr>\1", escaped(name))


def _plain(message: str) -> str:
    """Without what a terminal is told by, and control characters."""
    return re.sub(r"\x1b\[[0-9;]*[A-Za-z]|[\x00-\x08\x0b-\x1f]", "", message)
