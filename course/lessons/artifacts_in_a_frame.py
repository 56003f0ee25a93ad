"""Lesson 2: what can be pointed at in a single picture, what it is worth, and how often there is nothing."""

from __future__ import annotations

import html
from collections import Counter
from datetime import date
from functools import cache

from course import judgement, media, ui
from course.errors import InputError
from course.lessons.lesson import Lesson, free_items, in_plain_words
from course.lessons.marked import families, family_title, told_of
from course.media.catalogue import data_folder
from course.ui import confidence
from course.ui.words import many

_lesson = Lesson("artifacts-in-a-frame", questions="artifacts")
question, next_move, done = _lesson.question, _lesson.next_move, _lesson.done

ODD = "Odd is something to look into. It is no proof."


@cache
def _shown() -> dict[str, media.Item]:
    """What may be shown openly."""
    return {item.id: item for item in free_items()}


def _family(name: object) -> dict[str, str]:
    if not isinstance(name, str) or name not in families():
        raise InputError(f"There is no family {name!r}. Choose one of: {', '.join(map(repr, families()))}.")
    return families()[name]


def _month(as_of: str) -> str:
    return f"{date.fromisoformat(f'{as_of}-01'):%B %Y}"


# pictures with marks


@in_plain_words
def hook() -> ui.Player:
    """One odd picture, and no word about it."""
    return ui.player(media.load("spaniels-window"))


@in_plain_words
def example(family: str) -> ui.MarkedView:
    """A family twice: marked on a generated picture, and on one from a camera that looks just as odd."""
    one = _family(family)
    pictures = [(_still(one[side]), told_of(one[side], only=family)) for side in ("generated", "camera")]
    notes = (
        ("What makes one doubt:", one["what"]),
        ("A camera does it too:", one["also"]),
        ("What makes one trust:", f"{one['trust']} This is never a proof either."),
    )
    return ui.MarkedView(pictures, f"{one['title']}: two pictures with marks", notes)


@in_plain_words
def unnamed() -> ui.MarkedView:
    """A mark without its family."""
    item = media.catalogue()["small-green-car"]
    marks = tuple(ui.Mark(cue.region, "What is odd here, and of which family is it?") for cue in item.cues)
    told = ui.Told("generated", "Made by a generator", marks=marks, credit=item.credit)
    return ui.MarkedView([(media.load(item), told)], "A mark without its family")


def _still(name: str) -> media.Still:
    """A picture, or of a clip the frame in which its first mark shows."""
    picture = media.load(name)
    if isinstance(picture, media.Still):
        return picture
    return media.Still(picture.frames[picture.item.cues[0].frames[0]], picture.item)


# the central activity


def marks_model() -> judgement.AnnotationSet:
    """The set of this lesson, taken up where the learner left it."""
    form = judgement.load_form(data_folder() / "practice" / "artifacts.toml")
    items = {name: media.catalogue()[name] for name in form.items}
    return judgement.AnnotationSet(
        form,
        truth={name: item.origin for name, item in items.items()},
        regions={
            name: [judgement.Region(judgement.Box(*cue.region), cue.family) for cue in item.cues]
            for name, item in items.items()
        },
        families=families(),
        save=_lesson.log.append,
        past=_lesson.past(),
    )


@in_plain_words
def mark() -> ui.AnnotateView:
    """Twelve pictures: mark what is odd, or say that there is nothing to point at, then see what we marked."""
    model = marks_model()
    language = str(_lesson.log.preference("confidence", "percent"))
    return ui.AnnotateView(model, media.load, lambda name: told(model, name), tuple(families().values()), language)


def told(model: judgement.AnnotationSet, name: str) -> ui.Told:
    """The reply to an answer: how it compares, where the picture comes from, what we marked, how far to trust that."""
    plain = told_of(name)
    given, regions = model.given(name), model.regions(name)
    generated = model.origin(name) == "generated"
    words = {
        "same place": "You point at the same place as we do.",
        "other place": "You point at another place than we do. Look at both: we may have missed something.",
        "passed over": "You pointed at nothing. We found something; look whether you see it too.",
        "nothing": "You pointed at nothing, and neither did we.",
        "yours alone": "You marked something where we found nothing. Perhaps you saw more than we did."
        if generated
        else "You marked something where we marked nothing. What else could cause it, other than a generator?",
    }[model.outcome(name)]
    agreement = given.agreement(regions)
    lines = [words]
    if agreement and agreement.same_place:
        ours = family_title(regions[agreement.region].family).lower()
        lines.append(
            f"We call it {ours} as well."
            if agreement.family
            else f"You call it {family_title(given.family).lower()}, we call it {ours}. Many things belong to more "
            "than one."
        )
    if agreement and agreement.overlap >= 0.005:
        share = round(100 * agreement.overlap)
        lines.append(f"Of all that the two boxes cover, {share} % lies in both. Two boxes seldom agree fully.")
    after = list(plain.after)
    if generated:
        after += [_worth(family) for family in dict.fromkeys(region.family for region in regions)]
        after += [] if regions else ["Nothing to point at is not the same as real."]
    elif regions:
        after.append(ODD)
    return ui.Told(plain.role, plain.title, tuple(lines), plain.marks, tuple(after), plain.credit)


def _worth(family: str) -> str:
    one = families()[family]
    return f"How far to trust a mark of {family}: {one['reliability']} (our judgement, {_month(one['as_of'])})."


