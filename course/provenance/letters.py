"""Bytes into letters: which of the ways to write text this is, for fields that do not say, or say something else.

The standards ask for ASCII in most fields of EXIF, for Latin-1 in some texts of a PNG, and leave it open in others.
Phones and programs write what they please, mostly UTF-8. So the bytes are asked first and the standard second.
"""

from __future__ import annotations

import codecs
import re
import unicodedata

LONGEST = 8_000_000
"""Bytes; what goes on after them is left out."""

_SAMPLE = 2_000  # letters, to tell one byte order from the other
_PREFIX = re.compile(rb"(ASCII|JIS|UNICODE|)[\0 ]+", re.IGNORECASE)


def read_text(raw: bytes) -> str:
    """Text in UTF-8, or in UTF-16 with its mark, or else in Windows' own letters, which hold those of Latin-1.

    Examples
    --------
    >>> read_text("Zoë".encode()), read_text("Zoë".encode("latin-1")), read_text("“Zoë”".encode("cp1252"))
    ('Zoë', 'Zoë', '“Zoë”')
    >>> read_text("Zoë".encode("utf-16")), read_text("Zoë €".encode("utf-16-le"))
    ('Zoë', 'Zoë €')
    """
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return read_utf16(raw)
    cut, raw = len(raw) > LONGEST, raw[:LONGEST]
    if _alternates(raw):
        return read_utf16(raw)
    words = _utf8(raw, whole=not cut)
    return (_windows(raw) if words is None else words).rstrip("\0")


