"""What every lesson has: questions, a source move, promises that the record ticks, plain words when something fails."""

from __future__ import annotations

import functools
import html
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import ParamSpec, TypeVar

from course import judgement, media, record, ui
from course.errors import CourseError, InputError
from course.lessons.achievements import achievements
from course.lessons.arguments import check_arguments
from course.media.catalogue import data_folder
from course.media.releases import first_months, release

P = ParamSpec("P")
R = TypeVar("R")

TICK = '<svg viewBox="0 0 16 16" aria-hidden="true"><path d="M3 8.5l3.2 3.2L13 5"/></svg>'


@functools.cache
def free_items(**wanted: str) -> tuple[media.Item, ...]:
    """What a lesson may show openly: nothing of which a form of the blind trial needs that it is new to the eye.

    So no item of a form, none of the same scene, and nothing made with a generator as new as those that the last form
    holds back. A teacher's own items are not among them: what a page says of "our clips" holds for every class.

    Parameters
    ----------
    **wanted : str
        As for `course.media.Catalogue.where`: kind, origin, purpose ...

    Examples
    --------
    >>> {item.kind for item in free_items(kind="clip")}
    {'clip'}
    """
    pack = media.catalogue(data_folder())
    forms = judgement.load_forms(data_folder() / "forms")
    unseen = {pack[name].scene for form in forms for name in form.items}
    since = first_months(pack.values())
    held = [since[release(pack[name].generator or "")] for form in forms for name in form.held_back]
    first = min(held, default="9999")
    return tuple(
        item
        for item in pack.where(**wanted)
        if item.scene not in unseen and (item.generator is None or since[release(item.generator)] < first)
    )


class LessonError(CourseError):
    """Something a learner can put right; Jupyter shows the sentence alone, without a traceback."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


def in_plain_words(function: Callable[P, R]) -> Callable[P, R]:
    """Turn the errors a learner can cause or meet into a `LessonError`, which shows as one sentence."""

    @functools.wraps(function)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            check_arguments(function, args, kwargs)
            return function(*args, **kwargs)
        except CourseError as problem:
            raise LessonError(str(problem)) from None

    return wrapped


@dataclass(frozen=True)
class Promise:
    """What a learner will be able to do, and the entries of the record that show it."""

    text: str
    shown_by: tuple[str, ...]


@dataclass(frozen=True)
class Entry:
    """A lesson in the outline of the course. One without promises is not written yet."""

    number: int
    stem: str
    title: str
    minutes: int
    short: bool
    promises: tuple[Promise, ...] = ()

    @property
    def notebook(self) -> str:
        """File name of its notebook.

        Examples
        --------
        >>> outline()[0].notebook
        '00-welcome.ipynb'
        """
        return f"{self.number:02d}-{self.stem}.ipynb"


def outline(path: Path | None = None) -> tuple[Entry, ...]:
    """The lessons of the course in order, from ``data/lessons.toml``."""
    content = tomllib.loads((path or data_folder() / "lessons.toml").read_text(encoding="utf-8"))
    return tuple(
        Entry(
            **{
                **lesson,
                "promises": tuple(Promise(one["text"], tuple(one["shown_by"])) for one in lesson.get("promises", ())),
            }
        )
        for lesson in content["lesson"]
    )


class Lesson:
    """The parts that all lessons share.

    Parameters
    ----------
    stem : str
        The lesson, as in ``data/lessons.toml``.
    questions : str
        Its file in ``data/questions``, and the first part of its question ids.
    """

    def __init__(self, stem: str, questions: str):
        self.entry = next(entry for entry in outline() if entry.stem == stem)
        self._questions = questions

    @property
    def log(self) -> record.Record:
        """The learner's record."""
        return record.open()

    def past(self) -> list[dict]:
        """What has been answered so far, for the models to take up."""
        return [dict(event.data) for event in self.log.events()]

    def following(self) -> record.Following:
        """The same for models that look at the record again before they save, see `course.judgement.Recorded`."""
        return self.log.following()

    @in_plain_words
    def question(self, name: str) -> ui.QuestionView:
        """A question of this lesson by its short name, with what was answered before."""
        return ui.QuestionView(self.question_state(name))

    def question_state(self, name: str) -> judgement.QuestionState:
        """The model behind `question`."""
        known = judgement.load_questions(data_folder() / "questions" / f"{self._questions}.toml")
        key = f"{self._questions}/{name}"
        if key not in known:
            names = ", ".join(repr(one.split("/")[1]) for one in known)
            raise InputError(f"This lesson has no question {name!r}. It has {names}.")
        return judgement.QuestionState(known[key], self.log.append, self.following(), self.log.code)

    @in_plain_words
    def next_move(self, name: str) -> ui.MovesView:
        """The source move of this lesson: choose and rank what to check outside the frame."""
        return ui.MovesView(self.moves_state(name))

    def moves_state(self, name: str) -> judgement.MovesState:
        """The model behind `next_move`."""
        known = judgement.load_moves(data_folder() / "questions" / "next-moves.toml")
        key = f"{self._questions}/{name}"
        if key not in known:
            names = ", ".join(repr(one.split("/")[1]) for one in known if one.startswith(f"{self._questions}/"))
            raise InputError(f"This lesson has no source move {name!r}. It has {names}.")
        return judgement.MovesState(known[key], self.log.append, self.past())

    def kept(self) -> list[bool]:
        """Which of the promises the record shows to be kept."""
        shown = set(achievements(self.past()))
        return [shown.issuperset(promise.shown_by) for promise in self.entry.promises]

    @in_plain_words
    def done(self) -> ui.Page:
        """The promises once more, ticked by what the record shows."""
        lines, words = [], []
        for promise, kept in zip(self.entry.promises, self.kept(), strict=True):
            state = "done" if kept else "not yet shown"
            lines.append(
                f'<li class="{"lt-done" if kept else ""}"><span class="lt-tick">{TICK if kept else ""}</span>'
                f'<span>{html.escape(promise.text)} <span class="lt-quiet">({state})</span></span></li>'
            )
            words.append(f"{promise.text} ({state})")
        note = "Ticks come from your own record. A box without one is no bad mark: go back to that part when you like."
        due = judgement.next_repeat(
            event.when
            for event in self.log.events("question.answer")
            if event.data.get("question") == f"{self._questions}/exit"
        )
        if due:
            note += f" The exit question comes back on {due:%d %B %Y}: what one meets again stays."
        return ui.Page(
            f'<p><strong>You can now</strong></p><ul class="lt-promises">{"".join(lines)}</ul>'
            f'<p class="lt-quiet">{html.escape(note)}</p>',
            "You can now: " + "; ".join(words),
        )
