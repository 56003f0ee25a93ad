"""Lesson 9: base rates in whole clips, an evidence ledger on a true film that is denied, and one's own confidence."""

from __future__ import annotations

import html
from fractions import Fraction
from typing import TYPE_CHECKING

from course import judgement, media, ui
from course.errors import InputError
from course.judgement.ledger import STEPS, Weight, odds_fraction, odds_words, tally
from course.lessons.how_sharp_are_your_eyes import draw_calibration
from course.lessons.lesson import Lesson, in_plain_words
from course.media.catalogue import data_folder
from course.ui.dots import told
from course.ui.words import signed

if TYPE_CHECKING:
    from collections.abc import Sequence

_lesson = Lesson("how-sure-should-you-be", questions="sure")
question, next_move, done = _lesson.question, _lesson.next_move, _lesson.done
ui.warm()

FLAGGED = "white-spray"
FILM = "warehouse-canal"
DOTS = "clips"
START = judgement.Frequencies(generated=20, hits=80, false_alarms=10)
GUESSED = "sure.guess"
GUESSES = {
    "10": "about 10 of them",
    "15": "about 15 of them",
    "50": "about 50 of them",
    "80": "about 80 of them",
    "90": "about 90 of them",
}
FEW = 12
"""Judgements from which on a mean is worth a sentence about too sure or not sure enough."""


@in_plain_words
def hook() -> ui.Player:
    """A clip that a detector has flagged, and no word about what it is."""
    return ui.player(media.load(FLAGGED), label="Flagged by the detector.")


@in_plain_words
def guess() -> ui.Choice:
    """How many of 100 flagged clips are generated, asked before any sum."""

    def keep(value: str) -> str:
        _lesson.log.append({"kind": GUESSED, "of_a_hundred": int(value)})
        return "Kept. You will see it again beside the sum."

    value = _guessed()
    return ui.Choice("Of 100 clips that it flags there, how many are generated?", GUESSES, value or "", keep)


def _guessed() -> str | None:
    values = [str(event.get("of_a_hundred")) for event in _lesson.past() if event.get("kind") == GUESSED]
    return values[-1] if values and values[-1] in GUESSES else None


@in_plain_words
def step_by_step(generated: int, hits: int, false_alarms: int) -> ui.Page:
    """The sum of a flag, in whole clips of a thousand.

    Parameters
    ----------
    generated : int
        Generated clips among the thousand.
    hits : int
        Of 100 generated clips, so many are flagged.
    false_alarms : int
        Of 100 camera clips, so many are flagged all the same.
    """
    now = judgement.Frequencies(generated, hits, false_alarms)
    lines = told(now)
    guessed = _guessed()
    if now.flagged:
        share = 100 * judgement.posterior(generated / 1000, hits / 100, false_alarms / 100)
        lines.append(f"Of 100 flagged clips about {share:.0f} are generated, in the long run.")
    if now == START and guessed:
        lines.append(f"You said about {guessed}.")
    if 0 < now.rightly < now.wrongly:
        lines.append(
            f"Most of what it flags comes from a camera: there are so many camera clips that {false_alarms} in 100 of "
            f"them are more than {hits} in 100 of the generated ones."
        )
    if now == START:
        lines.append("The clip above is one of those: a wave breaking, filmed in slow motion by a camera.")
    rows = (
        ("generated", now.rightly, now.missed, now.generated),
        ("from a camera", now.wrongly, now.passed, now.camera),
        ("all", now.flagged, now.missed + now.passed, 1000),
    )
    cells = "".join(
        f'<tr><th scope="row">{name}</th>' + "".join(f"<td>{number:,}</td>" for number in numbers) + "</tr>"
        for name, *numbers in rows
    )
    head = "".join(f'<th scope="col">{name}</th>' for name in ("1,000 clips", "flagged", "not flagged", "all"))
    return _page(lines, f"<table><thead><tr>{head}</tr></thead><tbody>{cells}</tbody></table>")


@in_plain_words
def dots() -> ui.DotsView:
    """A thousand clips as dots, with a slider for each number."""
    return ui.DotsView(dots_state())


def dots_state() -> judgement.FrequencyState:
    """The model behind `dots`."""
    return judgement.FrequencyState(DOTS, START, _lesson.log.append, _lesson.past())


@in_plain_words
def new_odds(for_it: int, against_it: int, times: float) -> ui.Page:
    """Odds before, times how much likelier the evidence is, gives odds after.

    Parameters
    ----------
    for_it, against_it : int
        The odds before: so many cases of one kind to so many of the other.
    times : float
        How much likelier the evidence is in the first kind than in the second.
    """
    for name, value in {"for_it": for_it, "against_it": against_it, "times": times}.items():
        if not isinstance(value, int | float) or isinstance(value, bool) or not 0.001 <= value <= 1000:
            raise InputError(f"{name} is a number from 0.001 to 1000, not {value!r}.")
    before = Fraction(str(for_it)) / Fraction(str(against_it))
    after = before * Fraction(str(times))
    left = Fraction(str(for_it)) * Fraction(str(times))
    return _page(
        [
            f"Before: {for_it:g} to {against_it:g}.",
            f"The evidence is {times:g} times as likely on the first side as on the second: "
            f"{for_it:g} × {times:g} = {float(left):g}.",
            f"After: {float(left):g} to {against_it:g}, which is {_plainly(after)}.",
        ]
    )


