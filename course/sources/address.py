"""Addresses: what a learner types or a page links to, and the one way this web writes it."""

from __future__ import annotations

import re

LONGEST = 2_000
"""Characters of an address that are looked at; no page has one of a tenth of that."""

ENDING = ".example"
"""Reserved (RFC 2606): no site under it can ever be real."""

_DOMAIN = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.example", re.ASCII)
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]*(/[a-z0-9][a-z0-9-]*)*", re.ASCII)
_ADDRESS = re.compile(r"(?:https?://)?(?P<domain>[^/?#\s]+)(?P<path>/[^?#]*)?(?:[?#].*)?", re.ASCII | re.IGNORECASE)


def domain_of(address: object) -> str | None:
    """Return the domain of an address or of a bare name, or None if it is none of this web's kind.

    Examples
    --------
    >>> domain_of("https://www.Plumbline.example/methods"), domain_of("plumbline"), domain_of("plumbline.com")
    ('plumbline.example', 'plumbline.example', None)
    """
    if isinstance(address, str) and re.fullmatch(r"[A-Za-z0-9-]{1,63}", address.strip(), re.ASCII):
        address = address.strip() + ENDING
    whole = normalised(address)
    return whole.split("/")[2] if whole else None


def normalised(address: object, base: str = "") -> str | None:
    """Return an address as this web writes it, or None if nothing here can have it.

    Nothing is decoded and nothing is resolved: an address with a percent sign, a backslash, ``..`` or another scheme
    than http has no page here, so there is nothing that a trick could reach.

    Parameters
    ----------
    address : str
        With or without ``https://`` and ``www.``; what follows ``?`` or ``#`` is dropped.
    base : str
        The address of the page on which a relative address such as ``/about`` stands.

    Returns
    -------
    str or None

    Examples
    --------
    >>> normalised("EllerycourIer.example/about/?from=feed")
    'https://ellerycourier.example/about'
    >>> normalised("/", base="https://ellerycourier.example/about")
    'https://ellerycourier.example/'
    >>> [normalised(trick) for trick in ("javascript:alert(1)", "file:///etc/passwd", "plumbline.example/%2e%2e/x")]
    [None, None, None]
    """
    if not isinstance(address, str) or len(address) > LONGEST:
        return None
    address = address.strip()
    if address.startswith("/") and not address.startswith("//"):
        home = domain_of(base) if base else None
        if home is None:
            return None
        address = home + address
    found = _ADDRESS.fullmatch(address)
    if found is None:
        return None
    domain = found["domain"].lower().removeprefix("www.")
    path = (found["path"] or "").strip("/").lower()
    if not _DOMAIN.fullmatch(domain) or (path and not _SLUG.fullmatch(path)) or "//" in (found["path"] or ""):
        return None
    return f"https://{domain}/{path}"
