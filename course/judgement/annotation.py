"""Marking the place: a box on a picture, or "nothing I can point at", beside the places that others have marked.

Boxes are ``(x, y, width, height)`` as shares of the picture, 0 to 1, from the top left. What an answer is compared by
is kept apart and never added up: whether it points at the same place, and whether it names the same family.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from course.errors import InputError
from course.judgement.confidence import check_confidence
from course.judgement.form import Form, balanced_order
from course.judgement.model import Observed, Save
from course.judgement.trial import Progress

BEGIN = "annotation.begin"
ANSWER = "annotation.answer"

SMALLEST_SIDE = 0.02
LARGEST_AREA = 0.5
"""A box over more than half of a picture points at nothing in particular."""

Outcome = Literal["same place", "other place", "passed over", "nothing", "yours alone"]


class Box(NamedTuple):
    """A rectangle on a picture, in shares of it."""

    x: float
    y: float
    width: float
    height: float

    @classmethod
    def of(cls, value: object) -> Box:
        """Make a box of four numbers, and refuse what cannot be one.

        Raises
        ------
        ValueError
            The box is no box, lies outside the picture, or is too small or too large to point at something.

        Examples
        --------
        >>> Box.of([0.25, 0.5, 0.25, 0.125])
        Box(x=0.25, y=0.5, width=0.25, height=0.125)
        """
        if not (isinstance(value, Sequence) and len(value) == 4 and all(map(_is_number, value))):
            raise InputError("A box needs four numbers: left, top, width and height, as shares of the picture.")
        x, y, width, height = (round(float(number), 4) for number in value)
        if min(x, y) < 0 or x + width > 1.0002 or y + height > 1.0002:
            raise InputError("The box must lie inside the picture.")
        if min(width, height) < SMALLEST_SIDE:
            raise InputError("That box is too small to see. Draw it a little larger.")
        if width * height > LARGEST_AREA:
            raise InputError("That box covers more than half of the picture. Draw it round one thing.")
        return cls(x, y, width, height)

    def overlap(self, other: Box) -> float:
        """Intersection over union (Jaccard 1901), |A ∩ B| / |A ∪ B|: 0 apart, 1 the same box.

        Examples
        --------
        >>> Box(0, 0, 0.5, 0.5).overlap(Box(0.25, 0, 0.5, 0.5))
        0.3333333333333333
        """
        width = min(self.x + self.width, other.x + other.width) - max(self.x, other.x)
        height = min(self.y + self.height, other.y + other.height) - max(self.y, other.y)
        shared = max(0.0, width) * max(0.0, height)
        return shared / (self.width * self.height + other.width * other.height - shared)

    def centre_in(self, other: Box) -> bool:
        """Whether the middle of this box lies in the other one.

        Examples
        --------
        >>> Box(0, 0, 0.5, 0.5).centre_in(Box(0.2, 0.2, 0.1, 0.1))
        True
        """
        x, y = self.x + self.width / 2, self.y + self.height / 2
        return other.x <= x <= other.x + other.width and other.y <= y <= other.y + other.height


class Region(NamedTuple):
    """A place that an annotator has marked, and the family of what is seen there."""

    box: Box
    family: str


@dataclass(frozen=True)
class Agreement:
    """An answer beside the annotators' regions. Two boxes never agree to the pixel, so there are two measures.

    Attributes
    ----------
    region : int
        Which of the regions it is compared with: the one it fits best.
    overlap : float
        Intersection over union with it, 0 to 1.
    centred : bool
        Whether the middle of the learner's box lies in it.
    family : bool
        Whether the families are the same.
    """

    region: int
    overlap: float
    centred: bool
    family: bool

    @property
    def same_place(self) -> bool:
        """Whether both point at the same: the middle of the one lies in the other, or they share half their area."""
        return self.centred or self.overlap >= 0.5


@dataclass(frozen=True)
class Annotation:
    """What a learner said of one picture.

    Attributes
    ----------
    item : str
        Identifier of the picture.
    box : Box or None
        Where; None for "nothing I can point at".
    family : str or None
        Of what kind; None without a box.
    confidence : float
        Per cent, 50 to 100.
    """

    item: str
    box: Box | None
    family: str | None
    confidence: float

    def agreement(self, regions: Sequence[Region]) -> Agreement | None:
        """Compare with the annotators' regions; of several the best one counts.

        The best is the one whose middle is met, then the one with the larger overlap, then the one of the same family.

        Returns
        -------
        Agreement or None
            None where the learner or the annotators point at nothing.

        Examples
        --------
        >>> ours = [Region(Box(0.0, 0.0, 0.2, 0.2), "style"), Region(Box(0.5, 0.5, 0.5, 0.5), "anatomy")]
        >>> Annotation("cat", Box(0.5, 0.5, 0.5, 0.25), "anatomy", 80).agreement(ours)
        Agreement(region=1, overlap=0.5, centred=True, family=True)
        """
        if self.box is None or not regions:
            return None
        every = [
            Agreement(index, self.box.overlap(one.box), self.box.centre_in(one.box), self.family == one.family)
            for index, one in enumerate(regions)
        ]
        return max(every, key=lambda one: (one.centred, one.overlap, one.family))

    def outcome(self, regions: Sequence[Region]) -> Outcome:
        """Which of five things has happened.

        "same place" and "other place" where both point; "passed over" where the learner alone points at nothing;
        "nothing" where nobody points at anything; "yours alone" where the learner alone points.
        """
        if self.box is None:
            return "passed over" if regions else "nothing"
        agreement = self.agreement(regions)
        if agreement is None:
            return "yours alone"
        return "same place" if agreement.same_place else "other place"


class AnnotationSet(Observed):
    """A set of pictures to mark, one after the other, which can be left at any moment and taken up again.

    After each answer a view may show what there is to know: this is practice and no test.

    Parameters
    ----------
    form : Form
        Which pictures.
    truth : mapping
        ``"camera"`` or ``"generated"`` for each of them.
    regions : mapping
        What the annotators marked on each picture; a picture that is missing here has nothing to point at.
    families : iterable of str
        The families to choose from.
    save : callable
        Takes one event and returns once it is safe; raises when it is not, and then nothing has happened.
    past : iterable of mapping
        Events saved earlier, of any kind. What makes no sense is passed over.
    seed : int, optional
        Of the order; drawn at random if absent.

    Examples
    --------
    >>> saved = []
    >>> form = Form("t", ("cat", "sea"), "Two")
    >>> truth, regions = {"cat": "generated", "sea": "camera"}, {"cat": [Region(Box(0.5, 0.5, 0.4, 0.4), "anatomy")]}
    >>> marks = AnnotationSet(form, truth, regions, ("anatomy", "style"), saved.append, seed=1)
    >>> marks.start()
    >>> marks.answer("sea", None, None, 70)
    >>> marks.answer("cat", (0.5, 0.5, 0.3, 0.3), "anatomy", 90)
    >>> marks.finished, [marks.outcome(item) for item in ("sea", "cat")]
    (True, ['nothing', 'same place'])
    >>> AnnotationSet(form, truth, regions, ("anatomy", "style"), saved.append, past=saved).finished
    True
    """

    def __init__(
        self,
        form: Form,
        truth: Mapping[str, str],
        regions: Mapping[str, Sequence[Region]],
        families: Iterable[str],
        save: Save,
        past: Iterable[Mapping[str, object]] = (),
        seed: int | None = None,
    ) -> None:
        super().__init__()
        self.form = form
        self.families = tuple(families)
        self._truth = {item: truth[item] for item in form.items}
        self._regions = {item: tuple(regions.get(item, ())) for item in form.items}
        self._save = save
        self._seed = secrets.randbits(32) if seed is None else seed
        self._order: tuple[str, ...] = ()
        self._answers: dict[str, Annotation] = {}
        for event in past:
            self._take_up(event)

    @property
    def started(self) -> bool:
        """Whether the set has been begun."""
        return bool(self._order)

    @property
    def order(self) -> tuple[str, ...]:
        """All pictures in the order in which they come; empty before the start."""
        return self._order

    @property
    def current(self) -> str | None:
        """The first picture that waits for an answer; None before the start and at the end."""
        return next((item for item in self._order if item not in self._answers), None)

    @property
    def finished(self) -> bool:
        """Whether every picture has an answer."""
        return self.started and self.current is None

    @property
    def progress(self) -> Progress:
        """``(done, total)``."""
        return Progress(len(self._answers), len(self.form.items))

    @property
    def answers(self) -> tuple[Annotation, ...]:
        """What was said so far, in the order of the set."""
        return tuple(self._answers[item] for item in self._order if item in self._answers)

    def given(self, item: str) -> Annotation | None:
        """What was said of a picture, or None."""
        return self._answers.get(item)

    def origin(self, item: str) -> str:
        """Where a picture with an answer comes from.

        Raises
        ------
        ValueError
            It has no answer yet.
        """
        self._known(item)
        return self._truth[item]

    def regions(self, item: str) -> tuple[Region, ...]:
        """What the annotators marked on a picture with an answer.

        Raises
        ------
        ValueError
            It has no answer yet.
        """
        self._known(item)
        return self._regions[item]

    def outcome(self, item: str) -> Outcome:
        """Which of the five things happened at a picture with an answer, see `Annotation.outcome`."""
        return self._answers[item].outcome(self.regions(item))

    def start(self) -> None:
        """Begin, in an order that is saved.

        Raises
        ------
        ValueError
            It has been begun already.
        """
        if self.started:
            raise InputError("You have begun already.")
        kinds = dict.fromkeys(self.form.items, "still")
        order = balanced_order(self.form.items, self._truth, kinds, self._seed)
        # The order itself is saved too: a later edition of the course may mix the set anew.
        self._save({"kind": BEGIN, "set": self.form.name, "seed": self._seed, "order": list(order)})
        self._order = order
        self._changed()

    def answer(self, item: object, box: object, family: object, confidence: object) -> None:
        """Say where something is odd on a picture, or that there is nothing to point at: save it, then hold it.

        Parameters
        ----------
        item : str
            The picture that was looked at.
        box : sequence of four float, or None
            Where, as shares of the picture.
        family : str or None
            One of the families; None without a box.
        confidence : float
            Per cent, 50 to 100.

        Raises
        ------
        ValueError
            A value makes no sense, or the picture has an answer already. Nothing was saved.
        Exception
            Whatever `save` raises. Nothing has happened.
        """
        if not self.started:
            raise InputError("Press start first.")
        if item not in self._order:
            raise InputError("There is no such picture in this set.")
        if item in self._answers:
            raise InputError("This picture has its answer already.")
        check_confidence(confidence)
        given = self._sound(item, box, family, confidence)
        self._save(
            {
                "kind": ANSWER,
                "set": self.form.name,
                "item": item,
                "position": self._order.index(item),
                "box": None if given.box is None else list(given.box),
                "family": given.family,
                "confidence": confidence,
                "outcome": given.outcome(self._regions[item]),
            }
        )
        self._answers[item] = given
        self._changed()

    # Inside

    def _sound(self, item: str, box: object, family: object, confidence: float) -> Annotation:
        if box is None:
            if family is not None:
                raise InputError("Without a box there is no family to choose.")
            return Annotation(item, None, None, confidence)
        if family not in self.families:
            raise InputError("Choose a family for what you have marked.")
        return Annotation(item, Box.of(box), family, confidence)

    def _take_up(self, event: Mapping[str, object]) -> None:
        """Hold what an earlier sitting saved; of two records that were merged the first answer stands."""
        if event.get("set") != self.form.name:
            return
        if event.get("kind") == BEGIN:
            order = event.get("order")
            if not self._order and isinstance(order, list) and _sorted(order) == sorted(self.form.items):
                self._order = tuple(order)
        elif event.get("kind") == ANSWER and event.get("item") in self._order and event["item"] not in self._answers:
            try:
                check_confidence(event.get("confidence"))
                given = self._sound(event["item"], event.get("box"), event.get("family"), event["confidence"])
            except ValueError:
                return  # written by an edition that knew other families, or damaged
            self._answers[given.item] = given

    def _known(self, item: str) -> None:
        if item not in self._answers:
            raise InputError("This picture has no answer yet.")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e6


def _sorted(values: list) -> list | None:
    return sorted(values) if all(isinstance(value, str) for value in values) else None
