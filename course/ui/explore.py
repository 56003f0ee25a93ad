"""Looking round a collection: one picture at a time with what was marked on it, chosen by origin and by family."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import traitlets

from course.errors import CourseError, InputError
from course.ui.look import View, static
from course.ui.player import track

if TYPE_CHECKING:
    from course.media import Clip, Still
    from course.ui.annotate import Told

NOTHING = "nothing"
ALL = "all"


@dataclass(frozen=True)
class Entry:
    """A picture of a gallery: its name in the catalogue, its origin, and the families of what is marked on it."""

    item: str
    origin: str
    families: frozenset[str]


class Gallery:
    """Which picture is looked at, among those of an origin and a family.

    Parameters
    ----------
    entries : mapping of str to Entry
        By neutral labels, in the order in which they are offered.
    families : mapping of str to str
        Key and title of the families to filter by; "all" and "nothing marked" are added.
    every : str
        What "all" is called.
    nothing : str
        What the pictures without a family are called; empty if there is no such choice.

    Examples
    --------
    >>> gallery = Gallery(
    ...     {"cat": Entry("c", "generated", frozenset({"anatomy"})), "sea": Entry("s", "camera", frozenset())},
    ...     {"anatomy": "Anatomy"},
    ... )
    >>> gallery.choose(family="nothing")
    >>> gallery.picture, gallery.pictures
    ('sea', ('sea',))
    >>> gallery.choose(origin="generated")
    Traceback (most recent call last):
    course.errors.InputError: There is no such picture in the collection. Choose another family or another origin.
    """

    def __init__(
        self,
        entries: Mapping[str, Entry],
        families: Mapping[str, str],
        every: str = "any, or none",
        nothing: str = "nothing marked",
    ):
        self._entries = dict(entries)
        self.origins = {ALL: "anywhere", "camera": "a camera", "generated": "a generator"}
        self.families = {ALL: every, **families, **({NOTHING: nothing} if nothing else {})}
        self.origin = self.family = ALL
        self.picture = next(iter(self._entries))

    @property
    def item(self) -> str:
        """Name in the catalogue of the picture that is chosen."""
        return self._entries[self.picture].item

    @property
    def pictures(self) -> tuple[str, ...]:
        """Labels of all pictures of the origin and the family that are chosen."""
        return self._fitting(self.origin, self.family)

    def choose(self, *, origin: object = None, family: object = None, picture: object = None) -> None:
        """Choose any of these; what is None stays. A picture that no longer fits gives way to the first that does.

        Raises
        ------
        ValueError
            There is no such thing to choose. Nothing has changed.
        """
        origin = self.origin if origin is None else origin
        family = self.family if family is None else family
        if not (isinstance(origin, str) and origin in self.origins and isinstance(family, str)):
            raise InputError("Choose an origin and a family from the lists.")
        if family not in self.families:
            raise InputError("Choose an origin and a family from the lists.")
        fitting = self._fitting(origin, family)
        if not fitting:
            raise InputError("There is no such picture in the collection. Choose another family or another origin.")
        if picture is not None and picture not in fitting:
            raise InputError("There is no picture of that name here. Choose one from the list.")
        wanted = self.picture if picture is None else picture
        self.origin, self.family = origin, family
        self.picture = wanted if wanted in fitting else fitting[0]

    def _fitting(self, origin: str, family: str) -> tuple[str, ...]:
        return tuple(
            label
            for label, one in self._entries.items()
            if origin in (ALL, one.origin)
            and (family == ALL or (not one.families if family == NOTHING else family in one.families))
        )


class ExploreView(View):
    """All pictures of a `Gallery`, one at a time, with their marks.

    Parameters
    ----------
    model : Gallery
        What may be chosen, and what is.
    picture : callable
        Gives the clip or still of an item's name.
    told : callable
        Gives what to show of it.
    label : str
        What the whole is called, for the ear.
    sort : str
        What the families are called that one may choose by.
    """

    _esm = static("parts.js", "ask.js", "plate.js", "explore.js")

    state = traitlets.Dict().tag(sync=True)
    origins = traitlets.List().tag(sync=True)
    families = traitlets.List().tag(sync=True)
    track = traitlets.Dict().tag(sync=True)
    picture = traitlets.Bytes().tag(sync=True)
    told = traitlets.Dict().tag(sync=True)
    label = traitlets.Unicode().tag(sync=True)
    sort = traitlets.Unicode().tag(sync=True)

    def __init__(
        self,
        model: Gallery,
        picture: Callable[[str], Clip | Still],
        told: Callable[[str], Told],
        label: str = "All pictures, with their marks",
        sort: str = "Family",
    ):
        super().__init__(
            label=label,
            sort=sort,
            origins=[list(pair) for pair in model.origins.items()],
            families=[list(pair) for pair in model.families.items()],
        )
        self._model = model
        self._picture = picture
        self._told = told
        self._tick = 0
        self._loaded: str | None = None
        self._show()

    def _said(self, _view: View, message: dict, _buffers: list) -> None:
        if message.get("type") == "choose":
            self.choose(**{key: message.get(key) for key in ("origin", "family", "picture")})

    def choose(self, *, origin: object = None, family: object = None, picture: object = None) -> None:
        """Choose any of these; what is None stays."""
        try:
            self._model.choose(origin=origin, family=family, picture=picture)
        except CourseError as problem:
            return self._show(str(problem))
        return self._show()

    def _show(self, trouble: str = "") -> None:
        model = self._model
        shown, data, told = self.track, self.picture, self.told
        if model.picture != self._loaded:
            try:
                (shown, data), told = track(self._picture(model.item)), self._told(model.item).as_trait()
                self._loaded = model.picture
            except CourseError as problem:
                shown, data, told, trouble, self._loaded = {}, b"", {}, str(problem), None
        self._tick += 1
        with self.hold_sync():
            self.track, self.picture, self.told = shown, data, told
            self.state = {
                "origin": model.origin,
                "family": model.family,
                "picture": model.picture,
                "pictures": list(model.pictures),
                "trouble": trouble,
                "tick": self._tick,
            }
