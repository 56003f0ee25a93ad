"""Lesson 1: the blind trial, and what its answers say: sensitivity, lean, calibration. Then how a machine makes a
picture: out of noise, step by step, on the learner's own machine.

Half of the learners take form a2 first and half b2 (`course.judgement.order_of_forms`). A class can judge other forms
too: those of ``data/forms``, and those of a teacher's own folder, as in ``lesson.trial("own")``. Everything that shows
a result takes the name of the form as well.
"""

from __future__ import annotations

import html
import tomllib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from textwrap import fill, shorten
from threading import Thread
from typing import TYPE_CHECKING

import numpy as np

from course import diffusion, judgement, media, ui
from course.diffusion import sixteen as squares
from course.errors import InputError
from course.judgement.order import EARLIER
from course.lessons import colour_and_movement
from course.lessons.lesson import Lesson, in_plain_words
from course.lessons.marked import told_of
from course.lessons.trial_forms import form_order, learners_form, load_form
from course.media.catalogue import data_folder
from course.ui import confidence
from course.ui.words import fixed, signed

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_lesson = Lesson("how-sharp-are-your-eyes", questions="eyes")
question, next_move, done = _lesson.question, _lesson.next_move, _lesson.done
together = ui.together
ui.warm()

SEEN_BEFORE = (
    "You have judged these items before, and have seen what they are. So this result says less about your eyes than "
    "the first one did."
)
"""What stands under a result that is not the first one."""

EARLIER_SET = (
    "You judged one of our first sets. In it colour and movement tell more than they should, so the result says less "
    "about your eyes than one of today's sets would."
)
"""What stands under a result with a form that nobody new gets."""

GUESSES = {
    "12": "about 12, as a coin would",
    "15": "about 15",
    "18": "about 18",
    "21": "about 21",
    "24": "all 24",
}


@in_plain_words
def hook() -> ui.Player:
    """One odd picture, and no word about it."""
    return ui.player(media.load("beak-close"))


@in_plain_words
def four_outcomes(caught: int, wrongly_accused: int) -> ui.Page:
    """Twenty-four judgements as dots: caught, missed, believed, wrongly accused; and what they say of who judged.

    Parameters
    ----------
    caught : int
        Generated items called generated, of 12.
    wrongly_accused : int
        Camera items called generated, of 12.
    """
    signal = _signal(caught, wrongly_accused)
    text = (
        f"Of 12 generated items {signal.hits} were caught and {signal.misses} missed. Of 12 camera items "
        f"{signal.correct_rejections} were believed and {signal.false_alarms} wrongly accused."
    )
    dots = ui.figure(lambda fig: _draw_outcomes(fig, signal), text, caption=text, size=(7.2, 2.6))
    return together(dots, sharpness(caught, wrongly_accused))


@in_plain_words
def sharpness(caught: int, wrongly_accused: int) -> ui.Page:
    """Sensitivity and lean for two counts, in numbers and in a sentence."""
    signal = _signal(caught, wrongly_accused)
    lean = f"{signed(signal.criterion, 2)}: {_lean(signal.criterion)}"
    words = f"Sensitivity d' = {fixed(signal.d_prime, 2)}. Lean c = {lean}."
    return ui.Page(f"<p>{html.escape(words)}</p>", words)


def _signal(caught: int, wrongly_accused: int) -> judgement.SignalDetection:
    for number in (caught, wrongly_accused):
        if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number <= 12:
            raise InputError(f"Use whole numbers from 0 to 12; {number!r} is not one.")
    return judgement.SignalDetection(caught, 12 - caught, wrongly_accused, 12 - wrongly_accused)


def _lean(criterion: float) -> str:
    if criterion < -0.3:
        return "quick to say “generated”"
    if criterion > 0.3:
        return "quick to say “camera”"
    return "no clear lean either way"


@in_plain_words
def guess() -> ui.Choice:
    """How many of the 24 a learner expects to get right, asked before the trial."""

    def keep(value: str) -> str:
        _lesson.log.append({"kind": "trial.guess", "form": first_form(), "right": int(value)})
        return "Kept. You will see it again beside your result."

    kept = _guesses(first_form())
    value = kept[-1] if kept else ""
    return ui.Choice("How many of the 24 do you think you will get right?", GUESSES, value, keep)


def _guesses(form: str) -> list[str]:
    """What was guessed before the trial with a form; a line that holds anything else is passed over."""
    events = _lesson.log.events("trial.guess")
    values = [str(event.data.get("right")) for event in events if event.data.get("form") == form]
    return [value for value in values if value in GUESSES]