@in_plain_words
def summary() -> ui.Page:
    """What the twelve answers add up to, in natural numbers."""
    model = marks_model()
    if not model.finished:
        count, total = model.progress
        words = f"You have answered {count} of {total}. Finish the pictures above, then run this cell again."
        return ui.Page(f'<p class="lt-note">{words}</p>', words)
    lines = [*_groups(model), *_boxes(model), *_sure(model)]
    markup = "".join(f"<li>{html.escape(line)}</li>" for line in lines)
    note = "Twelve pictures are few, and our marks are our own: this is a talk about looking, no test."
    return ui.Page(f'<ul>{markup}</ul><p class="lt-quiet">{note}</p>', " ".join(lines))


_KINDS = {
    ("camera", True): ("camera picture that looks odd somewhere", "camera pictures that look odd somewhere"),
    ("camera", False): ("plain camera picture", "plain camera pictures"),
    ("generated", True): (
        "generated picture in which we can point at something",
        "generated pictures in which we can point at something",
    ),
    ("generated", False): ("generated picture in which we cannot", "generated pictures in which we cannot"),
}


def _groups(model: judgement.AnnotationSet) -> list[str]:
    """What happened in the four kinds of picture: of each origin those with a mark of ours and those without."""
    found: dict[tuple[str, bool], Counter[str]] = {}
    for answer in model.answers:
        key = model.origin(answer.item), bool(model.regions(answer.item))
        found.setdefault(key, Counter())[model.outcome(answer.item)] += 1
    lines = []
    for key, (one, several) in _KINDS.items():
        count = found.get(key, Counter())
        if not (total := count.total()):
            continue
        head = many(total, one, several)
        if key[1]:
            lines.append(
                f"{head}: you marked our place in {count['same place']}, another place in {count['other place']}, and "
                f"pointed at nothing in {count['passed over']}."
            )
        else:
            lines.append(
                f"{head}: you pointed at nothing in {count['nothing']}, and at something in {count['yours alone']}."
            )
    return lines


def _boxes(model: judgement.AnnotationSet) -> list[str]:
    boxes = [answer for answer in model.answers if answer.box]
    if not boxes:
        return ["You drew no box at all. Nobody was wrongly accused, and nothing was seen."]
    camera = sum(model.origin(answer.item) == "camera" for answer in boxes)
    agreed = [one for one in (answer.agreement(model.regions(answer.item)) for answer in boxes) if one]
    placed = [one for one in agreed if one.same_place]
    lines = [
        f"You drew {len(boxes)} {'box' if len(boxes) == 1 else 'boxes'}, {camera} of them on camera pictures. "
        f"Whoever takes each odd thing for a proof would have accused {camera} "
        f"{'picture' if camera == 1 else 'pictures'} wrongly."
    ]
    if placed:
        lines.append(f"Of {len(placed)} in our place you gave {sum(one.family for one in placed)} our family.")
    return lines


def _sure(model: judgement.AnnotationSet) -> list[str]:
    sure = [answer for answer in model.answers if answer.confidence >= 80]
    if not sure:
        return []
    agreed = sum(model.outcome(answer.item) in ("same place", "nothing") for answer in sure)
    language = str(_lesson.log.preference("confidence", "percent"))
    said = "were at least 80 % sure" if language == "percent" else f"said “{confidence.said(80, language)}”, or surer,"
    return [f"You {said} {many(len(sure), 'time')}; in {agreed} we agree."]


# the table, and the whole collection


@in_plain_words
def reliability() -> ui.Page:
    """The families with how far to trust them and since when, and how often each can be pointed at in our stills."""
    stills = [item for item in _shown().values() if item.kind == "still"]
    totals = Counter(item.origin for item in stills)
    rows, words = [], []
    for key, one in families().items():
        marked = Counter(item.origin for item in stills if any(cue.family == key for cue in item.cues))
        cells = (
            one["title"],
            f"{one['reliability']} ({_month(one['as_of'])})",
            one["because"],
            str(marked["generated"]),
            str(marked["camera"]),
        )
        rows.append("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in cells) + "</tr>")
        words.append(f"{cells[0]}: {cells[1]}; {cells[3]} generated and {cells[4]} camera stills.")
    bare = sum(item.origin == "generated" and not item.cues for item in stills)
    note = (
        f"Counted in the {totals['generated']} generated and {totals['camera']} camera stills that we may show you; a "
        f"still can be in two rows. In {bare} of the {totals['generated']} generated ones we can point at nothing. The "
        "camera stills are no fair sample: we looked for odd ones."
    )
    head = (
        '<tr><th scope="col">Family</th><th scope="col">How far to trust it</th><th scope="col">Why no further</th>'
        '<th scope="col">Generated stills with one</th><th scope="col">Camera stills with one</th></tr>'
    )
    return ui.Page(
        f'<table>{head}{"".join(rows)}</table><p class="lt-quiet">{html.escape(note)}</p>', " ".join([*words, note])
    )


@in_plain_words
def explorer() -> ui.ExploreView:
    """Everything that no form needs unseen, with what we marked in it."""
    collection = gallery()
    collection.choose(picture="red car palm")
    return ui.ExploreView(collection, media.load, told_of)


def gallery() -> ui.Gallery:
    """What the explorer offers, by labels that do not tell the origin."""
    entries = {
        name.replace("-", " "): ui.Entry(name, item.origin, frozenset(cue.family for cue in item.cues))
        for name, item in _shown().items()
    }
    return ui.Gallery(entries, {**{key: one["title"] for key, one in families().items()}, "time": "Over time"})