@in_plain_words
def two_reports(times: float = 30, one_source: bool = True) -> ui.Page:
    """Two reports, starting from even odds: from one source, or from two that know nothing of each other."""
    if times not in STEPS or isinstance(times, bool):
        raise InputError(f"times is one of the steps of the scale, such as 3, 10, 30 or 100; {times!r} is not.")
    if not isinstance(one_source, bool):
        raise InputError("one_source is True or False: do both reports go back to the same source?")
    step = STEPS.index(times)
    reports = {"first": Weight(step, "a"), "second": Weight(step, "a" if one_source else "b")}
    odds, counted = tally(reports, Fraction(1))
    reason = (
        "One source: the second report could hardly have come out otherwise, true or not. It counts once."
        if one_source
        else "Two sources that know nothing of each other: the second could have come out otherwise. Both count."
    )
    return _page([reason, f"{sum(one.counts for one in counted)} of 2 counted: the odds are {_plainly(odds)}."])


def _plainly(odds: Fraction) -> str:
    return odds_fraction(odds) if 1 / 1_000_000 <= odds <= 1_000_000 else "beyond a million to 1"


@in_plain_words
def film() -> ui.Player:
    """A frame of the film that the ferry line calls AI."""
    note = "A frame of the film. (A photograph from our pack plays the part of the film; ferry and town are made up.)"
    return ui.player(media.load(FILM), label=note)


@in_plain_words
def ledger() -> ui.LedgerView:
    """The evidence ledger for the film of the ferry."""
    return ui.LedgerView(ledger_state())


def ledger_state() -> judgement.LedgerState:
    """The model behind `ledger`."""
    ferry = judgement.load_ledgers(data_folder() / "ledgers.toml")["ferry-speed"]
    return judgement.LedgerState(ferry, _lesson.log.append, _lesson.past())


@in_plain_words
def my_ledger() -> ui.Page:
    """Where the learner's own ledger stands, in three sentences."""
    state = ledger_state()
    if not state.weights:
        return _page(["Your ledger is still empty. Enter a piece or two above, then run this cell again."])
    total, count = len(state.ledger.evidence), len(state.weights)
    sides = state.ledger.claim, state.ledger.otherwise
    lines = [
        f"You have entered {count} of {total} pieces. They go back to "
        f"{len({weight.source for weight in state.weights.values()})} of your sources.",
        f"Your odds: {odds_fraction(state.odds)}, {odds_words(state.odds, *sides)}. They are yours: other weights give "
        "other odds.",
    ]
    if state.naive != state.odds:
        lines.append(f"Had each piece counted, whatever its source: {odds_fraction(state.naive)}.")
    return _page(lines)


@in_plain_words
def so_far() -> ui.Page:
    """The learner's own confidence in the course so far, against what came of it."""
    mine = judgement.confidence_so_far(_lesson.past())
    lines = _of_questions(mine)
    if not mine.confidences:
        missing = (
            "There is no finished trial in your record yet, so there is nothing to compare. That is all right: "
            "lesson 1 has one, and this cell waits for it."
        )
        return _page([*lines, missing])
    gap, count = mine.overconfidence, len(mine.confidences)
    mean, right = sum(mine.confidences) / count, sum(mine.correct)
    words = [f"{count} judgements in finished trials: on average you were {mean:.0%} sure, and right in {right}."]
    if count < FEW:
        words.append("So few cannot say whether you are too sure.")
    elif gap.low <= 0 <= gap.high:
        words.append(
            f"The gap of {signed(100 * gap.value)} points may be chance (95 % interval {signed(100 * gap.low)} to "
            f"{signed(100 * gap.high)})."
        )
    else:
        side = "surer than right" if gap.value > 0 else "righter than sure"
        words.append(
            f"You were {side}, by {abs(100 * gap.value):.0f} points (95 % interval {signed(100 * gap.low)} to "
            f"{signed(100 * gap.high)})."
        )
    parts = "; ".join(
        f"when {part.mean_confidence:.0%} sure, right {part.share_correct:.0%} of {part.count}"
        for part in mine.calibration
    )
    text = " ".join([*words, *lines])
    return ui.figure(lambda fig: draw_calibration(fig, mine), f"{text} {parts}.", caption=text, size=(5.4, 4))


def _of_questions(mine: judgement.SoFar) -> list[str]:
    lines = []
    for answers, when in ((mine.sure, "sure"), (mine.unsure, "not sure")):
        if answers:
            lines.append(f"Questions where you said you were {when}: {sum(answers)} of {len(answers)} right at first.")
    return lines


def _page(lines: Sequence[str], more: str = "") -> ui.Page:
    words = "".join(f"<p>{html.escape(one)}</p>" for one in lines)
    return ui.Page(more + words, " ".join(lines))