def first_form() -> str:
    """The form that this learner takes first, by name."""
    return form_order(_lesson.log).first


def trial_model(form: str | None = None) -> judgement.Trial:
    """The blind trial with a form, the learner's first one by default, taken up where the learner left it."""
    form = learners_form(_lesson.log, form)
    items = media.catalogue()
    return judgement.Trial(
        form,
        truth={name: items[name].origin for name in form.items},
        kinds={name: items[name].kind for name in form.items},
        save=_lesson.log.append,
        past=_lesson.following(),
    )


def checks() -> dict[str, str]:
    """The answers to choose from when the trial asks what one would check next."""
    path = data_folder() / "questions" / "next-checks.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))["checks"]


@in_plain_words
def trial(form: str | None = None) -> ui.TrialView:
    """A form, one item at a time.

    Parameters
    ----------
    form : str, optional
        Another form than the learner's first one, by name.
    """
    language = str(_lesson.log.preference("confidence", "percent"))
    model = trial_model(form)
    prepare(model.order or model.form.items)
    return ui.TrialView(model, media.load, checks(), language)


def prepare(items: Sequence[str]) -> Thread:
    """Bring a teacher's own clips to the common form in the background: each takes some seconds, and nobody waits."""
    own = [item for name in items if isinstance(item := media.catalogue()[name], media.OwnItem)]

    def load_all() -> None:
        for item in own[:24]:  # about as many as are kept
            with suppress(media.MediaError):  # the trial says what is wrong when it comes to the item
                media.load(item)

    thread = Thread(target=load_all, daemon=True)
    thread.start()
    return thread


def _finished(form: str | None) -> judgement.TrialResult | ui.Page:
    model = trial_model(form)
    if model.last_result is not None:
        return model.last_result
    count, total = model.progress
    words = f"You have judged {count} of {total}. Finish the trial above, then run this cell again."
    return ui.Page(f'<p class="lt-note">{words}</p>', words)


@in_plain_words
def results(form: str | None = None) -> ui.Page:
    """What the trial says: camera items believed, generated items caught, sensitivity and lean with intervals."""
    result = _finished(form)
    if isinstance(result, ui.Page):
        return result
    signal = result.signal
    words = [*_counted(signal), *(_measured(signal) if signal.camera and signal.generated else _one_sided(signal))]
    words += _by_kind(result)
    if shortcut := colour_and_movement.sentence(result.form.items):
        words.append(f"{shortcut} You had {signal.correct_rejections + signal.hits}.")
    if result.form.name in EARLIER:
        words.append(EARLIER_SET)
    guesses = _guesses(result.form.name)
    if guesses:
        words.append(f"You expected {guesses[-1]} right. It was {signal.correct_rejections + signal.hits}.")
    if signal.false_alarms > signal.misses:
        items = "1 real item" if signal.false_alarms == 1 else f"{signal.false_alarms} real items"
        words.append(
            f"You called {items} generated. On most days that would be the more frequent mistake: "
            "most of what you meet is real."
        )
    if result.sitting > 1:
        words.append(SEEN_BEFORE)
    return ui.Page("".join(f"<p>{html.escape(one)}</p>" for one in words), " ".join(words))


def _counted(signal: judgement.SignalDetection) -> list[str]:
    """What was believed and what was caught, for any number of either."""
    believed = f"believed {signal.correct_rejections} of {signal.camera} camera {_items(signal.camera)}"
    caught = f"caught {signal.hits} of {signal.generated} generated"
    if not signal.generated:
        return [f"You {believed}."]
    if not signal.camera:
        return [f"You {caught} {_items(signal.generated)}."]
    ones = "ones" if signal.generated > 1 else "one"
    return [f"You {believed}, and {caught} {ones}."]


def _by_kind(result: judgement.TrialResult) -> list[str]:
    """Clips and stills apart, where there are both: they are two tasks, and few clips say little."""
    if len(result.by_kind) < 2:
        return []
    parts = [
        f"{signal.correct_rejections + signal.hits} of {signal.camera + signal.generated} {kind}s"
        for kind, signal in sorted(result.by_kind.items())
    ]
    return [f"Apart: {' and '.join(parts)} right. So few of one kind say little by themselves."]


def _items(count: int) -> str:
    return "item" if count == 1 else "items"


