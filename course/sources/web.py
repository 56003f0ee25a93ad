"""The web itself: what a browser and a verifier's tools ask."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import cached_property, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from course.sources import rendering
from course.sources.address import domain_of, normalised
from course.sources.dates import Calendar
from course.sources.differences import difference
from course.sources.errors import SourcesError
from course.sources.model import DiffLine, Match, Page, PageInfo, Registration, SearchResult, Site, Version
from course.sources.picture_index import PictureIndex
from course.sources.reading import CURE, Picture, Written, read
from course.sources.search_index import SearchIndex

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from course.sources.trail import Step

Load = Callable[[str, int], "NDArray[np.uint8]"]
"""Gives a frame of an item of the pack, RGB, shape (H, W, 3)."""

_SHOWN_OF_AN_ADDRESS = 120


class Web:
    """A web of fictional sites that lies in a folder. No page of it reaches the network, and none has a script.

    Parameters
    ----------
    folder : Path
        See ``data/web/README.md``.
    load : callable
        Gives a frame of an item of the pack by id and number.

    Attributes
    ----------
    folder : Path

    Raises
    ------
    SourcesError
        If there is no web in `folder`.

    Examples
    --------
    >>> from course import sources
    >>> web = sources.web()
    >>> web.open("ellerycourier.example").site.kind
    'newspaper'
    >>> web.open("https://ellerycourier.example/../secrets").found
    False
    """

    def __init__(self, folder: Path, load: Load) -> None:
        self.folder = folder
        self._read = read(folder)
        self._load = load
        self._problems = list(self._read.problems)
        self._pages = {url: self._rendered(written) for url, written in self._read.pages.items()}
        self._copies = {
            url: tuple(self._rendered(written) for written in written_ones)
            for url, written_ones in self._read.versions.items()
            if url in self._pages
        }
        self._links_to: dict[str, list[str]] = {}
        for page in self._pages.values():
            for url in dict.fromkeys(link.url for link in page.links):
                self._links_to.setdefault(url, []).append(page.url)
        self._index = SearchIndex(self._pages.values())

    def __repr__(self) -> str:
        return f"Web({len(self.sites)} sites, {len(self._pages)} pages)"

    def _rendered(self, written: Written, template: str | None = None) -> Page:
        about = f"{written.site.url}about" in self._read.pages
        page, wrong = rendering.page(written, self._read.pictures, about, template)
        if template is None:
            self._problems += [f"{written.file.parent.name}/{written.file.name}: {sentence}." for sentence in wrong]
        return page

    @property
    def problems(self) -> tuple[str, ...]:
        """What could not be read in the folder, a sentence each; `course.sources.problems` looks further."""
        return tuple(self._problems)

    @property
    def today(self) -> date:
        """The day on which this web is read."""
        return self._read.calendar.today

    @property
    def calendar(self) -> Calendar:
        """Works out the dates that are written relative to today; see `course.sources.dates.Calendar`."""
        return self._read.calendar

    @property
    def sites(self) -> Mapping[str, Site]:
        """All sites by domain."""
        return MappingProxyType(self._read.sites)

    @property
    def pages(self) -> Mapping[str, Page]:
        """All pages by address, without earlier versions."""
        return MappingProxyType(self._pages)

    @property
    def pictures(self) -> Mapping[str, Picture]:
        """All pictures by name."""
        return MappingProxyType(self._read.pictures)

    def search(self, query: str, limit: int = 10) -> tuple[SearchResult, ...]:
        """Search all pages.

        Parameters
        ----------
        query : str
            Anything at all; see `course.sources.search_index.SearchIndex.search`.
        limit : int
            Results at most, besides sponsored ones.

        Returns
        -------
        tuple of SearchResult
            Sponsored ones on top, marked as such; then by BM25, a word in the title weighing most.

        Examples
        --------
        >>> from course import sources
        >>> sources.web().search('") OR (') == sources.web().search("or")
        True
        """
        return self._index.search(query, limit)

    def open(self, url: str) -> Page:
        """Open a page.

        Parameters
        ----------
        url : str
            As it is typed, with or without ``https://``.

        Returns
        -------
        Page
            A page that says so if there is none (`Page.found` is False); nothing that is typed is an error.
        """
        address = normalised(url)
        return self._pages.get(address or "") or _no_page(url)

    def found(self, step: Step) -> bool:
        """Whether a step of a trail led to anything: a search or a look-up that finds nothing leads nowhere.

        Examples
        --------
        >>> from course import sources
        >>> web = sources.web()
        >>> [web.found(sources.Step("search", what, 3)) for what in ("library flood", "qwrtz")]
        [True, False]
        """
        if step.act == "search":
            return bool(self.search(step.what, limit=1))
        if step.act == "registration":
            return self.registration(step.what) is not None
        if step.act == "find_image":
            return step.what in self.pictures
        return self.open(step.what).found

    def registration(self, domain: str) -> Registration | None:
        """Look up who holds a domain, and since when; None if nobody does.

        Parameters
        ----------
        domain : str
            ``"plumbline.example"``, ``"plumbline"``, or the address of any of its pages.
        """
        site = self._read.sites.get(domain_of(domain) or "")
        return site.registration if site else None

    def archive(self, url: str) -> tuple[Version, ...]:
        """Return what the archive has of a page, the oldest first, and last the page as it is now.

        Parameters
        ----------
        url : str

        Returns
        -------
        tuple of Version
            Empty if there is no such page.
        """
        page = self.open(url)
        if not page.found:
            return ()
        now = datetime.combine(self.today, datetime.max.time().replace(microsecond=0))
        copies = [Version(page.url, copy.saved, False, copy) for copy in self._copies.get(page.url, ())]
        return (*copies, Version(page.url, now, True, page))

    def written(self, url: str) -> tuple[Written, ...]:
        """Return a page as it is written in the folder: its earlier versions, the oldest first, and last the page.

        Parameters
        ----------
        url : str

        Returns
        -------
        tuple of Written
            Empty if there is no such page.
        """
        page = self._read.pages.get(normalised(url) or "")
        return (*self._read.versions.get(page.url, ()), page) if page else ()

    def diff(self, old: Version | Page, new: Version | Page) -> tuple[DiffLine, ...]:
        """Compare two versions of a page, sentence by sentence; see `course.sources.differences.difference`."""
        before, after = (one.page if isinstance(one, Version) else one for one in (old, new))
        return difference(before, after)

    def links_to(self, url: str) -> tuple[Page, ...]:
        """Return the pages that link to a page, the oldest first."""
        found = [self._pages[source] for source in self._links_to.get(normalised(url) or "", ())]
        return tuple(sorted(found, key=lambda page: (page.date or datetime.max, page.url)))

    def page_info(self, url: str) -> PageInfo | None:
        """Return what can be known of a page without reading it; None if there is no such page."""
        page = self.open(url)
        if page.site is None:
            return None
        return PageInfo(
            url=page.url,
            title=page.title,
            site=page.site.name,
            kind=page.kind,
            author=page.author,
            published=page.date,
            updated=page.updated,
            date_shown=bool(page.date) and not page.hidden_date,
            registered=page.site.registration.registered,
            copies=tuple(copy.saved for copy in self._copies.get(page.url, ())),
            links_out=len({link.url for link in page.links}),
            links_in=len(self._links_to.get(page.url, ())),
            pictures=page.pictures,
            credential=page.credential,
            words=len(page.text.split()),
        )

    def reader(self, url: str) -> Page:
        """Open a page in plain dress: all sites look alike, so that looks cannot persuade."""
        page = self.open(url)
        if not page.found:
            return page
        return replace(page, html=self._rendered(self._read.pages[page.url], "reader").html)

    def pixels(self, picture: str) -> NDArray[np.uint8]:
        """Return a picture of this web.

        Parameters
        ----------
        picture : str
            Its name.

        Returns
        -------
        ndarray of uint8, shape (H, W, 3)
            RGB.

        Raises
        ------
        KeyError
            If there is no picture of that name.
        """
        import cv2
        import numpy as np

        entry = self._read.pictures[picture]
        frame = self._load(entry.item, entry.frame)
        height, width = frame.shape[:2]
        x, y, wide, high = entry.crop
        left, top = round(x * width), round(y * height)
        pixels = frame[top : top + max(1, round(high * height)), left : left + max(1, round(wide * width))]
        if entry.quality is not None:
            bgr = cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_RGB2BGR)
            _, coded = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, entry.quality])
            pixels = cv2.cvtColor(cv2.imdecode(coded, cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)
        return np.ascontiguousarray(pixels)

    def find_image(self, pixels: NDArray[np.uint8] | str) -> tuple[Match, ...]:
        """Find where a picture, or a part of it, is shown: reverse image search.

        Parameters
        ----------
        pixels : ndarray of uint8, shape (H, W, 3), or str
            An RGB picture, or the name of one of this web's.

        Returns
        -------
        tuple of Match
            The nearest first, and of equally near ones the oldest. Pictures that no page shows are left out.

        Raises
        ------
        ValueError
            If `pixels` is no picture.
        KeyError
            If there is no picture of that name.
        """
        if isinstance(pixels, str):
            pixels = self.pixels(pixels)
        matches = []
        for one in self._picture_index.find(pixels):
            pages, first_seen = self._shown.get(one.name, ((), None))
            if pages:
                matches.append(Match(one.name, pages, one.distance, one.part, first_seen))
        return tuple(sorted(matches, key=lambda match: (match.distance, match.first_seen or datetime.max)))

    @cached_property
    def _picture_index(self) -> PictureIndex:
        return PictureIndex((name, self.pixels(name)) for name in self._read.pictures)

    @cached_property
    def _shown(self) -> dict[str, tuple[tuple[str, ...], datetime | None]]:
        """Of each picture: the pages that show or showed it, the oldest first, and since when."""
        seen: dict[str, dict[str, datetime]] = {}
        for page in [*self._pages.values(), *(copy for copies in self._copies.values() for copy in copies)]:
            moment = min((one for one in (page.date, page.saved) if one), default=datetime.max)
            for name in page.pictures:
                pages = seen.setdefault(name, {})
                pages[page.url] = min(moment, pages.get(page.url, datetime.max))
        shown = {}
        for name, pages in seen.items():
            order = sorted(pages, key=lambda url: (pages[url], url))
            first = pages[order[0]]
            shown[name] = tuple(order), None if first == datetime.max else first
        return shown


def _no_page(asked: object) -> Page:
    words = "".join(c if c.isprintable() else " " for c in str(asked)[:_SHOWN_OF_AN_ADDRESS])
    if len(str(asked)) > _SHOWN_OF_AN_ADDRESS:
        words += "…"
    title = "No such page"
    text = f"Nothing in this web has the address “{words}”. Check the spelling, or search for it."
    html = rendering.render("notfound", asked=words)
    return Page(words, title, None, "not found", None, None, "", "", html, text)


def web(folder: Path | str | None = None) -> Web:
    """Return the offline web of the course.

    Parameters
    ----------
    folder
        Where it lies; by default ``data/web`` beside the package, or in the folder that the environment variable
        ``LOOK_TWICE_DATA`` names.

    Returns
    -------
    Web
        Read once and kept.

    Raises
    ------
    SourcesError
        If it is missing or damaged.

    Examples
    --------
    >>> len(web().sites) >= 20
    True
    """
    from course.media.catalogue import data_folder

    place = Path(folder).resolve() if folder is not None else data_folder() / "web"
    return _opened(place)


@lru_cache(maxsize=4)
def _opened(folder: Path) -> Web:
    opened = Web(folder, _frame)
    if not opened.pages:
        raise SourcesError(f"The offline web in {folder} has no pages. {CURE}")
    return opened


def _frame(item: str, number: int) -> NDArray[np.uint8]:
    """A frame of an item of the pack, by the one door that all pictures come through."""
    from course import media

    shown = media.load(media.catalogue()[item])
    if isinstance(shown, media.Still):
        return shown.pixels
    if not 0 <= number < len(shown.frames):
        raise SourcesError(
            f"A picture of the offline web asks for frame {number} of {item!r}, and the last one is "
            f"{len(shown.frames) - 1}: mend it in data/web."
        )
    return shown.frames[number]
