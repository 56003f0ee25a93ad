"""Lesson 0: find one's way, choose a path and a language of confidence, save and restore, and see whom to thank."""

from __future__ import annotations

import html
from contextlib import suppress
from pathlib import Path

from course import media, pages, record, ui
from course.lessons.lesson import Lesson, in_plain_words, outline
from course.ui.confidence import LANGUAGES

PATHS = {
    "full": "All of it: twelve lessons, about ten hours.",
    "short": "The short path: lessons 1, 4, 7, 8, 9 and 12, about five and a half hours.",
    "look": "I just want to look around.",
}

_lesson = Lesson("welcome", questions="welcome")
question, done = _lesson.question, _lesson.done


@in_plain_words
def tour() -> ui.Player:
    """Two clips on one playhead; which of them a camera recorded is the question that follows."""
    pair = media.pair("animal")
    view = ui.compare(media.load(pair.camera), media.load(pair.generated), labels=("The bird", "The fox"))
    view.observe(_stepped, "stepped")
    return view


def _stepped(_change: object) -> None:
    # Where it cannot be kept, the next answer says so; a look at a clip needs no trouble.
    with suppress(record.RecordError):
        _lesson.log.append({"kind": "player.step", "player": "tour"})


def _choice(name: str, label: str, options: dict[str, str], default: str, kept: str) -> ui.Choice:
    def keep(value: str) -> str:
        _lesson.log.prefer(name, value)
        return kept

    return ui.Choice(label, options, str(_lesson.log.preference(name, default)), keep)


@in_plain_words
def path() -> ui.Choice:
    """Choose a path through the course."""
    return _choice("path", "Which path do you want to take?", PATHS, "", "Kept. You can change it at any time.")


@in_plain_words
def confidence() -> ui.Choice:
    """Choose how to say how sure one is."""
    label = "How would you like to say how sure you are?"
    return _choice("confidence", label, LANGUAGES, "", "Kept. The sliders of the course will speak like this.")


@in_plain_words
def timetable(folder: Path | str = ".") -> ui.Page:
    """The lessons, their minutes, and which are on the chosen path; those without a notebook yet say so."""
    short_only = _lesson.log.preference("path") == "short"
    rows = []
    for entry in outline():
        if short_only and not entry.short:
            continue
        here = Path(folder, entry.notebook).is_file()
        title = f'<a href="{entry.notebook}">{html.escape(entry.title)}</a>' if here else html.escape(entry.title)
        state = f"{entry.minutes} min" if here else "being written"
        rows.append(
            f"<tr><td>{entry.number}</td><td>{title}</td><td>{state}</td><td>{'yes' if entry.short else ''}</td></tr>"
        )
    head = "<tr><th>Lesson</th><th>Title</th><th>Time</th><th>Short path</th></tr>"
    return ui.Page(f"<table>{head}{''.join(rows)}</table>", f"A table of {len(rows)} lessons.")


@in_plain_words
def credits() -> ui.Page:
    """Who made the pictures of the course: packages, authors and licences, and no word about which is generated."""
    items = media.catalogue()
    packages = media.by_package(items.values())
    parts = "".join(_thanks(package) for package in packages)
    words = f"The {len(items)} pictures and clips of the course come from {len(packages)} collections."
    note = "Which of them a camera recorded is not told here, so that no trial is spoiled. It is in docs/credits.md."
    return ui.Page(
        f'<p>{words}</p><details class="lt-text"><summary>Whom to thank</summary><ul>{parts}</ul></details>'
        f'<p class="lt-quiet">{note}</p>',
        f"{words} Open the list to see authors and licences. {note}",
    )


def _thanks(package: media.PackageCredits) -> str:
    """One line of the list: a collection, how many items, who, and under which licence."""
    own = package.registry == "own"
    name = html.escape("your own folder" if own else f"{package.name} {package.version}")
    publisher = "" if own else f", published by {html.escape(package.publisher)}"
    count = f"{len(package.items)} item{'s' if len(package.items) > 1 else ''}"
    licences = ", ".join(_licence(licence) for licence in sorted(package.licences))
    authors = html.escape("; ".join(sorted(package.authors)))
    return f"<li><strong>{name}</strong>{publisher} ({count}). Authors: {authors}. Licence: {licences}.</li>"


def _licence(licence: str) -> str:
    address = media.licence_address(licence)
    name = html.escape(licence)
    return f'<a href="{address}" target="_blank" rel="noopener" style="color: inherit">{name}</a>' if address else name


@in_plain_words
def keep() -> ui.Keep:
    """The buttons that save and restore the learner's record."""
    return ui.Keep(_lesson.log)


@in_plain_words
def put_back() -> ui.PutBack | ui.Page:
    """A list of pages, and a button that puts one back as the course has it."""
    if Path.cwd().is_relative_to(pages.folder()):
        return ui.PutBack(pages.overview, pages.put_back)
    words = (
        "Here you work on the pages of the course themselves, so there is nothing to put back from. On Binder a fresh "
        "machine brings fresh pages."
    )
    return ui.Page(f'<p class="lt-quiet">{words}</p>', words)
