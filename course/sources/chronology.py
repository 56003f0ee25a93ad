"""What came when: no page, comment, copy or link of this web may know of what is later than itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from course.sources.dates import MONTHS
from course.sources.markup import body

if TYPE_CHECKING:
    from course.sources.model import Link
    from course.sources.reading import Written
    from course.sources.web import Web

_MONTH = "|".join(MONTHS)
_DAY = re.compile(rf"(?P<until>\b(?:until|to)\s+)?\b(?P<day>\d{{1,2}}) (?P<month>{_MONTH}) (?P<year>\d{{4}})"
                  r"(?:,? (?P<time>\d\d:\d\d))?")  # fmt: skip
_SEASONS = {"spring": 3, "summer": 6, "autumn": 9}
_YEAR = re.compile(rf"\b(?:(?P<month>{_MONTH}|spring|summer|autumn) )?(?P<year>(?:19|20)\d\d)\b")
_HEADING = re.compile(r"^(?P<level>#{1,6}) (?P<words>.*)$", re.MULTILINE)
_LINKS_ALONE = re.compile(r"(?:\s*(?:·\s*)?\[[^\]]*\]\([^)]*\))+\s*")


@dataclass(frozen=True)
class Passage:
    """A part of a page that was written at one time: its text, a post, a comment, or the links at its foot.

    Attributes
    ----------
    began, written : datetime.datetime or None
        When it was put up, and when it was last changed; None where nothing states it.
    text : str
    links : tuple of Link
    """

    began: datetime | None
    written: datetime | None
    text: str
    links: tuple[Link, ...]


def later(one: datetime | None, other: datetime | None) -> bool:
    """Whether one moment is later than another; midnight stands for “some time on that day”.

    Examples
    --------
    >>> noon, some_time = datetime(2026, 5, 13, 12, 0), datetime(2026, 5, 13)
    >>> later(noon, datetime(2026, 5, 13, 11, 59)), later(noon, some_time), later(noon, datetime(2026, 5, 12))
    (True, False, True)
    """
    if one is None or other is None:
        return False
    if (one.hour, one.minute) == (0, 0) or (other.hour, other.minute) == (0, 0):
        return one.date() > other.date()
    return one > other


def passages(written: Written) -> tuple[Passage, ...]:
    """Cut a page into what was written at different times.

    A heading with a date, such as ``### brine, Y-05-09 10:41``, begins a post; a heading without one goes back to the
    page itself. A line of nothing but links is put there by the site and renewed with the page.
    """
    matter = written.matter
    date = matter["date"]
    changed = matter["updated"] or date
    parts: list[tuple[datetime | None, datetime | None, str]] = []
    began, moment, text = date, changed, written.markdown
    at = 0
    for heading in _HEADING.finditer(text):
        parts.append((began, moment, text[at : heading.start()]))
        dates = [found for found in map(_moment, _DAY.finditer(heading["words"])) if found]
        post = bool(dates) and len(heading["level"]) > 2
        began, moment = (dates[0], dates[-1]) if post else (date, changed)
        at = heading.end() if post else heading.start()
    parts.append((began, moment, text[at:]))
    last = max((one for _, one, _ in parts if one), default=None)
    found = [Passage(date, changed, str(matter.get("summary") or ""), ())]
    for began, moment, part in parts:
        lines = part.split("\n")
        foot = [line for line in lines if line.strip() and _LINKS_ALONE.fullmatch(line)]
        read = body("\n".join(line for line in lines if line not in foot), written.url, str, str)
        found.append(Passage(began, moment, read.text, read.links))
        if foot:
            found.append(Passage(began, last, "", body("\n\n".join(foot), written.url, str, str).links))
    return tuple(found)


def anachronisms(web: Web) -> list[str]:
    """Say where something cites, names or knows what is dated later than itself.

    Looked at are links, dates and years in the text, names of sites, posts out of order, and copies in the archive.
    A date in the future of this web is a plan, and so is one after “until” or “to”.

    Examples
    --------
    >>> from course import sources
    >>> anachronisms(sources.web())
    []
    """
    found = []
    names = _names(web)
    for url in web.pages:
        for written in web.written(url):
            where = f"{written.file.parent.name}/{written.file.name}"
            found += [f"{where}: {wrong}" for wrong in _of_page(web, written, names)]
    return found


def _of_page(web: Web, written: Written, names: dict[str, str]) -> Iterator[str]:
    matter, registered = written.matter, written.site.registration.registered
    saved = matter["saved"]
    if matter["date"] and matter["date"].date() < registered:
        yield f"it is older than its domain, which was registered on {registered}."
    if later(matter["date"], matter["updated"]):
        yield "it was updated before it was written."
    if later(matter["updated"] or matter["date"], saved):
        yield "the archive saved it before it was written."
    live = web.written(written.url)[-1]
    if matter["date"] != live.matter["date"]:
        yield "its copy in the archive has another date than the page."
    if saved and later(saved, live.matter["updated"] or live.matter["date"]):
        yield "it was saved after the page was last changed, so the two should be the same."
    before = None
    for passage in passages(written):
        if passage.began != matter["date"]:
            if later(before, passage.began):
                yield f"a post of {passage.began} stands below one of {before}."
            before = passage.began
        else:
            before = None
        now = passage.written
        if later(now, saved):
            yield f"the archive saved it before its post of {now} was written."
        for link in passage.links:
            if (first := _first(web, link.url)) and later(first, now):
                yield f"what was written on {now} links to {link.url}, which began on {first}."
        for words in _mentions_later(passage, web):
            yield f"what was written on {now} speaks of {words}."
        for name, domain in names.items():
            if now and name in passage.text and now.date() < web.sites[domain].registration.registered:
                yield f"what was written on {now} names {name}, whose domain was not registered yet."


def _first(web: Web, url: str) -> datetime | None:
    """When a page was first there. A front page is as old as its site and is renewed all the time."""
    page = web.pages.get(url)
    if page is None or page.site is None:
        return None
    if url == page.site.url:
        return datetime.combine(page.site.registration.registered, datetime.min.time())
    return page.date


def _mentions_later(passage: Passage, web: Web) -> Iterator[str]:
    now = passage.written
    if now is None:
        return
    for found in _DAY.finditer(passage.text):
        moment = _moment(found)
        if moment and not found["until"] and later(moment, now) and moment.date() <= web.today:
            yield found[0]
    for found in _YEAR.finditer(_DAY.sub("", passage.text)):
        year, month = int(found["year"]), found["month"]
        number = _SEASONS.get(month or "") or (MONTHS.index(month) + 1 if month else 1)
        if (now.year, now.month if month else 1) < (year, number) <= (web.today.year, web.today.month):
            yield found[0]


def _names(web: Web) -> dict[str, str]:
    """Names and domains of the sites; a name that two sites bear tells nothing."""
    borne: dict[str, list[str]] = {}
    for domain, site in web.sites.items():
        for name in {site.name, domain}:
            borne.setdefault(name, []).append(domain)
    return {name: domains[0] for name, domains in borne.items() if len(domains) == 1}


def _moment(found: re.Match[str]) -> datetime | None:
    clock = found["time"] or "00:00"
    try:
        return datetime(
            int(found["year"]), MONTHS.index(found["month"]) + 1, int(found["day"]), int(clock[:2]), int(clock[3:])
        )
    except ValueError:
        return None