def _alternates(raw: bytes) -> bool:
    """Whether every second byte is nought, nearly: UTF-16 that does not say so."""
    sample = raw[: 2 * _SAMPLE].rstrip(b"\0")
    if len(sample) < 6:
        return False
    noughts = sample[::2].count(0), sample[1::2].count(0)
    return min(noughts) == 0 and 3 * max(noughts) >= 2 * (len(sample) // 2)


def _utf8(raw: bytes, *, whole: bool) -> str | None:
    """The text, or None if it is not UTF-8."""
    try:
        # where the text was cut, a letter in two halves is no sign of another way to write
        return codecs.getincrementaldecoder("utf-8-sig")().decode(raw, final=whole)
    except UnicodeDecodeError:
        return None


def _windows(raw: bytes) -> str:
    try:
        return raw.decode("cp1252")
    except UnicodeDecodeError:  # five of its places are empty
        return raw.decode("latin-1")


def read_utf16(raw: bytes, order: str = "<") -> str:
    """Text in UTF-16: by its mark, or in the byte order in which it makes more sense.

    Parameters
    ----------
    raw : bytes
    order : {"<", ">"}
        What to take if both make as much sense.

    Examples
    --------
    >>> [read_utf16("a red fox".encode(f"utf-16-{one}")) for one in ("le", "be")]
    ['a red fox', 'a red fox']
    """
    raw = raw[: min(LONGEST, len(raw) - len(raw) % 2)]
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return raw.decode("utf-16", errors="replace").rstrip("\0")
    tries = [raw[: 2 * _SAMPLE].decode(coding, errors="replace").rstrip("\0") for coding in ("utf-16-le", "utf-16-be")]
    little, big = (_oddity(one) for one in tries)
    big_end = big < little if big != little else order == ">"
    return raw.decode("utf-16-be" if big_end else "utf-16-le", errors="replace").rstrip("\0")


def _oddity(words: str) -> int:
    """How odd a text is: letters that do not exist, and letters from all over the table.

    A text keeps to one script or two. Read in the wrong byte order, it jumps from one to the next.
    """
    wrong = _wrong(words)
    plain = sum(one < "\x80" or "\u3000" <= one <= "\u30ff" for one in words)
    return 4 * wrong + len({ord(one) >> 8 for one in words}) - 2 * plain


def _wrong(words: str) -> int:
    kinds = (unicodedata.category(one) for one in words if one not in "\t\n\r")
    return sum(kind in ("Cc", "Cn", "Co", "Cs") for kind in kinds) + words.count("\ufffd")


def read_comment(raw: bytes, order: str = "<") -> str:
    """A field of EXIF that begins with the name of its way to write in eight bytes, such as the user's comment.

    Parameters
    ----------
    raw : bytes
    order : {"<", ">"}
        The byte order of the block, which the text should have and often has not.

    Examples
    --------
    >>> read_comment(b"UNICODE\\0" + "a red fox".encode("utf-16-be"), "<")
    'a red fox'
    >>> read_comment(b"ASCII\\0\\0\\0" + "Füchse".encode()), read_comment(b"no name of a way to write at all")
    ('Füchse', 'no name of a way to write at all')
    """
    named = _PREFIX.fullmatch(raw[:8])
    if not named:
        return read_text(raw)
    coding, raw = named[1].upper(), raw[8 : 8 + LONGEST]
    if coding == b"JIS":
        return _japanese(raw)
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return read_utf16(raw)
    # Whatever it is called, it may be the other: each is tried, and what makes sense is taken.
    sample = raw[: 2 * _SAMPLE].rstrip(b"\0")
    words = _utf8(sample, whole=len(raw) <= 2 * _SAMPLE)
    fits = words is not None and not _wrong(words) and 4 * sum(one in "\t\n\r" for one in words) <= len(words)
    plain = sum(32 <= one < 127 for one in sample) / max(1, len(sample))
    if coding == b"UNICODE":  # in a few letters anything makes sense
        narrow = (fits and not sample.isascii()) or (len(sample) > 8 and plain > (0.6 if fits else 0.8))
        return read_text(raw) if narrow else read_utf16(raw, order)
    if fits or (plain > 0.8 and 0 not in sample):
        return read_text(raw)
    wide = read_utf16(raw, order)
    return read_text(raw) if _wrong(wide[:_SAMPLE]) else wide


def _japanese(raw: bytes) -> str:
    raw = raw.rstrip(b"\0")
    if b"\x1b" in raw:
        return raw.decode("iso2022_jp", errors="replace")
    if raw.isascii() and len(raw) % 2 == 0 and b" " not in raw and re.match(rb"(?:[$%].|[!0-O][!-~])+\Z", raw, re.S):
        return (b"\x1b$B" + raw + b"\x1b(B").decode("iso2022_jp", errors="replace")  # the codes alone
    for coding in ("utf-8", "euc_jp", "cp932"):
        try:
            return raw.decode(coding)
        except UnicodeDecodeError:
            continue
    return _windows(raw)


def read_xml(raw: bytes) -> str:
    """XML in any of the ways to write that XMP allows (ISO 16684-1, 7.1): UTF-8, UTF-16 and UTF-32, marked or not.

    Examples
    --------
    >>> [read_xml("<a>Zoë</a>".encode(one)) for one in ("utf-8", "utf-16-be", "utf-32", "latin-1")]
    ['<a>Zoë</a>', '<a>Zoë</a>', '<a>Zoë</a>', '<a>Zoë</a>']
    """
    at = max(0, raw.find(b"<", 0, 256))
    if raw.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        words = raw.decode("utf-32", errors="replace")
    elif raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        words = raw.decode("utf-16", errors="replace")
    elif raw[at + 1 : at + 4] == bytes(3) or (at >= 3 and raw[at - 3 : at] == bytes(3) and not raw[at + 1]):
        words = raw.decode("utf-32-be" if at % 4 else "utf-32-le", errors="replace")
    elif raw[at + 1 : at + 2] == b"\0":
        words = raw.decode("utf-16-be" if at % 2 else "utf-16-le", errors="replace")
    else:
        words = read_text(raw[at:] if raw[:at].strip(b"\0 \r\n\t") == b"" else raw)
    return words.strip("\0 \r\n\t\ufeff")