def _measured(signal: judgement.SignalDetection) -> list[str]:
    """Sensitivity and lean with their intervals; both need items of both kinds."""
    d_low, d_high = signal.interval()
    c_low, c_high = signal.interval(of="criterion")
    lean = "no clear lean, since the range holds 0" if c_low <= 0 <= c_high else _lean(signal.criterion)
    count = signal.camera + signal.generated
    return [
        f"Sensitivity d' = {fixed(signal.d_prime, 1)}, with a range from {fixed(d_low, 1)} to {fixed(d_high, 1)}: "
        f"about 19 of 20 such ranges hold the true value. 0 means no difference seen; {count} items cannot say it "
        "more exactly.",
        f"Lean c = {signed(signal.criterion, 1)} ({signed(c_low, 1)} to {signed(c_high, 1)}): {lean}.",
    ]


def _one_sided(signal: judgement.SignalDetection) -> list[str]:
    """What can be said where one of the two kinds is missing."""
    there, missing = ("camera", "generated") if signal.camera else ("generated", "camera")
    low, high = signal.rate_interval("accuracy")
    return [
        f"That is {signal.accuracy:.0%} right (95 % interval {low:.0%} to {high:.0%}).",
        f"All items of this form are {there} items. Sensitivity d' and lean c compare two kinds, so without a "
        f"{missing} item neither can be worked out.",
    ]


@in_plain_words
def beside_others(form: str | None = None) -> ui.Page:
    """The learner's share of right answers beside published figures, each with what it was measured on."""
    result = _finished(form)
    studies = tomllib.loads((data_folder() / "published.toml").read_text(encoding="utf-8"))["study"]
    own = None if isinstance(result, ui.Page) else result.signal
    alt = "Shares of right answers: " + "; ".join(
        f"{one['authors']} {one['year']}, {one['label']}: {one['percent']:.1f} %" for one in studies
    )
    if own is not None:
        low, high = own.rate_interval("accuracy")
        alt = f"You: {own.accuracy:.0%}, 95 % interval {low:.0%} to {high:.0%}. " + alt
    caption = (
        "A coin gives 50 %. Each study used other pictures: accuracy belongs to the pictures as much as to the people."
    )
    if isinstance(result, judgement.TrialResult) and result.sitting > 1:
        caption, alt = f"{caption}\n{SEEN_BEFORE}", f"{alt}. {SEEN_BEFORE}"
    # One of the teacher's own forms is known by its title; of ours a learner need not know the names.
    label = f"You, “{shorten(load_form(form).title, 40)}”" if form in media.own_forms() else "You"
    return ui.figure(lambda fig: _draw_others(fig, studies, own, label), alt, caption=caption, size=(7.6, 3.4))


@in_plain_words
def calibration(form: str | None = None) -> ui.Page:
    """How sure the learner was, beside how often that was right."""
    result = _finished(form)
    if isinstance(result, ui.Page):
        return result
    language = str(_lesson.log.preference("confidence", "percent"))
    gap = result.overconfidence
    direction = "more sure than right" if gap.value > 0 else "less sure than right"
    words = (
        f"On average you were {abs(gap.value) * 100:.0f} points {direction} "
        f"(95 % interval {signed(gap.low * 100)} to {signed(gap.high * 100)}). Brier score {result.brier:.2f}: "
        f"0 is perfect, 0.25 is always saying “{confidence.said(50, language)}”."
    )
    if result.sitting > 1:
        words += f"\n{SEEN_BEFORE}"
    parts = "; ".join(
        f"when {confidence.said(round(100 * part.mean_confidence), language)}, right in {part.share_correct:.0%} of "
        f"{part.count}"
        for part in result.calibration
    )
    alt = f"{words} {parts}."
    return ui.figure(lambda fig: draw_calibration(fig, result, language), alt, caption=words, size=(5.4, 4))


@in_plain_words
def answers(form: str | None = None) -> ui.Page:
    """All items of the trial with what they are, what was said, and where they come from."""
    result = _finished(form)
    if isinstance(result, ui.Page):
        return result
    items = media.catalogue()
    language = str(_lesson.log.preference("confidence", "percent"))
    rows = []
    for number, answer in enumerate(result.answers, start=1):
        item = items[answer.item]
        rows.append(
            f"<tr><td>{number}</td><td>{html.escape(item.alt)}</td><td>{html.escape(_origin(item))}</td>"
            f"<td>{answer.verdict}, {confidence.said(answer.confidence, language)}</td>"
            f"<td>{'yes' if answer.correct else 'no'}</td></tr>"
        )
    head = "<tr><th>No.</th><th>What it shows</th><th>What it is</th><th>You said</th><th>Right</th></tr>"
    right = sum(answer.correct for answer in result.answers)
    words = f"{right} of {len(rows)} right." + f" {SEEN_BEFORE}" * (result.sitting > 1)
    note = f'<p class="lt-note">{SEEN_BEFORE}</p>' if result.sitting > 1 else ""
    return ui.Page(f"{note}<table>{head}{''.join(rows)}</table>", words)


