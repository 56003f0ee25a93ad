"""A desk with files on it: look inside, take their notes out, write other ones in, keep a copy.

A plain model, without any screen. A file lies on it as bytes: nothing touches the disk until a copy is kept, and the
file it came from is never written to. The record learns what was done, and of a learner's own file neither name nor
content.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from course.errors import CourseError, InputError
from course.provenance.errors import ProvenanceError
from course.provenance.metadata import Metadata, read_bytes, shown
from course.provenance.write import edited, save, stripped

if TYPE_CHECKING:
    import numpy as np

OWN = "A file of your own"
CHANGED = "desk.change"
LARGEST_OWN = 64_000_000
_ENDINGS = {"JPEG": ".jpg", "PNG": ".png", "WebP": ".webp", "MP4": ".mp4", "Matroska": ".webm"}


@dataclass(frozen=True)
class Made:
    """A changed copy beside the file it was made from.

    Attributes
    ----------
    act : str
        ``"strip"`` or ``"edit"``.
    before, after : Metadata
    bytes_before, bytes_after : int
    picture_before, picture_after : str
        The first twelve digits of a SHA-256 of the pixels: equal for equal pictures.
    """

    act: str
    before: Metadata
    after: Metadata
    bytes_before: int
    bytes_after: int
    picture_before: str
    picture_after: str

    @property
    def same_picture(self) -> bool:
        """Whether not a bit of the pixels has changed."""
        return self.picture_before == self.picture_after


class Desk:
    """Files on a desk, one of them open.

    Parameters
    ----------
    files : mapping of str to Path
        By label.
    pixels : callable
        Gives the pixels of a file's content, an array of ``uint8``; raises an exception with a sentence if it cannot.
    log : callable, optional
        Takes one event and returns once it is safe.
    folder : Path, optional
        The learner's own folder, the only place that copies go to.

    Attributes
    ----------
    sentence : str
        Why the last act was not done; empty if all is well.

    Raises
    ------
    ValueError
        If there is no file.

    Examples
    --------
    >>> import numpy as np
    >>> from course import media
    >>> log = []
    >>> pixels = lambda data: np.frombuffer(data[-1000:], np.uint8)
    >>> desk = Desk({"phone": media.whole_files()["phone"].path}, pixels, log.append)
    >>> desk.metadata.location is not None, desk.strip(), desk.metadata.location is None
    (True, True, True)
    >>> desk.made.same_picture, log
    (True, [{'kind': 'desk.change', 'act': 'strip', 'file': 'phone'}])
    >>> desk.edit(taken="yesterday"), desk.sentence
    (False, 'Write the date like this: 2019-07-14 12:30.')
    """

    def __init__(
        self,
        files: Mapping[str, Path],
        pixels: Callable[[bytes], np.ndarray],
        log: Callable[[Mapping[str, object]], object] | None = None,
        folder: Path | None = None,
    ) -> None:
        if not files:
            raise InputError("A desk needs at least one file.")
        self._files = dict(files)
        self._own: bytes | None = None
        self._own_name = ""
        self._pixels = pixels
        self._log = log
        self._folder = folder
        self.sentence = ""
        self.kept = ""
        self._open(next(iter(self._files)))

    @property
    def labels(self) -> tuple[str, ...]:
        """What may be chosen."""
        return (*self._files, *((OWN,) if self._own is not None else ()))

    @property
    def label(self) -> str:
        """What is chosen."""
        return self._label

    @property
    def name(self) -> str:
        """The name of the file: it can be a note as well."""
        return self._own_name if self._label == OWN else self._files[self._label].name

    @property
    def data(self) -> bytes:
        """The content as it is now."""
        return self._now

    @property
    def metadata(self) -> Metadata:
        """What the content says of itself as it is now."""
        return self._metadata

    @property
    def made(self) -> Made | None:
        """What was made of the file, or None while it is as it was."""
        return self._made

    # acts: each is done whole, or not at all and `sentence` says why

    def choose(self, label: object) -> bool:
        """Open another file, as it was at first."""

        def act() -> None:
            if not isinstance(label, str) or label not in self.labels:
                raise InputError("There is no file of that name. Choose one from the list.")
            self._open(label)

        return self._try(act)

    def open_own(self, data: object, name: object = "") -> bool:
        """Take the content of a file as the learner's own, and open it."""

        def act() -> None:
            if not isinstance(data, bytes | bytearray) or len(data) > LARGEST_OWN:
                raise InputError(f"That file is too large: choose one of at most {LARGEST_OWN // 1_000_000} MB.")
            title = shown(PurePath(name).name, 60) if isinstance(name, str) else ""
            metadata = read_bytes(bytes(data), title or "your file")
            self._own, self._own_name = bytes(data), title or "your file"
            self._put(OWN, self._own, metadata)

        return self._try(act)

    def strip(self) -> bool:
        """Take everything out that is not needed to show the picture."""
        return self._try(lambda: self._change("strip", lambda: stripped(self._now)))

    def edit(self, taken: object = None, camera: object = None, place: object = None, software: object = None) -> bool:
        """Write other fields; what is None or empty stays."""
        wanted = {"taken": taken, "camera": camera, "place": place, "software": software}
        fields = {key: value for key, value in wanted.items() if value not in (None, "")}

        def act() -> None:
            if not fields:
                raise InputError("Write something into one of the fields first.")
            self._change("edit", lambda: edited(self._now, **fields))

        return self._try(act)

    def put_back(self) -> bool:
        """The file as it was at first."""
        return self._try(lambda: self._put(self._label, self._first, self._before))

    def keep(self) -> bool:
        """Keep the changed copy in the learner's own folder; `kept` is its path. The file itself stays as it is."""

        def act() -> None:
            if self._made is None:
                raise InputError("Nothing has been changed yet, so there is no copy to keep.")
            if self._folder is None:
                raise InputError("There is no folder of your own to keep a copy in.")
            stem = "my-picture" if self._label == OWN else PurePath(self.name).stem
            word = "without-notes" if self._made.act == "strip" else "other-notes"
            ending = _ENDINGS.get(self._metadata.format, "")
            self.kept = str(save(self._now, self._folder / f"{stem}-{word}{ending}"))

        return self._try(act)

    def _try(self, act: Callable[[], None]) -> bool:
        self.sentence, self.kept = "", ""
        try:
            act()
        except CourseError as problem:
            self.sentence = str(problem)
        return not self.sentence

    def _open(self, label: str) -> None:
        data = self._own if label == OWN else self._content(label)
        self._put(label, data, read_bytes(data, self._own_name if label == OWN else self._files[label].name))

    def _content(self, label: str) -> bytes:
        path = self._files[label]
        name = shown(path.name, 60)
        try:
            if path.stat().st_size > LARGEST_OWN:
                raise ProvenanceError(f"“{name}” is too large: choose a file of at most {LARGEST_OWN // 1_000_000} MB.")
            return path.read_bytes()
        except OSError as error:
            raise ProvenanceError(f"“{name}” cannot be opened: check whether it is still there.") from error

    def _put(self, label: str, data: bytes, metadata: Metadata) -> None:
        self._label, self._first, self._now = label, data, data
        self._before = self._metadata = metadata
        self._print: str | None = None
        self._made: Made | None = None

    def _change(self, act: str, make: Callable[[], bytes]) -> None:
        data = make()
        metadata = read_bytes(data, self.name)
        try:
            first = self._print or _fingerprint(self._pixels(self._first))
            now = _fingerprint(self._pixels(data))
        except CourseError as error:
            # whichever room decodes pictures has an exception of its own, with a sentence
            raise ProvenanceError(str(error)) from error
        if self._log is not None:
            self._log({"kind": CHANGED, "act": act, "file": "own" if self._label == OWN else self._label})
        self._now, self._metadata, self._print = data, metadata, first
        self._made = Made(act, self._before, metadata, len(self._first), len(data), first, now)


def _fingerprint(pixels: np.ndarray) -> str:
    shape = "x".join(map(str, pixels.shape)).encode()
    return hashlib.sha256(shape + pixels.tobytes()).hexdigest()[:12]
