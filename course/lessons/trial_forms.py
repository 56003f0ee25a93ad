"""The forms of the blind trial by name, and which of them a learner takes first."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from course import judgement, media, record
from course.errors import InputError
from course.media.catalogue import data_folder

TITLES = judgement.FormOrder(
    "How sharp are your eyes?", "How sharp are your eyes now?", "How sharp are your eyes, two weeks on?"
)
"""What stands above a learner's three trials, whichever form comes first."""


def current_forms() -> dict[str, Path]:
    """The forms that learners get today: name and file.

    Examples
    --------
    >>> list(current_forms())
    ['a2', 'b2', 'c2']
    """
    return {path.stem: path for path in sorted((data_folder() / "forms").glob("*.toml"))}


def earlier_forms() -> dict[str, Path]:
    """Forms that nobody new gets; the records of those who took them stay readable.

    Examples
    --------
    >>> list(earlier_forms())
    ['a', 'b', 'c']
    """
    return {path.stem: path for path in sorted((data_folder() / "forms" / "earlier").glob("*.toml"))}


def load_form(name: str) -> judgement.Form:
    """A form by name: one of the course's, of today or earlier, or one of the teacher's own folder.

    Raises
    ------
    InputError
        There is none of that name.

    Examples
    --------
    >>> len(load_form("a2").items), len(load_form("a").items)
    (24, 24)
    """
    shipped, own = current_forms(), media.own_forms()
    files = shipped | earlier_forms()
    if isinstance(name, str) and name in files:
        return judgement.load_form(files[name])
    if isinstance(name, str) and name in own:
        return judgement.Form(name, own[name].items, own[name].title)
    raise InputError(f"There is no form {name!r}. Choose one of: {', '.join(map(repr, (*shipped, *own)))}.")


def form_order(log: record.Record) -> judgement.FormOrder:
    """The forms of a learner's three measurements, by their record: see `course.judgement.order_of_forms`."""
    begun = sorted(log.events("trial.begin") + log.events("trial.answer"), key=lambda event: event.when)
    return judgement.order_of_forms(log.code, [event.data for event in begun])


def learners_form(log: record.Record, name: str | None = None) -> judgement.Form:
    """The form that a learner takes first, or another one by name, under the title that fits its place in their order.

    Raises
    ------
    InputError
        There is none of that name.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     log = record.open(folder)
    ...     learners_form(log).title, learners_form(log, "c2").title
    ('How sharp are your eyes?', 'How sharp are your eyes, two weeks on?')
    """
    order = form_order(log)
    form = load_form(order.first if name is None else name)
    return replace(form, title=TITLES[order.index(form.name)]) if form.name in order else form