def _origin(item: media.Item) -> str:
    return f"made with {item.generator}, {item.generated_on}" if item.origin == "generated" else "recorded by a camera"


@in_plain_words
def look_again(number: int = 1, form: str | None = None) -> ui.ExploreView | ui.Page:
    """All items of the trial once more, one at a time: what you said, what it is, and what can be pointed at in it.

    Parameters
    ----------
    number : int
        Which one to begin with, as in the table of `answers`, from 1.
    form : str, optional
        The form that was judged, where it was not the learner's first one.
    """
    result = _finished(form)
    if isinstance(result, ui.Page):
        return result
    whole = isinstance(number, int) and not isinstance(number, bool)
    if not whole or not 1 <= number <= len(result.answers):
        raise InputError(f"Use a whole number from 1 to {len(result.answers)}.")
    items, language = media.catalogue(), str(_lesson.log.preference("confidence", "percent"))
    given = {answer.item: answer for answer in result.answers}
    entries = {
        f"{place}: {shorten(items[name].alt, 44, placeholder=' …')}": ui.Entry(
            name, items[name].origin, frozenset(("right" if answer.correct else "wrong",))
        )
        for place, (name, answer) in enumerate(given.items(), start=1)
    }
    outcomes = {"wrong": "you were wrong", "right": "you were right"}
    there = frozenset().union(*(entry.families for entry in entries.values()))  # nothing to choose that shows nothing
    outcomes = {key: title for key, title in outcomes.items() if key in there}
    collection = ui.Gallery(entries, outcomes, "all of them", "")
    collection.choose(picture=list(entries)[number - 1])

    def told(name: str) -> ui.Told:
        answer, plain = given[name], told_of(name)
        said = f"You said: {answer.verdict}, {confidence.said(answer.confidence, language)}."
        outcome = "So you were right." if answer.correct else "So you were wrong."
        return replace(plain, words=(f"{said} {outcome}", *plain.words))

    return ui.ExploreView(collection, media.load, told, "Your items once more", "Show")


# how a machine makes a picture

DROWNED, DROWNED_SIDE, DROWNED_NOISE, STAGES = "ladybird-stem", 256, 1, 21


@in_plain_words
def drown() -> ui.StagesView:
    """A photograph that drowns in noise while a slider is drawn to the right: the forward process."""
    import cv2

    still = media.load(DROWNED)
    small = cv2.resize(still.pixels, (DROWNED_SIDE, DROWNED_SIDE), interpolation=cv2.INTER_AREA)
    times = [step / (STAGES - 1) for step in range(STAGES)]
    # One number for all stages: the grain stays where it is, and only its strength changes.
    stages = np.stack([diffusion.to_picture(diffusion.noise(small, time, DROWNED_NOISE)) for time in times])
    return ui.StagesView(
        stages,
        [_how_much_is_left(time) for time in times],
        still.alt,
        label="A picture drowns",
        name="From picture to noise",
        caption="A photograph, and more and more noise",
        note="(The two shares do not add up to 100; their squares do. So the mixture stays as strong as it was.)",
    )


def _how_much_is_left(time: float) -> str:
    signal, noise = (round(100 * amount) for amount in diffusion.amounts(time))
    if not noise:
        return "The picture as it was taken."
    if not signal:
        return "Nothing of the picture is left: this is noise. Small things went first, large ones last."
    return f"The picture's contrast is at {signal} per cent, the noise at {noise} per cent of full strength."


@in_plain_words
def make(word: str | None = "leaf", number: int = 5) -> ui.MakerView:
    """The picture maker: noise becomes a picture of a word, in steps that can be gone through one by one.

    Parameters
    ----------
    word : str
        What to begin with: "sky", "water", "leaf", "petal", "stone" or "no word".
    number : int
        Which noise to begin with, 0 to 9999.
    """
    return ui.MakerView([(word, number)])


