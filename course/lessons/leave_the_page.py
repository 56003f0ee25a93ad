"""Lesson 8: leave the page. Claims in the offline web, a browser to follow them with, and trails to compare."""

from __future__ import annotations

import html
from functools import cache, lru_cache
from threading import Thread

from course import judgement, sources, ui
from course.errors import InputError
from course.lessons.lesson import Lesson, in_plain_words
from course.media.catalogue import data_folder
from course.sources import VERDICTS, Browser, Trail
from course.ui import confidence

_lesson = Lesson("leave-the-page", questions="leave")
question, next_move, done = _lesson.question, _lesson.next_move, _lesson.done
ui.warm()

CASES = ("a", "b", "d", "e", "f")
"""Stories of this lesson. The ferry, c, belongs to lesson 9."""


@lru_cache(maxsize=1)
def _web() -> tuple[sources.Web, dict[str, sources.Story]]:
    web = sources.web()
    return web, sources.stories(web)


@cache
def _warm_pictures() -> Thread:
    """Begin to look at all pictures of the web, which takes a second or two, while the learner reads."""
    web = _web()[0]
    thread = Thread(target=lambda: web.find_image(next(iter(web.pictures))), daemon=True)
    thread.start()
    return thread


def _story(name: str) -> sources.Story:
    if not isinstance(name, str) or name not in CASES:
        raise InputError(f"There is no case {name!r}. Choose one of {', '.join(map(repr, CASES))}.")
    return _web()[1][name]


def _expert(story: sources.Story, number: int) -> sources.Expert:
    whole = isinstance(number, int) and not isinstance(number, bool)
    if not whole or not 1 <= number <= len(story.experts):
        raise InputError(f"expert is a whole number from 1 to {len(story.experts)}; got {number!r}.")
    return story.experts[number - 1]


@in_plain_words
def hook() -> ui.BrowserView:
    """The page with the first claim, as it reaches somebody. Steps count from here on."""
    _warm_pictures()
    return ui.BrowserView(case_model("a"), judging=False)


@in_plain_words
def watch(case: str = "a", expert: int = 1) -> ui.BrowserView:
    """Go along with somebody who checks facts for a living, step by step."""
    return ui.BrowserView(watch_model(case, expert))


def watch_model(case: str = "a", expert: int = 1) -> Browser:
    """The model behind `watch`. It notes nothing: the steps are not the learner's."""
    story = _story(case)
    return Browser(_web()[0], story, _lesson.log.append, guide=_expert(story, expert))


@in_plain_words
def case(name: str = "b") -> ui.BrowserView:
    """The browser, with one claim to be checked."""
    return ui.BrowserView(case_model(name), language=_language())


def case_model(name: str = "b") -> Browser:
    """The model behind `case`."""
    return Browser(_web()[0], _story(name), _lesson.log.append, _lesson.past())


def _language() -> str:
    return str(_lesson.log.preference("confidence", "percent"))


@in_plain_words
def trail(case: str = "b", expert: int = 1) -> ui.Page:
    """The learner's trail as a map; once there is a verdict, beside that of an expert, with reasons."""
    story = _story(case)
    web = _web()[0]
    walked = Trail(story.id, story.start, lambda event: None, _lesson.past(), web.found)
    measures = walked.measures
    told = VERDICTS.get(walked.verdict or "", walked.verdict or "")
    if told:
        told = f"{told}; {confidence.said(walked.confidence, _language())}."
    seen = {name: picture.alt for name, picture in web.pictures.items()}
    points = sources.citations(web, walked.steps)
    ways = [ui.Way("Your trail", walked.steps, told, measures.first_outside, points)]
    one = _expert(story, expert)
    if walked.verdict is None:
        page = ui.trail_map(story.start, ways, seen)
        rest = "Say in the browser what you think of the claim. Then run this box again to see an expert's."
        return ui.Page(f'{page._repr_html_()}<div class="lt"><p class="lt-note">{rest}</p></div>', f"{page!r} {rest}")
    points = sources.citations(web, one.steps)
    ways.append(ui.Way(one.name.split(":")[0], one.steps, one.verdict, _first_outside(story, one), points))
    page = ui.trail_map(story.start, ways, seen)
    left = _left(measures)
    truth = f"{story.truth} {left}"
    return ui.Page(
        f'<div class="lt"><p class="lt-note">{html.escape(truth)}</p></div>{page._repr_html_()}', f"{truth} {page!r}"
    )


def _left(measures: sources.Measures) -> str:
    if measures.left_at is None:
        return "You judged without leaving the site of the claim."
    count = len(measures.sources)
    if not count:
        return f"You left the page at step {measures.left_at}, but opened no page of another site."
    early = f", within the first {sources.EARLY} steps, as people do who check facts for a living" * measures.left_early
    return (
        f"You left the page at step {measures.left_at}{early}. You read pages of {count} other "
        f"{'site' if count == 1 else 'sites'}."
    )


def _first_outside(story: sources.Story, expert: sources.Expert) -> int | None:
    walked = Trail(story.id, story.start, lambda event: None)
    for step in expert.steps:
        walked.take(step.act, step.what, step.seconds)
    return walked.measures.first_outside


# the sentence that would have been true


def sentence_state() -> judgement.WritingState:
    """The model behind `sentence`."""
    known = judgement.load_writings(data_folder() / "writing.toml")
    return judgement.WritingState(known["leave/sentence"], _lesson.log.append, _lesson.past())


@in_plain_words
def sentence() -> ui.WritingView:
    """Write the sentence that would have been true, then hold it against a checklist."""
    return ui.WritingView(sentence_state())
