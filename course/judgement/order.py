"""Which form of the blind trial comes first for whom.

Two forms are never equally hard. If everybody took the same one first, a harder second form would look like a class
that has learned nothing, and an easier one like a class that has learned much. So half of the learners take them the
other way round, and over a class the difference cancels.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import NamedTuple

from course.judgement.trial import form_begun

BALANCED = ("a2", "b2")
"""The forms of the first two measurements, in either order."""

LATER = "c2"
"""The form of the third one, two weeks on."""

EARLIER = ("a", "b", "c")
"""Forms that nobody new gets. Whoever took one first stays with it for the first measurement."""


class FormOrder(NamedTuple):
    """The forms of a learner's three measurements, by name."""

    first: str
    second: str
    third: str


def order_of_forms(code: str, past: Iterable[Mapping[str, object]] = ()) -> FormOrder:
    """Say which forms a learner takes, and in what order.

    Parameters
    ----------
    code : str
        The random code of the record. It decides, unless the learner has begun already: a restored record has its code
        from where it was saved, so the order goes along to another machine.
    past : iterable of mapping
        Events saved earlier, of any kind, the oldest first. The form of the course that was begun first is and stays
        the first one, whatever the code says. What makes no sense is passed over, and so are a teacher's own forms and
        the one that is always the third.

    Returns
    -------
    FormOrder
        The same on every system. About half of all codes give each order (Jones & Kenward 2014: the AB/BA design).

    References
    ----------
    Jones & Kenward 2014, *Design and Analysis of Cross-Over Trials*, 3rd edition, chapter 2.

    Examples
    --------
    >>> order_of_forms("heron-4821-birch")
    FormOrder(first='a2', second='b2', third='c2')
    >>> order_of_forms("heron-4821-birch", [{"kind": "trial.begin", "form": "b2", "attempt": 1, "seed": 7}])
    FormOrder(first='b2', second='a2', third='c2')
    """
    swapped = sha256(code.encode("utf-8", "surrogatepass")).digest()[0] & 1
    drawn, other = BALANCED[::-1] if swapped else BALANCED
    for event in past:
        form = form_begun(event)
        if form in BALANCED:
            return FormOrder(form, BALANCED[1 - BALANCED.index(form)], LATER)
        if form in EARLIER:
            return FormOrder(form, drawn, LATER)
    return FormOrder(drawn, other, LATER)