@in_plain_words
def make_two(words: Sequence[str | None], numbers: Sequence[int]) -> ui.MakerView:
    """Two pictures beside each other, made at once and shown under one slider.

    Parameters
    ----------
    words : two of str
        What to ask for, on the left and on the right.
    numbers : two of int
        Which noise to begin with, on the left and on the right.
    """
    if any(isinstance(pair, str) or not isinstance(pair, Sequence) or len(pair) != 2 for pair in (words, numbers)):
        raise InputError('Give two words and two numbers, as in words=("sky", "stone"), numbers=(3, 3).')
    told = (
        "The noise mostly settles where it is light and where dark; the word settles what it seems to be made of."
        if words[0] == words[1] or numbers[0] == numbers[1]
        else ""
    )
    return ui.MakerView(list(zip(words, numbers, strict=True)), at_once=True, told=told)


@in_plain_words
def sixteen() -> ui.SixteenView:
    """Sixteen squares, eight from photographs and eight made on the spot: which did a camera take?"""
    return ui.SixteenView(squares.Sixteen(_lesson.log.append, _lesson.past()))


@in_plain_words
def answer_key(round: int = 1) -> ui.Page:
    """What the sixteen squares of a round are, for teachers.

    Parameters
    ----------
    round : int
        From 1.
    """
    rows = [
        f"{place} {square.label}: {square.origin}"
        + (f", number {square.number}" if square.origin == "generated" else "")
        for place, square in enumerate(squares.key(round), start=1)
    ]
    return ui.Page("".join(f"<p>{row}</p>" for row in rows), "; ".join(rows))


@in_plain_words
def video_generators() -> ui.Page:
    """Our walk from noise to one picture, and beside it how generators of video are said to do it."""
    made = diffusion.sample(5, "leaf")
    alt = (
        "Two rows. Above, our model: a square of noise goes through a network 25 times, steered by one word, and is a "
        "picture of 32 by 32 pixels. Below, a video generator: a block of noise that stands for many frames at once "
        "goes through a large network many times, steered by a sentence, and a decoder turns the block into "
        "frames."
    )
    return ui.figure(
        lambda fig: _draw_generators(fig, made),
        alt,
        caption="Above: what you did, with a picture from your own machine. Below: as far as the makers have published "
        "it; the frames in the drawing are our own picture, four times.",
        size=(7.6, 3.9),
    )


# figures


def _draw_outcomes(fig: Figure, signal: judgement.SignalDetection) -> None:
    axes = fig.subplots()
    rows = [
        (1, "12 generated", signal.hits, "caught", "missed", ui.GENERATED, "s"),
        (0, "12 from a camera", signal.correct_rejections, "believed", "wrongly accused", ui.CAMERA, "o"),
    ]
    for y, label, good, yes, no, colour, marker in rows:
        axes.scatter(range(good), [y] * good, s=140, color=colour, marker=marker)
        axes.scatter(
            range(good, 12),
            [y] * (12 - good),
            s=140,
            facecolors="none",
            edgecolors=colour,
            marker=marker,
            lw=2,
        )
        axes.text(-1, y, label, ha="right", va="center")
        axes.text(12.2, y, f"{good} {yes}\n{12 - good} {no}", va="center")
    axes.set(xlim=(-5, 16.5), ylim=(-0.6, 1.7), title="Filled: judged rightly. Hollow: judged wrongly.")
    axes.axis("off")


def _draw_others(fig: Figure, studies: list[dict], own: judgement.SignalDetection | None, label: str) -> None:
    axes = fig.subplots()
    ink = axes.yaxis.label.get_color()
    rows = sorted(studies, key=lambda study: study["percent"])
    for y, study in enumerate(rows):
        if "interval" in study:
            axes.plot(study["interval"], [y, y], color=ink, lw=1.5)
        axes.plot(study["percent"], y, "o", color=ink, mfc=ink if study["read"] else "none", ms=7)
    labels = [f"{study['authors']} {study['year']}: {study['label']}" for study in rows]
    if own is not None:
        low, high = own.rate_interval("accuracy")
        axes.plot([low * 100, high * 100], [len(rows)] * 2, color=ui.CAMERA, lw=3)
        axes.plot(own.accuracy * 100, len(rows), "D", color=ui.CAMERA, ms=9)
        # Two dollar signs in a title would be read as a formula.
        labels.append(label.replace("$", r"\$"))
    axes.axvline(50, color=ink, lw=1, ls=":")
    axes.set_yticks(range(len(labels)), labels)
    axes.set(xlim=(20, 100), xlabel="right answers, per cent (hollow: at second hand)")
    axes.set_title("Most people are not far from a coin", loc="left")


