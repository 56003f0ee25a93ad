"""What the fields of a file tell, what they do not, and who could have written them: a sentence or two each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from course.provenance.place import hours_behind

if TYPE_CHECKING:
    from course.provenance.metadata import Metadata


@dataclass(frozen=True)
class Remark:
    """A plain word on something found.

    Attributes
    ----------
    topic : str
        ``"place"``, ``"time"``, ``"camera"``, ``"software"``, ``"generation"``, ``"declared"``, ``"small picture"``,
        ``"size"``, ``"name"`` or ``"nothing"``.
    found : str
        What stands in the file.
    tells : str
        What it tells, and what it does not.
    """

    topic: str
    found: str
    tells: str


def remarks(metadata: Metadata, name: str = "") -> tuple[Remark, ...]:
    """What is worth saying about the fields of a file.

    Parameters
    ----------
    metadata : Metadata
    name : str
        Of the file: it is a note as well.

    Examples
    --------
    >>> from course.provenance import Metadata
    >>> [remark.topic for remark in remarks(Metadata("JPEG", {}), "IMG-20191006-WA0002.jpg")]
    ['name', 'nothing']
    """
    found = [*_place(metadata), *_time(metadata), *_made(metadata), *_name(name)]
    if metadata.empty:
        found.append(
            Remark(
                "nothing",
                "No field about camera, time, place or program.",
                "That tells very little, for or against: most messengers and many websites take these fields out of "
                "nearly every picture that goes through them, whoever made it.",
            )
        )
    return tuple(found)


def _place(metadata: Metadata) -> list[Remark]:
    place = metadata.location
    if place is None:
        return []
    exact = (
        f"The file states an accuracy of {_metres(place.accuracy)}."
        if place.accuracy is not None
        else f"Its last digit means {_metres(place.resolution)}: the place is told at least that finely."
    )
    return [
        Remark(
            "place",
            f"{place.words}. {exact}",
            "Whoever gets the file can read it. It does not prove that the picture was taken there: such numbers can "
            "be changed in a second.",
        )
    ]


def _time(metadata: Metadata) -> list[Remark]:
    taken, saved, said = metadata.taken, metadata.saved, []
    if taken:
        words = "By the clock of the camera or phone, as somebody had set it, if nobody changed the field since."
        behind = hours_behind(taken, metadata.satellite_time)
        if behind is not None and metadata.location is not None:
            sun = metadata.location.longitude / 15
            words += (
                f" It is {_ahead(behind)} the satellites' time, which is in the file as well; by the sun, the place it "
                f"names is {_ahead(round(sun, 1))}. The two {'fit' if abs(sun - behind) <= 2 else 'do not fit'}: "
                "whoever changes one field must think of the others."
            )
        elif metadata.satellite_time is not None and _is_date(taken):
            words += (
                f" The satellites' time in the same file is {metadata.satellite_time:%Y-%m-%d %H:%M:%S}, more than a "
                "day away: whoever changes one field must think of the others."
            )
        said.append(Remark("time", f"Taken {_day(taken)}.", words))
    if taken and saved and saved < taken:
        said.append(
            Remark(
                "time",
                f"Saved {_day(saved)}, taken {_day(taken)}.",
                "Saved before it was taken? There is no magic in it. As a rule the first comes from the clock of the "
                "computer and the second from that of the camera, and the two do not agree. Which was right, the file "
                "does not say.",
            )
        )
    return said


def _made(metadata: Metadata) -> list[Remark]:
    said = []
    if metadata.camera:
        said.append(
            Remark(
                "camera",
                f"{metadata.camera}.",
                "A camera wrote its name, or somebody typed it. A generated picture can carry it too.",
            )
        )
    if metadata.software and not metadata.generation:
        said.append(
            Remark(
                "software",
                f"{metadata.software}.",
                "A program of this name saved the file. What it changed is not said: to shrink a picture leaves the "
                "same note as to paint somebody out. A phone notes its own system here.",
            )
        )
    if metadata.written_size and metadata.size and sorted(metadata.written_size) != sorted(metadata.size):
        (one, two), (three, four) = metadata.written_size, metadata.size
        said.append(
            Remark(
                "size",
                f"The fields say {one} × {two} pixels, the picture has {three} × {four}.",
                "It was made smaller, or cut, after these fields were written.",
            )
        )
    if metadata.generation:
        made = metadata.generation
        parts = [
            "written as several programs do" if made.tool == "a generator" else f"written as {made.tool} does",
            f"model {made.model}" if made.model else "",
            f"seed {made.seed}" if made.seed is not None else "",
        ]
        said.append(
            Remark(
                "generation",
                f"Notes of a generator: {', '.join(part for part in parts if part)}."
                + (f" Prompt: “{_cut(made.prompt)}”" if made.prompt else ""),
                "Strong evidence that it was generated: hardly anybody adds such notes to a photograph. But one could, "
                "and taking them away is easier still. Most generated files carry none.",
            )
        )
    if metadata.declared:
        said.append(
            Remark(
                "declared",
                metadata.declared,
                "Whoever saved the file declared how it was made. A kind word, and one that can be left out.",
            )
        )
    if metadata.thumbnail:
        said.append(
            Remark(
                "small picture",
                "A small copy of the picture, for lists.",
                "Some programs change the picture and forget the small copy. Then it shows what was there before.",
            )
        )
    return said


def _name(name: str) -> list[Remark]:
    messenger = re.match(r"(?:IMG|VID)-(\d{4})(\d\d)(\d\d)-WA\d+", name)
    if messenger:
        return [
            Remark(
                "name",
                f"The name of the file: {name}.",
                f"WhatsApp names files like this, with the day on which they were sent or received: "
                f"{'-'.join(messenger.groups())}. Anybody can rename a file.",
            )
        ]
    return []


def _metres(metres: float) -> str:
    if metres >= 1000:
        return f"about {metres / 1000:.0f} km"
    return f"about {metres:.0f} m" if metres >= 1 else "less than a metre"


def _is_date(stamp: str) -> bool:
    return bool(re.match(r"\d{4}:\d\d:\d\d \d\d:\d\d:\d\d", stamp))


def _day(stamp: str) -> str:
    """A date of EXIF, which has colons where one writes strokes."""
    return re.sub(r"^(\d{4}):(\d\d):(\d\d)", r"\1-\2-\3", stamp)


def _ahead(hours: float) -> str:
    return f"{abs(hours):g} hours {'behind' if hours < 0 else 'ahead of'}"


def _cut(text: str, most: int = 240) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
