"""A browser for the offline web: tabs, a history for each, bookmarks, a verifier's tools, and the trail behind them.

Nothing here is drawn. A view shows `Browser.place` and what `Browser.shown` gives for it, and passes on what was done.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby, pairwise
from time import monotonic
from typing import Any

from course.sources.address import domain_of, normalised
from course.sources.dates import shown
from course.sources.model import Page
from course.sources.stories import Expert, Story
from course.sources.trail import ACTS, LONGEST, Trail
from course.sources.web import Web

BOOKMARK = "trail.bookmark"

ENGINE = "Lantern"
"""The search engine of this web."""

PLACES = (*ACTS, "start", "copy", "pictures")
"""What a tab can show: the acts of a trail, the start page, a copy from the archive, and a choice of pictures."""

# What somebody means as an address: a scheme, a path, or a name that ends in letters. 99.7 and 19:46 are words.
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*:\S+|[./\\]+\S*|(?:[\w-]+\.)+[a-z]{2,}\.?(?:[:/?#]\S*)?", re.IGNORECASE)

MOST_TABS = 12
LONGEST_HISTORY = 100
LONGEST_STAY = 600.0
"""Seconds on one page that count: whoever stays longer has gone for lunch."""

VERDICTS = {
    "holds": "It holds as it stands",
    "misdated": "The picture is real, the words with it are wrong",
    "false": "It did not happen: the picture or the report was made up",
    "denied": "A true recording is being called made",
    "unsupported": "Nothing supports it",
    "limits": "Something true, told without its limits",
    "undecidable": "It cannot be settled today",
}
"""What a learner can say of a claim: the kinds of stories, and one more, in words."""


@dataclass(frozen=True)
class Place:
    """What a tab shows: an act, what it is done with, and which copy of the archive (from 0)."""

    act: str
    what: str = ""
    number: int = 0


START = Place("start")


@dataclass
class Tab:
    """A tab: where it has been, and where in that it is now."""

    history: list[Place] = field(default_factory=lambda: [START])
    at: int = 0

    @property
    def place(self) -> Place:
        """What it shows."""
        return self.history[self.at]


class Browser:
    """A browser in the offline web. What is seen is noted in a trail, with the time spent on it.

    Parameters
    ----------
    web : Web
    story : Story
        Its claim opens in the first tab.
    append : callable
        Takes one event and returns once it is safe; raises when it is not.
    past : iterable of mapping
        Events saved earlier; what belongs to this story is taken up.
    guide : Expert, optional
        Somebody whose steps are shown one after the other. Then nothing is noted: it is not the learner's own way.
    clock : callable
        Seconds that only grow.

    Attributes
    ----------
    trail : Trail
    tabs : list of Tab
    current : int
        The tab that is seen.
    sentence : str
        Why the last thing could not be done, or empty.
    step : int
        Which of the guide's steps is seen.

    Examples
    --------
    >>> from course import sources
    >>> web = sources.web()
    >>> saved = []
    >>> browser = Browser(web, sources.stories(web)["a"], saved.append)
    >>> browser.go("registration", "ellerycourier")
    True
    >>> [step.act for step in browser.trail.steps], browser.place.what
    (['open', 'registration'], 'ellerycourier.example')
    >>> browser.back(), browser.place.act
    (True, 'open')
    """

    def __init__(
        self,
        web: Web,
        story: Story,
        append: Callable[[Mapping[str, object]], object],
        past: Iterable[Mapping[str, object]] = (),
        guide: Expert | None = None,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        past = [] if guide else list(past)
        self.web, self.story, self.guide = web, story, guide
        self._append = (lambda event: None) if guide else append
        self._clock = clock
        self.trail = Trail(story.id, story.start, self._append, past, web.found)
        self.sentence = ""
        self.step = 0
        self._marks: dict[str, None] = {}
        for event in past:
            if event.get("kind") == BOOKMARK and event.get("story") == story.id:
                self._take_up(event)
        self._seen: tuple[str, str] | None = None
        self._since = clock()
        first = Place("open", self.trail.start)
        # a case that is run again goes on where it was left, and the way back is still there; a page that has moved
        # since is none to come back to
        walked = [place for step in self.trail.steps if (place := self._placed(step.act, step.what))]
        walked = [place for place in walked if place.act != "open" or web.open(place.what).found]
        history = [place for place, _ in groupby(walked)][-LONGEST_HISTORY:] or [first]
        if self.trail.steps:
            self._seen = self.trail.steps[-1].act, self.trail.steps[-1].what
        self.tabs = [Tab(history, len(history) - 1)]
        self.current = 0
        if guide:
            self.guided(0)
        elif not self.trail.steps:
            self._note(first)

    def _take_up(self, event: Mapping[str, object]) -> None:
        url = normalised(event.get("url"))
        if url in self.web.pages and event.get("on") is True:
            self._marks[url] = None
        elif event.get("on") is False:
            self._marks.pop(url or "", None)

    @property
    def tab(self) -> Tab:
        """The tab that is seen."""
        return self.tabs[self.current]

    @property
    def place(self) -> Place:
        """What is seen."""
        return self.tab.place

    @property
    def bookmarks(self) -> tuple[str, ...]:
        """Addresses that were marked, the oldest first."""
        return tuple(self._marks)

    @property
    def subject(self) -> str:
        """The page that the tools work on: the one that is seen or that the sheet is about; empty if there is none."""
        place = self.place
        if place.act in ("start", "search", "find_image"):
            return ""
        page = self.web.open(place.what)
        if page.found:
            return page.url
        domain = domain_of(place.what)
        return self.web.sites[domain].url if domain in self.web.sites else ""

    # going somewhere

    def go(self, act: object, what: object = "", number: object = 0, tab: object = "here") -> bool:
        """Go somewhere.

        Parameters
        ----------
        act : str
            One of `PLACES`.
        what : str
            An address, a query, a domain or the name of a picture.
        number : int
            Of a copy in the archive: which, from 0.
        tab : str
            ``"here"``, ``"new"``, or ``"behind"``: in a new tab that is not seen yet.

        Returns
        -------
        bool
            Whether it worked; if not, `sentence` says why and nothing has changed.
        """
        self.sentence = ""
        place = self._placed(act, what, number)
        if place is None:
            return self._refused(self.sentence or "That cannot be opened here.")
        if tab == "here":
            self._note(place)
            here = self.tab
            if here.place != place:
                del here.history[here.at + 1 :]
                here.history.append(place)
                del here.history[:-LONGEST_HISTORY]
                here.at = len(here.history) - 1
            return True
        if tab not in ("new", "behind"):
            return self._refused("A page opens here, or in a new tab.")
        if len(self.tabs) >= MOST_TABS:
            return self._refused(f"{MOST_TABS} tabs are open. Close one first.")
        if tab == "new":
            self._note(place)
        self.tabs.append(Tab([place]))
        if tab == "new":
            self.current = len(self.tabs) - 1
        return True

    def enter(self, text: object) -> bool:
        """Take what was typed into the address bar: an address, or words to search for."""
        if not isinstance(text, str) or not text.strip():
            return self._refused("Type an address, or words to search for.")
        text = text.strip()
        address = normalised(text)
        if address is None and _ADDRESS.fullmatch(text):
            return self.go("open", text)
        return self.go("open", address) if address else self.go("search", text)

    def _placed(self, act: object, what: object, number: object = 0) -> Place | None:
        """A place as it is written, or None if there is none."""
        if not isinstance(act, str) or act not in PLACES or not isinstance(what, str):
            return None
        if act == "start":
            return START
        if act == "search":
            what = " ".join(what.split())[:LONGEST]
            return Place("search", what) if what else START
        if act == "find_image":
            return Place(act, what) if what in self.web.pictures else None
        if act == "registration":
            return Place(act, domain_of(what) or what.strip()[:LONGEST]) if what.strip() else None
        page = self.web.open(what)
        if not page.found:
            # a mistyped address shows a page that says so; the tools have nothing to work on
            return Place("open", what[:LONGEST]) if act == "open" else None
        if act == "pictures":
            return Place("find_image", page.pictures[0]) if len(page.pictures) == 1 else Place(act, page.url)
        if act == "copy":
            whole = isinstance(number, int) and not isinstance(number, bool)
            return Place(act, page.url, number) if whole and 0 <= number < len(self.web.archive(page.url)) else None
        return Place(str(act), page.url)

    def _note(self, place: Place) -> None:
        """Write down what is seen next, and how long the last thing was seen. Raises what `append` raises."""
        act = {"copy": "archive"}.get(place.act, place.act)
        if act not in ACTS or (act == "open" and not self.web.open(place.what).found):
            return
        if self._seen != (act, place.what):
            self._stay()
            self.trail.take(act, place.what)
            self._seen = act, place.what

    def _stay(self) -> None:
        now = self._clock()
        if self._seen is not None and self.trail.steps:
            self.trail.stay(min(self.trail.steps[-1].seconds + now - self._since, LONGEST_STAY))
        self._since = now

    def _refused(self, sentence: str) -> bool:
        self.sentence = sentence
        return False

    def back(self) -> bool:
        """Go back in this tab."""
        return self._along(-1)

    def forward(self) -> bool:
        """Go forward in this tab."""
        return self._along(1)

    def _along(self, by: int) -> bool:
        self.sentence = ""
        at = self.tab.at + by
        if not 0 <= at < len(self.tab.history):
            return self._refused("There is nothing further that way.")
        self._note(self.tab.history[at])
        self.tab.at = at
        return True

    def choose(self, number: object) -> bool:
        """See another tab, counted from 0."""
        self.sentence = ""
        if not self._is_tab(number):
            return self._refused("There is no such tab.")
        self._note(self.tabs[number].place)
        self.current = number
        return True

    def close(self, number: object) -> bool:
        """Close a tab. The last one does not go: it turns to the start page."""
        self.sentence = ""
        if not self._is_tab(number):
            return self._refused("There is no such tab.")
        if len(self.tabs) == 1:
            self.tabs = [Tab()]
            return True
        current = min(self.current - (number < self.current), len(self.tabs) - 2)
        left = [tab for place, tab in enumerate(self.tabs) if place != number]
        self._note(left[current].place)
        self.tabs, self.current = left, current
        return True

    def _is_tab(self, number: object) -> bool:
        return isinstance(number, int) and not isinstance(number, bool) and 0 <= number < len(self.tabs)

    def bookmark(self) -> bool:
        """Mark the page that is seen, or take its mark away."""
        self.sentence = ""
        url = self.subject
        if not url:
            return self._refused("There is no page here to be marked.")
        on = url not in self._marks
        self._append({"kind": BOOKMARK, "story": self.story.id, "url": url, "on": on})
        if on:
            self._marks[url] = None
        else:
            del self._marks[url]
        return True

    def judge(self, verdict: object, confidence: object) -> bool:
        """Give a verdict, one of `VERDICTS`, and how sure one is of it, in per cent."""
        self.sentence = ""
        if self.guide is not None:
            return self._refused("Here somebody else has judged already.")
        if not isinstance(verdict, str) or verdict not in VERDICTS:
            return self._refused("Choose a verdict first.")
        if self.trail.measures.left_at is None:
            return self._refused(
                "So far you have seen the page of the claim and nothing else. Leave it once, to wherever you like: "
                "then say what you think."
            )
        try:
            self._stay()
            self.trail.judge(verdict, confidence)
        except ValueError:
            return self._refused("Say how sure you are, from 0 to 100 %.")
        return True

    def guided(self, number: object) -> bool:
        """See a step of the guide, counted from 0."""
        self.sentence = ""
        whole = isinstance(number, int) and not isinstance(number, bool)
        if self.guide is None or not whole or not 0 <= number < len(self.guide.steps):
            return self._refused("There is no such step.")
        step = self.guide.steps[number]
        if not self.go(step.act, step.what):
            return False
        self.step = number
        return True

    # what is shown

    def title(self, place: Place) -> str:
        """A few words for a tab."""
        words = {
            "start": ENGINE,
            "search": f"“{place.what}”",
            "find_image": "Picture search",
            "registration": f"Register: {place.what}",
        }.get(place.act)
        if words:
            return words
        title = self.web.open(place.what).title
        before = {
            "archive": "Archive: ", "copy": "Saved copy: ", "diff": "Changes: ", "links": "Who links to: ",
            "page_info": "Page info: ", "reader": "Plain: ", "pictures": "Pictures: ",
        }  # fmt: skip
        return before.get(place.act, "") + title

    def address(self, place: Place) -> str:
        """What the address bar says."""
        return "" if place.act in ("start", "find_image") else place.what

    def shown(self, place: Place | None = None) -> dict[str, Any]:
        """What a place looks like: a page of the web as a document, or a sheet of plain blocks.

        Returns
        -------
        dict
            ``{"html": ...}``, or ``{"title": ..., "blocks": [[kind, ...], ...]}``.
        """
        place = place or self.place
        match place.act:
            case "open":
                return {"html": self.web.open(place.what).html}
            case "reader":
                return {"html": self.web.reader(place.what).html}
            case "copy":
                return {"html": self.web.archive(place.what)[place.number].page.html}
        return {"title": self.title(place), "blocks": getattr(self, f"_{place.act}")(place.what)}

    def _start(self, _: str) -> list[list[Any]]:
        return [
            ["ask", "search", "Search this web", ""],
            ["text", "Choose the source before you search: who would know?"],
        ]

    def _search(self, query: str) -> list[list[Any]]:
        results = [
            {
                "title": one.title,
                "url": one.url,
                "site": one.site,
                "snippet": one.snippet,
                "marks": [list(mark) for mark in one.marks],
                "sponsored": one.sponsored,
                "date": shown(one.date) if one.date else "",
            }
            for one in self.web.search(query)
        ]
        nothing = "Nothing was found. Try fewer words, or words that the page itself would use."
        return [["ask", "search", "Search this web", query], ["results", results] if results else ["text", nothing]]

    def _registration(self, domain: str) -> list[list[Any]]:
        found = self.web.registration(domain)
        if found is None:
            said: list[Any] = ["text", f"Nobody has registered “{domain}” in this web."]
        else:
            said = ["fields", [line.split(": ", 1) for line in found.text.splitlines()]]
        return [["ask", "registration", "Look up a domain", domain], said]

    def _archive(self, url: str) -> list[list[Any]]:
        versions = self.web.archive(url)
        copies = [
            {"label": "today, as it is now" if one.live else shown(one.saved), "url": url, "number": number}
            for number, one in enumerate(versions)
        ]
        if len(copies) == 1:
            words = "The archive has no earlier copy of this page. That is the rule, and tells you next to nothing."
        else:
            words = f"{len(copies) - 1} earlier {'copy' if len(copies) == 2 else 'copies'} of this page."
        blocks = [["text", words], ["copies", copies]]
        return [*blocks, ["go", "diff", url, "Compare them"]] if len(copies) > 1 else blocks

    def _diff(self, url: str) -> list[list[Any]]:
        versions = self.web.archive(url)
        if len(versions) == 1:
            return [["text", "There is one version of this page, so there is nothing to compare."]]
        blocks = []
        for old, new in pairwise(versions):
            until = "today" if new.live else shown(new.saved)
            lines = [[line.kind, line.text] for line in self.web.diff(old, new)]
            same = sum(kind == "same" for kind, _ in lines)
            blocks.append(["heading", f"From {shown(old.saved)} to {until}"])
            blocks.append(["diff", [line for line in lines if line[0] != "same"]])
            blocks.append(["text", f"{same} {'line is' if same == 1 else 'lines are'} the same."])
        return blocks

    def _links(self, url: str) -> list[list[Any]]:
        pages = self.web.links_to(url)
        return [["links", [self._link(page) for page in pages]] if pages else ["text", "No page links here."]]

    def _link(self, page: Page) -> dict[str, str]:
        seen = shown(page.date) if page.date and not page.hidden_date else "no date shown"
        seen += f", updated {shown(page.updated)}" if page.updated and not page.hidden_date else ""
        return {"title": page.title, "url": page.url, "note": f"{page.site.name}, {seen}" if page.site else ""}

    def _page_info(self, url: str) -> list[list[Any]]:
        info = self.web.page_info(url)
        return [["fields", [line.split(": ", 1) for line in info.text.splitlines()]]] if info else []

    def _pictures(self, url: str) -> list[list[Any]]:
        names = self.web.open(url).pictures
        if not names:
            return [["text", "This page has no picture."]]
        return [
            ["text", "Which picture shall be searched for?"],
            ["pictures", [{"name": name, "alt": self.web.pictures[name].alt} for name in names]],
        ]

    def _find_image(self, name: str) -> list[list[Any]]:
        blocks: list[list[Any]] = [["picture", name, self.web.pictures[name].alt]]
        for match in sorted(self.web.find_image(name), key=lambda one: one.first_seen or datetime.max):
            first = shown(match.first_seen) if match.first_seen else "at an unknown date"
            blocks.append(["match", match.picture, self.web.pictures[match.picture].alt, f"First seen {first}"])
            blocks.append(["links", [self._link(self.web.open(page)) for page in match.pages]])
        if len(blocks) == 1:
            rest = "That a search finds nothing tells you little: most pictures have no earlier copy."
            blocks.append(["text", f"Found nowhere else. {rest}"])
        return blocks