def _draw_generators(fig: Figure, made: diffusion.Sample) -> None:
    from matplotlib.patches import Rectangle

    axes = fig.subplots()
    axes.set(xlim=(0, 100), ylim=(0, 52), aspect="equal")
    axes.axis("off")
    ink = axes.yaxis.label.get_color()

    def box(x: float, y: float, width: float, height: float, words: str) -> None:
        axes.add_patch(Rectangle((x, y), width, height, fill=False, ec=ink, lw=1.2))
        axes.text(x + width / 2, y + height / 2, words, ha="center", va="center", fontsize=9)

    def arrow(start: tuple[float, float], end: tuple[float, float]) -> None:
        axes.annotate("", end, start, arrowprops={"arrowstyle": "-|>", "color": ink, "lw": 1.2})

    def block(x: float, y: float, side: float, pictures: Sequence[np.ndarray]) -> None:
        for place, picture in enumerate(pictures):
            left, low = x + 1.3 * (len(pictures) - 1 - place), y + 1.1 * (len(pictures) - 1 - place)
            axes.imshow(picture, extent=(left, left + side, low, low + side), interpolation="nearest", zorder=2 + place)
            axes.add_patch(Rectangle((left, low), side, side, fill=False, ec=ink, lw=0.8, zorder=2 + place))

    grain = [diffusion.to_picture(diffusion.pure_noise(number, (10, 10, 3))) for number in range(4)]
    ours, theirs = "Ours: one picture of 32 × 32 pixels", "A video generator: many frames at once"
    for y, title in ((49.5, ours), (23.5, theirs)):
        axes.text(0, y, title, fontweight="bold", va="center")

    block(1, 32, 12, [made.frames[0]])
    box(29, 32, 24, 9, "network, 25 times")
    block(85, 32, 12, [made.picture])
    axes.text(41, 45.2, "one word: “leaf”", ha="center", va="center", fontsize=9)
    arrow((41, 44), (41, 41.3))
    for start, end in ((14, 28.5), (53.5, 84)):
        arrow((start, 37), (end, 37))
    axes.text(7, 30.3, "noise", ha="center", va="center", fontsize=9)
    axes.text(91, 30.3, "picture", ha="center", va="center", fontsize=9)

    block(1, 4, 10, grain)
    box(29, 5, 24, 9, "a large network,\nmany times")
    box(63, 5, 14, 9, "decoder")
    block(85, 4, 10, [np.roll(made.picture, shift, axis=1) for shift in range(4)])
    axes.text(41, 18.6, "a sentence, read by a text encoder", ha="center", va="center", fontsize=9)
    arrow((41, 17.2), (41, 14.3))
    for start, end in ((16, 28.5), (53.5, 62.5), (77.5, 84)):
        arrow((start, 9.5), (end, 9.5))
    axes.text(0.5, 1.6, "noise in a compressed form (“latent”)", ha="left", va="center", fontsize=9)
    axes.text(91.5, 1.6, "frames", ha="center", va="center", fontsize=9)


def draw_calibration(fig: Figure, result: judgement.TrialResult | judgement.SoFar, language: str = "percent") -> None:
    """Draw how sure somebody said, in their own language of confidence, against how often that was right."""
    axes = fig.subplots()
    ink = axes.yaxis.label.get_color()
    axes.plot([50, 100], [50, 100], color=ink, lw=1, ls=":")
    for part in result.calibration:
        x, y = part.mean_confidence * 100, part.share_correct * 100
        axes.plot([x, x], [part.interval.low * 100, part.interval.high * 100], color=ui.CAMERA, lw=2, alpha=0.5)
        axes.plot(x, y, "o", color=ui.CAMERA, ms=5 + min(part.count, 12))
        axes.annotate(f"{part.count}", (x, y), xytext=(9, -12), textcoords="offset points")
    below = result.overconfidence.value > 0
    title = "On the dotted line: as sure as right. " + ("Below: too sure" if below else "Above: not sure enough")
    axes.set(
        xlim=(47, 103),
        ylim=(-5, 108),
        xlabel="how sure you said" + {"percent": ", per cent", "tenths": ", times out of 10"}.get(language, ""),
        ylabel="how often right, per cent",
    )
    if language != "percent":
        steps = dict(confidence.steps(language))
        # Words stand in two lines each, or they would run into each other.
        names = [f"{v // 10}" if language == "tenths" else fill(words, 8) for v, words in steps.items()]
        axes.set_xticks(list(steps), names)
    axes.set_title(title, loc="left")
