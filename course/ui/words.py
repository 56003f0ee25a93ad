"""Numbers and small pieces of text as a page writes them."""

from __future__ import annotations

import html
import re


def fixed(value: float, digits: int = 0) -> str:
    """Write a number with so many digits after the point, a true minus sign, and no zero below zero.

    Examples
    --------
    >>> fixed(-1.26, 1), fixed(-0.004, 2), fixed(3, 1)
    ('−1.3', '0.00', '3.0')
    """
    text = f"{value:.{digits}f}"
    return text.removeprefix("-") if float(text) == 0 else text.replace("-", "−")


def signed(value: float, digits: int = 0) -> str:
    """Write a number as `fixed` does, with its sign; zero has none.

    Examples
    --------
    >>> signed(0.52, 1), signed(-0.52, 1), signed(-0.04, 1), signed(0.04, 1)
    ('+0.5', '−0.5', '0.0', '0.0')
    """
    text = fixed(value, digits)
    return f"+{text}" if value > 0 and float(text) else text


def many(count: float, thing: str, things: str = "") -> str:
    """Write how many things there are: one has no plural.

    Examples
    --------
    >>> many(1, "pixel"), many(2.5, "pixel"), many(0, "frame"), many(1200, "entry", "entries")
    ('1 pixel', '2.5 pixels', '0 frames', '1,200 entries')
    """
    return f"{count:,g} {thing if count == 1 else things or thing + 's'}"


def emphasised(text: str) -> str:
    """Escape a text for a page; what stands between asterisks is emphasised, as its writer meant it.

    Examples
    --------
    >>> emphasised("The *Merlin*, red & old. 3 * 4 * 5.")
    'The <em>Merlin</em>, red &amp; old. 3 * 4 * 5.'
    """
    return _EMPHASIS.sub(r"<em>\1</em>", html.escape(text))


def plain(text: str) -> str:
    """Leave the asterisks of emphasis out, where a text goes to the ear or to a place that knows no emphasis.

    Examples
    --------
    >>> plain("The *Merlin*, red.")
    'The Merlin, red.'
    """
    return _EMPHASIS.sub(r"\1", text)


_EMPHASIS = re.compile(r"\*(?=\S)([^*]+?)(?<=\S)\*")
