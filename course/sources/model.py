"""What this web is made of: plain values, none of which changes once it is read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from course.sources.dates import shown

KINDS = (
    "newspaper", "agency", "factcheck", "university", "personal", "museum", "authority", "schools", "archive-weather",
    "institute", "company", "contentfarm", "parody", "encyclopedia", "wiki", "video", "forum", "stock", "newsroom",
    "blog", "magazine", "civic",
)  # fmt: skip
"""Kinds of site. Each has a look of its own, as on the real web: a handsome look is not evidence."""


@dataclass(frozen=True)
class Registration:
    """What the register of domains says of a site.

    Attributes
    ----------
    domain : str
    registered : datetime.date
        When the name was taken.
    holder : str
        Who holds it, as stated.
    through : str
        A service that stands in for the holder (“privacy proxy”); empty if the holder is named.
    place, note : str
    age_days : int
        Days from then until today.
    """

    domain: str
    registered: date
    holder: str
    through: str
    place: str
    note: str
    age_days: int

    @property
    def text(self) -> str:
        """All of it in lines, as a look-up prints it."""
        when = shown(datetime.combine(self.registered, datetime.min.time()))
        days = f"{self.age_days} days ago" if self.age_days < 700 else f"{self.age_days // 365} years ago"
        rows = (
            ("Domain", self.domain),
            ("Registered", f"{when} ({days})"),
            ("Holder", self.holder),
            ("Through", self.through),
            ("Place", self.place),
            ("Note", self.note),
        )
        return "\n".join(f"{name}: {value}" for name, value in rows if value)


@dataclass(frozen=True)
class Site:
    """A site.

    Attributes
    ----------
    domain, name, tagline : str
    kind : str
        One of `KINDS`.
    accent : str
        Its colour, ``#rrggbb``.
    registration : Registration
    """

    domain: str
    name: str
    kind: str
    tagline: str
    accent: str
    registration: Registration

    @property
    def url(self) -> str:
        """The front page."""
        return f"https://{self.domain}/"


@dataclass(frozen=True)
class Link:
    """A link on a page: the address it leads to, and the words that carry it."""

    url: str
    text: str


@dataclass(frozen=True)
class Page:
    """One page, ready to be shown.

    Attributes
    ----------
    url : str
    title : str
    site : Site or None
        None on the page that says that there is no such page.
    kind : str
        ``"article"``, ``"front"``, ``"about"``, ``"forum thread"`` ...; ``"not found"``.
    date, updated : datetime.datetime or None
    author, summary : str
    html : str
        A whole document without scripts, forms or anything from outside. Links have no ``href``: their address is in
        ``data-url``, a picture's name in ``data-picture``, and whoever shows the page decides what to do with them.
    text : str
        The body as plain text, a block a line.
    links : tuple of Link
        Those of the body, in order, addresses normalised.
    pictures : tuple of str
        Names, see `course.sources.Web.picture`.
    video : str
        Name of the picture that is shown as a player; may be empty.
    credential : str
        What a look at the credentials of its main picture says: ``"trusted"``, ``"none"`` ...; empty if not stated.
    sponsored : tuple of str
        The words for which the page has bought the first place.
    hidden_date : bool
        Whether the page keeps its date to itself; page info has it.
    saved : datetime.datetime or None
        Of a copy in the archive: when it was saved.
    taken_from : tuple of str
        Of its links, those to the pages that it names as the source of what it claims.
    """

    url: str
    title: str
    site: Site | None
    kind: str
    date: datetime | None
    updated: datetime | None
    author: str
    summary: str
    html: str
    text: str
    links: tuple[Link, ...] = ()
    pictures: tuple[str, ...] = ()
    video: str = ""
    credential: str = ""
    sponsored: tuple[str, ...] = ()
    hidden_date: bool = False
    saved: datetime | None = None
    taken_from: tuple[str, ...] = ()

    @property
    def found(self) -> bool:
        """Whether there is such a page."""
        return self.site is not None


@dataclass(frozen=True)
class Version:
    """A copy of a page as it was on a day.

    Attributes
    ----------
    url : str
    saved : datetime.datetime
        When it was saved; of the page itself, today.
    live : bool
        Whether it is the page as it is now.
    page : Page
    """

    url: str
    saved: datetime
    live: bool
    page: Page


@dataclass(frozen=True)
class SearchResult:
    """One line of results.

    Attributes
    ----------
    title, url, snippet : str
    marks : tuple of (int, int)
        Where in the snippet the words looked for stand: first character, and the one after the last.
    site : str
        Name of the site.
    sponsored : bool
        Whether the place was paid for.
    date : datetime.datetime or None
        When the page was last changed, so that a gauge of this morning is seen as one; None where it shows no date.
    """

    title: str
    url: str
    snippet: str
    marks: tuple[tuple[int, int], ...]
    site: str
    sponsored: bool
    date: datetime | None


@dataclass(frozen=True)
class Match:
    """A picture of this web that shows the same as the one looked for.

    Attributes
    ----------
    picture : str
        Its name.
    pages : tuple of str
        Addresses of the pages that show it, the oldest first.
    distance : int
        Bits of 64 by which the two fingerprints differ where the pictures cover each other.
    part : tuple of float
        ``(x, y, width, height)``, in shares: the part of this picture that the one looked for covers.
    first_seen : datetime.datetime or None
        When a page or a saved copy first showed it.
    """

    picture: str
    pages: tuple[str, ...]
    distance: int
    part: tuple[float, float, float, float]
    first_seen: datetime | None


@dataclass(frozen=True)
class PageInfo:
    """What can be known of a page without reading it.

    Attributes
    ----------
    url, title, site, kind, author : str
    published, updated : datetime.datetime or None
        As the page's own data state them, shown on the page or not.
    date_shown : bool
        Whether the page shows its date.
    registered : datetime.date
        When the name of the site was taken.
    copies : tuple of datetime.datetime
        When the archive saved it, the oldest first.
    links_out, links_in : int
        How many other pages it links to, and how many link to it.
    pictures : tuple of str
    credential : str
    words : int
    """

    url: str
    title: str
    site: str
    kind: str
    author: str
    published: datetime | None
    updated: datetime | None
    date_shown: bool
    registered: date
    copies: tuple[datetime, ...]
    links_out: int
    links_in: int
    pictures: tuple[str, ...]
    credential: str
    words: int

    @property
    def text(self) -> str:
        """All of it in lines."""
        rows = (
            ("Title", self.title),
            ("Address", self.url),
            ("Site", self.site),
            ("Kind", self.kind),
            ("Author", self.author or "not stated"),
            ("Published", shown(self.published) if self.published else "not stated"),
            ("Date on the page", "shown" if self.date_shown else "not shown"),
            ("Updated", shown(self.updated) if self.updated else ""),
            ("Domain registered", shown(datetime.combine(self.registered, datetime.min.time()))),
            ("Copies in the archive", "; ".join(map(shown, self.copies)) or "none"),
            ("Pages it links to", str(self.links_out)),
            ("Pages that link here", str(self.links_in)),
            ("Pictures", ", ".join(self.pictures) or "none"),
            ("Credentials of the picture", self.credential),
            ("Words", str(self.words)),
        )
        return "\n".join(f"{name}: {value}" for name, value in rows if value)


@dataclass(frozen=True)
class DiffLine:
    """A line of a comparison: ``kind`` is ``"same"``, ``"removed"`` or ``"added"``."""

    kind: str
    text: str
