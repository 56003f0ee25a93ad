"""The fields of an EXIF block as they lie there, and the same block with a few other ones.

Libraries read a block into values and write a block anew from values. On the way they lose what they do not know: text
in UTF-8, fields of a newer kind, and the maker's own block, whose parts are found by where they lie. Here a block is
bytes. What is named is written, and not one other byte of a field changes.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, replace

from course.provenance.errors import ProvenanceError

MAIN, SHOT, GPS, INTEROP, SMALL = 0, 0x8769, 0x8825, 0xA005, -1
"""The parts of a block: the picture, how it was taken, its place, an exchange of formats, the small copy."""

BYTE, ASCII, SHORT, LONG, RATIONAL, UTF8 = 1, 2, 3, 4, 5, 129
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 129: 1}
_MOST_FIELDS = 1_000
_ENTRY = 12
_ABOVE = {SHOT: MAIN, GPS: MAIN, INTEROP: SHOT}

_DAMAGED = "The fields of this file are too damaged to be changed: take everything out first, then write."


@dataclass(frozen=True)
class Field:
    """One field of a block.

    Attributes
    ----------
    tag : int
        Its number.
    kind : int
        How its value is coded, 2 for text and so on (TIFF 6.0); 129 is text in UTF-8 (Exif 3.0).
    count : int
        How many values it has.
    raw : bytes
        Its value as it stands there, in the byte order of the block.
    at : int
        Where the value lies in the block.
    word : bytes
        The last four bytes of its entry, which hold the value or say where it lies; empty for a field that is new.
    """

    tag: int
    kind: int
    count: int
    raw: bytes
    at: int = 0
    word: bytes = b""


@dataclass(frozen=True)
class Part:
    """A list of fields, where it starts in the block, and where the next list is said to be."""

    start: int
    fields: tuple[Field, ...]
    after: int

    @property
    def stop(self) -> int:
        return self.start + 2 + _ENTRY * len(self.fields) + 4


def order_of(block: bytes) -> str:
    """``"<"`` or ``">"`` as `struct` has it, or ``""`` if this is no EXIF block.

    Examples
    --------
    >>> order_of(b"MM\\0*\\0\\0\\0\\x08"), order_of(b"hello"), order_of(b"")
    ('>', '', '')
    """
    return {b"II*\0": "<", b"MM\0*": ">"}.get(bytes(block[:4]), "")


def parts_of(block: bytes) -> dict[int, Part]:
    """The parts of a block; one that makes no sense is left out, and so is a field.

    Parameters
    ----------
    block : bytes
        From its byte order mark on.

    Examples
    --------
    >>> parts = parts_of(written(b"", {MAIN: {0x0131: text("Program 2")}}))
    >>> parts[MAIN].fields[0].raw
    b'Program 2\\x00'
    >>> parts_of(b"MM no such thing")
    {}
    """
    order = order_of(block)
    if not order or len(block) < 8:
        return {}
    found: dict[int, Part] = {}
    (start,) = struct.unpack_from(order + "L", block, 4)
    for name in (MAIN, SHOT, GPS, INTEROP, SMALL):
        if name in _ABOVE:
            above = found.get(_ABOVE[name])
            start = next((_number(order, one) for one in above.fields if one.tag == name), 0) if above else 0
        elif name == SMALL:
            start = found[MAIN].after if MAIN in found else 0
        part = _part(block, order, start)
        if part is not None and part.start not in {one.start for one in found.values()}:
            found[name] = part
    return found


def _part(block: bytes, order: str, start: int) -> Part | None:
    if not 8 <= start <= len(block) - 2:
        return None
    (count,) = struct.unpack_from(order + "H", block, start)
    if count > _MOST_FIELDS or start + 2 + _ENTRY * count > len(block):
        return None
    fields = []
    for n in range(count):
        entry = start + 2 + _ENTRY * n
        tag, kind, number = struct.unpack_from(order + "HHL", block, entry)
        length = _SIZES.get(kind, 0) * number
        at = entry + 8 if length <= 4 else struct.unpack_from(order + "L", block, entry + 8)[0]
        sound = kind in _SIZES and at + length <= len(block)
        word = bytes(block[entry + 8 : entry + 12])
        fields.append(Field(tag, kind, number, bytes(block[at : at + length]) if sound else b"", at, word))
    stop = start + 2 + _ENTRY * count
    after = struct.unpack_from(order + "L", block, stop)[0] if stop + 4 <= len(block) else 0
    return Part(start, tuple(fields), after)


def _number(order: str, field: Field) -> int:
    form = {SHORT: "H", LONG: "L", 13: "L"}.get(field.kind)
    return struct.unpack_from(order + form, field.raw)[0] if form and field.raw else 0


def text(words: str) -> Field:
    """A field of plain text, to be written."""
    raw = words.encode("ascii") + b"\0"
    return Field(0, ASCII, len(raw), raw)


def rationals(order: str, *values: tuple[int, int]) -> Field:
    """A field of fractions, to be written."""
    return Field(0, RATIONAL, len(values), b"".join(struct.pack(order + "LL", *one) for one in values))


def turned(turn: int, order: str = "<") -> bytes:
    """A block with nothing but the field that says how the picture stands.

    Parameters
    ----------
    turn : int
        1 to 8, as in Exif.
    order : str
        ``"<"`` or ``">"``: the byte order of the block.

    Examples
    --------
    >>> [(field.tag, field.raw) for field in parts_of(turned(6, ">"))[MAIN].fields]
    [(274, b'\\x00\\x06')]
    """
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "L", 8)
    field = Field(0x0112, SHORT, 1, struct.pack(order + "H", turn))
    return head + _entries(order, [field], [field.raw.ljust(4, b"\0")], 0)


def written(block: bytes, changes: Mapping[int, Mapping[int, Field | None]]) -> bytes:
    """The same block with other fields.

    Parameters
    ----------
    block : bytes
        From its byte order mark on; empty for a new one, whose order is that of Intel ("<").
    changes : mapping of int to mapping of int to Field or None
        By part and tag: what shall stand there, or None for nothing.

    Returns
    -------
    bytes
        Every other field has the bytes that it had, where it had them. What was replaced is overwritten with zeros, if
        nothing else lies there.

    Raises
    ------
    ProvenanceError
        If the block does not hold together.
    """
    if not block:
        block = b"II*\0" + struct.pack("<LHL", 8, 0, 0)
    order = order_of(block)
    if not order or MAIN not in parts_of(block):
        raise ProvenanceError(_DAMAGED)
    made = bytearray(block)
    # From the inside out: a part that moves is named anew in the part above it.
    for name in (GPS, SHOT, MAIN):
        if not changes.get(name):
            continue
        start = _rewrite(made, order, name, changes[name])
        if name != MAIN:
            changes = {**changes, MAIN: dict(changes.get(MAIN, {}))}
            if start is not None:
                changes[MAIN][name] = Field(0, LONG, 1, struct.pack(order + "L", start))
        elif start is not None:
            struct.pack_into(order + "L", made, 4, start)
    return bytes(made)


def _rewrite(made: bytearray, order: str, name: int, wanted: Mapping[int, Field | None]) -> int | None:
    """Write one part anew. Returns where it starts now, if it has moved."""
    parts = parts_of(made)
    old = parts.get(name, Part(0, (), 0))
    fields: list[Field] = []
    for one in old.fields:  # in their order; of fields named twice one is left
        if one.tag not in wanted:
            fields.append(one)
        elif wanted[one.tag] is not None and not any(other.tag == one.tag for other in fields):
            fields.append(replace(wanted[one.tag], tag=one.tag))
    for tag, field in sorted(wanted.items()):
        if field is not None and not any(one.tag == tag for one in fields):
            at = next((n for n, one in enumerate(fields) if one.tag > tag), len(fields))
            fields.insert(at, replace(field, tag=tag))
    gone = [one for one in old.fields if one.tag in wanted and len(one.raw) > 4]
    others = [(one.at, one.at + len(one.raw)) for part in parts.values() for one in part.fields if len(one.raw) > 4]
    lists = [(part.start, part.stop) for part in parts.values()]
    slots = []
    for one in gone:
        span = (one.at, one.at + len(one.raw))
        if others.count(span) == 1 and not any(_meet(span, other) for other in [*others, *lists] if other != span):
            made[slice(*span)] = bytes(len(one.raw))
            slots.append((one.tag, span))
    values = []
    for one in fields:
        if one.word:  # it stays where it is
            values.append(one.word)
        elif len(one.raw) <= 4:
            values.append(one.raw.ljust(4, b"\0"))
        else:
            place = next((span for tag, span in slots if tag == one.tag and span[1] - span[0] >= len(one.raw)), None)
            if place is None:
                made += bytes(len(made) % 2)
                place = (len(made), len(made) + len(one.raw))
                made += bytes(len(one.raw))
            made[place[0] : place[0] + len(one.raw)] = one.raw
            values.append(struct.pack(order + "L", place[0]))
    new = _entries(order, fields, values, old.after)
    alone = not any(
        _meet((old.start, old.stop), other) for other in [*others, *lists] if other != (old.start, old.stop)
    )
    if old.start and alone:
        made[old.start : old.stop] = bytes(old.stop - old.start)
    if old.start and alone and len(new) <= old.stop - old.start:
        made[old.start : old.start + len(new)] = new
        return None
    made += bytes(len(made) % 2)
    start = len(made)
    made += new
    return start


def _entries(order: str, fields: list[Field], values: list[bytes], after: int) -> bytes:
    head = struct.pack(order + "H", len(fields))
    body = b"".join(
        struct.pack(order + "HHL", one.tag, one.kind, one.count) + value
        for one, value in zip(fields, values, strict=True)
    )
    return head + body + struct.pack(order + "L", after)


def _meet(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]
