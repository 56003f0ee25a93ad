"""Where a picture comes from, in the terms of the IPTC: one vocabulary for XMP and for Content Credentials.

References
----------
IPTC (2024). NewsCodes: Digital Source Type, release of 23 October 2024, with its retired terms.
Coalition for Content Provenance and Authenticity (2025). Technical specification 2.2: two terms of its own.
schema.org, IPTCDigitalSourceEnumeration: one more, of which some programs make use.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

BASE = "http://cv.iptc.org/newscodes/digitalsourcetype/"
"""What an address of this vocabulary begins with; the term follows."""

TERMS: Mapping[str, str] = {
    "digitalCapture": "taken with a camera",
    "computationalCapture": "taken with a camera, several shots combined by it",
    "multiFrameComputationalCapture": "taken with a camera, several shots combined by it",
    "negativeFilm": "scanned from a negative on film",
    "positiveFilm": "scanned from a positive on film, such as a slide",
    "print": "scanned from a print",
    "humanEdits": "changed by a person, with tools that generate nothing",
    "minorHumanEdits": "changed a little by a person, with tools that generate nothing",
    "algorithmicallyEnhanced": "changed by a program that follows fixed rules, such as one that takes out noise",
    "compositeCapture": "put together from several pictures taken with a camera",
    "composite": "put together from several parts",
    "compositeSynthetic": "put together from several parts, at least one of them made by a program",
    "compositeWithTrainedAlgorithmicMedia": "changed with a generator, a program that has learned from pictures",
    "trainedAlgorithmicMedia": "made by a generator, a program that has learned from pictures",
    "algorithmicMedia": "made by a program that follows fixed rules and has learned from no pictures",
    "dataDrivenMedia": "drawn by a program from data, as a chart is",
    "digitalCreation": "made by a person with a drawing or painting program",
    "digitalArt": "made by a person with a drawing or painting program",
    "softwareImage": "made with a program",
    "screenCapture": "a picture of a screen",
    "virtualRecording": "a recording of a made-up place, such as a game",
    "trainedAlgorithmicData": "made by a program that has learned from data, and no picture itself",
    "empty": "without a word on where it comes from",
}
"""Each term in a few words. ``minorHumanEdits``, ``digitalArt`` and ``softwareImage`` are retired, and still met."""


_VOCABULARY = re.compile(
    r"(?:https?://(?:cv\.iptc\.org/newscodes|(?:www\.)?c2pa\.org)/digitalsourcetype/|https?://schema\.org/|digsrctype:)?"
    r"(?P<term>\w+)[/#]?(?:[?#].*)?",
    re.IGNORECASE,
)


def term(address: str) -> str:
    """The term at the end of an address of the vocabulary, or a bare term; any other address is given back whole.

    Examples
    --------
    >>> term("https://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture"), term("digitalCapture/"), term("")
    ('digitalCapture', 'digitalCapture', '')
    >>> term("https://somewhere.example/digitalCapture")
    'https://somewhere.example/digitalCapture'
    """
    address = address.strip()
    found = _VOCABULARY.fullmatch(address)
    return found["term"].removesuffix("DigitalSource") if found else address


def in_words(address: str) -> str:
    """What a term says, in a few words; a term that is not in the vocabulary is shown as it is.

    Examples
    --------
    >>> in_words("http://cv.iptc.org/newscodes/digitalsourcetype/computationalCapture")
    'taken with a camera, several shots combined by it'
    >>> in_words("dreamed")
    '“dreamed”, a term that this course does not know'
    """
    known = {name.lower(): words for name, words in TERMS.items()}
    name = term(address)
    return known.get(name.lower(), f"“{name[:60]}”, a term that this course does not know")
