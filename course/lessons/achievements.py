"""What a record shows, under the names that promises use.

A record is a text file: another version of the course, or another hand, may have written in it. So each rule takes what
it understands and passes over the rest, and what is done twice counts once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from course.judgement.confidence import check_confidence, check_verdict
from course.judgement.order import BALANCED, EARLIER

Event = Mapping[str, object]

_AT_ONCE = {
    "moves.rank": "moves",
    "bench.train": "bench",
    "writing.text": "writing",
    "dots.set": "dots",
    "player.step": "player",
}
"""Kinds of event that show by themselves what they are about; the name of a thing stands in the field of this name."""

_ACTS = {"desk.change": "desk", "signing.act": "signing", "keep.act": "keep"}
"""Kinds of event that say in ``act`` what was done."""

_PIECES = {
    "findings.check": ("findings", "row", "rows"),
    "ledger.weigh": ("ledger", "item", "of"),
    "curation.decide": ("curation", "submission", "of"),
}
"""Kinds of event that each do one piece of a whole: fields with the name of the whole, of the piece, and how many."""


def achievements(past: Iterable[Event]) -> Iterator[str]:
    """What the events of a record show, each name once.

    Parameters
    ----------
    past : iterable of mapping
        Events of any kind; what makes no sense is passed over.

    Examples
    --------
    >>> list(achievements([{"kind": "question.answer", "question": "eyes/exit", "right": True}]))
    ['question:eyes/exit']
    >>> list(achievements([{"kind": "question.answer", "question": None}, {"kind": "moves.rank"}]))
    []
    """
    past = list(past)
    yield from dict.fromkeys((*_single(past), *_pieces(past), *_endurance(past), *_trials(past), *_annotations(past)))


def _single(past: list[Event]) -> Iterator[str]:
    """What one event shows."""
    for event in past:
        kind = event.get("kind")
        if not isinstance(kind, str):
            continue
        if kind == "question.answer" and event.get("right") is True and _is_name(event.get("question")):
            yield f"question:{event['question']}"
        elif kind in _AT_ONCE and _is_name(event.get(_AT_ONCE[kind])):
            yield f"{_AT_ONCE[kind]}:{event[_AT_ONCE[kind]]}"
        elif kind in _ACTS and _is_name(event.get("act")):
            yield f"{_ACTS[kind]}:{event['act']}"
        elif kind == "preference" and _is_name(event.get("name")) and _is_name(event.get("value")):
            yield f"preference:{event['name']}"
        elif kind == "trail.verdict" and _is_name(event.get("story")) and _is_name(event.get("verdict")):
            yield f"trail:{event['story']}"
        elif kind == "mark.write" and _is_name(event.get("word")):
            yield "mark:written"


def _pieces(past: list[Event]) -> Iterator[str]:
    """Wholes of which every piece was done, each piece counted once."""
    done: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for event in past:
        kind = event.get("kind")
        if not isinstance(kind, str) or kind not in _PIECES:
            continue
        field, piece, of = _PIECES[kind]
        named = _is_name(event.get(field)) and _is_name(event.get(piece)) and _is_count(event.get(of))
        if named and (kind != "findings.check" or event.get("right") is True):
            whole = done[field, event[field]]
            whole.add(event[piece])
            if len(whole) >= event[of] > 0:
                yield f"{field}:{event[field]}"


def _endurance(past: list[Event]) -> Iterator[str]:
    """Marks that were tried until they broke: found by their owner, and then no longer."""
    ends: defaultdict[str, set[bool]] = defaultdict(set)
    for event in past:
        if event.get("kind") != "endurance.note" or event.get("reader") != "own":
            continue
        if _is_name(event.get("endurance")) and isinstance(event.get("found"), bool):
            ends[event["endurance"]].add(event["found"])
    yield from (f"endurance:{name}" for name, found in ends.items() if len(found) == 2)


def _trials(past: list[Event]) -> Iterator[str]:
    """Forms of which every item was judged in one attempt; a second answer to an item is no further item."""
    left: dict[tuple[object, ...], set[str]] = {}
    for event in past:
        if event.get("kind") not in ("trial.begin", "trial.answer") or not _is_name(event.get("form")):
            continue
        attempt = tuple(event.get(name) for name in ("form", "attempt", "seed"))
        if not all(_is_count(number) or number is None for number in attempt[1:]):
            continue
        if event["kind"] == "trial.begin":
            order = event.get("order")
            if _are_names(order):
                left.setdefault(attempt, set(order))
        elif attempt in left and _is_name(event.get("item")) and _is_judgement(event):
            left[attempt].discard(event["item"])
            if not left[attempt]:
                # Which form a learner takes first hangs on the record; see course.judgement.order_of_forms.
                if event["form"] in (*BALANCED, *EARLIER):
                    yield "trial:first"
                elif event["form"] != "first":  # so a teacher may call one, and it is none of ours
                    yield f"trial:{event['form']}"


def _annotations(past: list[Event]) -> Iterator[str]:
    """Sets of pictures that all have an answer, at least one of them a place that was pointed at."""
    left: dict[str, set[str]] = {}
    pointed: set[str] = set()
    for event in past:
        name = event.get("set")
        if event.get("kind") not in ("annotation.begin", "annotation.answer") or not _is_name(name):
            continue
        if event["kind"] == "annotation.begin":
            if _are_names(event.get("order")):
                left.setdefault(name, set(event["order"]))
        elif name in left and _is_name(event.get("item")):
            left[name].discard(event["item"])
            if event.get("box"):
                pointed.add(name)
    yield from (f"annotation:{name}" for name, items in left.items() if not items and name in pointed)


def _is_judgement(event: Event) -> bool:
    try:
        check_verdict(event.get("verdict"))
        check_confidence(event.get("confidence"))
    except ValueError:
        return False
    return True


def _is_name(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _are_names(value: object) -> bool:
    return isinstance(value, list | tuple) and bool(value) and all(map(_is_name, value))


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
