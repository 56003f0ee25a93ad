"""A browser for the offline web, in the page.

A page of that web is data of ours, and is still treated as if it were hostile: the browser's own parser reads it and
runs nothing, and only known elements and attributes are rebuilt in a shadow root, so that neither scripts nor styles
can get out. A sandboxed frame would be as safe, but some browsers let no click through to the outside then.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import traitlets

from course.errors import CourseError
from course.sources import VERDICTS
from course.ui import confidence
from course.ui.look import Reply, View, static
from course.ui.probe import encoded
from course.ui.words import plain

if TYPE_CHECKING:
    from course.sources import Browser


class BrowserView(View):
    """Shows a `course.sources.Browser`: tabs, address bar, tools, the page, and a place for the verdict.

    Parameters
    ----------
    model : Browser
    judging : bool
        Whether a verdict is asked for.
    language : str
        The learner's language of confidence, see `course.ui.confidence`.
    """

    _esm = static("parts.js", "ask.js", "browser.js")

    setup = traitlets.Dict().tag(sync=True)
    state = traitlets.Dict().tag(sync=True)

    def __init__(self, model: Browser, judging: bool = True, language: str = "percent") -> None:
        guide = model.guide
        super().__init__(
            setup={
                "claim": model.story.claim,
                "title": model.story.title,
                "verdicts": list(map(list, VERDICTS.items())) if judging and guide is None else [],
                "sure": [list(step) for step in confidence.steps(language)],
                "guide": {"name": guide.name, "steps": len(guide.steps)} if guide else None,
            }
        )
        self._model = model
        self._tick = 0
        self._pictures: dict[str, bytes] = {}
        self._show()

    def _said(self, _view: View, message: dict, _buffers: list) -> Reply:
        if message.get("type") == "picture":
            return self.picture(message.get("name"))
        self.act(message)
        return None

    def picture(self, name: object) -> tuple[dict[str, Any], list[bytes]]:
        """The answer to a page that asks for a picture, and the picture."""
        if not isinstance(name, str) or name not in self._model.web.pictures:
            return {"type": "picture", "name": str(name)[:80], "found": False}, []
        if name not in self._pictures:
            try:
                self._pictures[name] = encoded(self._model.web.pixels(name))
            except CourseError:
                return {"type": "picture", "name": name, "found": False}, []
        return {"type": "picture", "name": name, "found": True}, [self._pictures[name]]

    def act(self, message: Mapping[str, Any]) -> None:
        """Do what one message of the page asks for."""
        try:
            said = self._act(message)
        except CourseError as problem:  # what was done could not be written into the record
            self._model.sentence = str(problem)
            said = ""
        self._show(said)

    def _act(self, message: Mapping[str, Any]) -> str:
        model, kind = self._model, message.get("type")
        done = False
        if kind == "go":
            done = model.go(message.get("act"), message.get("what", ""), message.get("number", 0), message.get("tab"))
            if done and message.get("tab") == "behind":
                return "Opened in a new tab behind this one."
        elif kind == "tool":
            done = model.go(message.get("act"), model.subject)
        elif kind == "enter":
            done = model.enter(message.get("text"))
        elif kind in ("back", "forward"):
            done = getattr(model, kind)()
        elif kind == "tab":
            done = model.choose(message.get("number"))
        elif kind == "close":
            done = model.close(message.get("number"))
        elif kind == "guide":
            done = model.guided(message.get("number"))
        elif kind == "bookmark":
            if model.bookmark():
                return "Bookmarked." if model.subject in model.bookmarks else "The bookmark is gone."
        elif kind == "judge" and model.judge(message.get("verdict"), message.get("confidence")):
            return "Your verdict is saved. You may change it as long as you like."
        return model.title(model.place) if done else ""

    def _show(self, spoken: str = "") -> None:
        model, web = self._model, self._model.web
        self._tick += 1
        tab, place, subject = model.tab, model.place, model.subject
        page = web.open(subject) if subject else None
        guide = model.guide
        self.state = {
            "tabs": [model.title(one.place) for one in model.tabs],
            "current": model.current,
            "address": model.address(place),
            "act": place.act,
            "subject": subject,
            "pictured": bool(page and page.pictures),
            "back": tab.at > 0,
            "forward": tab.at + 1 < len(tab.history),
            "bookmarks": [[url, web.open(url).title] for url in model.bookmarks],
            "marked": subject in model.bookmarks,
            "shown": model.shown(),
            "steps": len(model.trail.steps),
            "verdict": model.trail.verdict or "",
            "confidence": model.trail.confidence,
            "guide": self._guide_step() if guide else None,
            "sentence": model.sentence,
            "spoken": spoken,
            "tick": self._tick,
        }

    def _guide_step(self) -> dict[str, Any]:
        number = self._model.step
        step = self._model.guide.steps[number]
        last = number + 1 == len(self._model.guide.steps)
        return {
            "number": number,
            "did": DID[step.act],
            "seconds": step.seconds,
            "looked_for": plain(step.looked_for),
            "found": plain(step.found),
            "odds": moved(step.odds),
            "verdict": plain(self._model.guide.verdict) if last else "",
        }


DID = {
    "open": "Opened a page",
    "search": "Searched",
    "registration": "Looked up who registered the domain",
    "archive": "Looked into the archive",
    "diff": "Compared versions in the archive",
    "find_image": "Searched for the picture",
    "links": "Looked up who links here",
    "page_info": "Looked at the page info",
    "reader": "Read without the dress",
}
"""The acts of a trail in words."""


def moved(odds: str) -> str:
    """What a step did to the odds of the claim, as half a sentence.

    Examples
    --------
    >>> moved("none"), moved("a little"), moved("much less likely")
    ('the claim is as likely as before', 'the claim is a little more likely', 'the claim is much less likely')
    """
    words = {"none": "as likely as before", "a little": "a little more likely"}
    return f"the claim is {words.get(odds, odds)}"
