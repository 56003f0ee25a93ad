"""Stories of the web: a claim, its truth, the traps on the way, a path to firm ground, and how experts walked it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from course.errors import InputError
from course.sources.dates import shown
from course.sources.errors import SourcesError
from course.sources.model import Version
from course.sources.trail import ACTS
from course.sources.web import Web

TRUTHS = ("misdated", "false", "denied", "unsupported", "undecidable", "limits")
"""Kinds of story: a true picture with a wrong date, a made one, a true one that is called made, a figure that nothing
bears out, a case that cannot be settled today, and a claim that lost its limits."""

ODDS = (
    "much more likely",
    "more likely",
    "a little",
    "none",
    "a little less likely",
    "less likely",
    "much less likely",
)
"""What a step can do to the odds of the claim, in words. “A little” is towards it."""

LONGEST_PATH = 5


@dataclass(frozen=True)
class PathStep:
    """A step of the shortest path: what is done, with what, and the text that must then be seen."""

    act: str
    what: str
    finds: str


@dataclass(frozen=True)
class ExpertStep:
    """A step of an expert, with reasons.

    Attributes
    ----------
    act, what : str
        As in `PathStep`.
    seconds : float
    looked_for, found : str
    odds : str
        How much it moved the odds of the claim, in words.
    """

    act: str
    what: str
    seconds: float
    looked_for: str
    found: str
    odds: str


@dataclass(frozen=True)
class Expert:
    """The trail of an expert: who it is, the steps, and what was said at the end."""

    name: str
    steps: tuple[ExpertStep, ...]
    verdict: str


@dataclass(frozen=True)
class Story:
    """A story.

    Attributes
    ----------
    id : str
    title : str
    start : str
        Address of the page on which the claim reaches the learner.
    claim : str
    kind : str
        One of `TRUTHS`.
    truth : str
    traps : tuple of str
    path : tuple of PathStep
        A shortest way to firm ground, `LONGEST_PATH` steps or fewer.
    experts : tuple of Expert
    """

    id: str
    title: str
    start: str
    claim: str
    kind: str
    truth: str
    traps: tuple[str, ...]
    path: tuple[PathStep, ...]
    experts: tuple[Expert, ...]


def stories(web: Web) -> dict[str, Story]:
    """Read the stories of a web.

    Returns
    -------
    dict of str to Story
        By id, which is the name of the file.

    Raises
    ------
    SourcesError
        If a story is malformed. The message names the file.

    Examples
    --------
    >>> from course import sources
    >>> {story.kind for story in stories(sources.web()).values()} <= set(TRUTHS)
    True
    """
    found = {}
    for file in sorted((web.folder / "stories").glob("*.toml")):
        try:
            table = tomllib.loads(web.calendar.expanded(file.read_text(encoding="utf-8")))
            found[file.stem] = _story(file.stem, table)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            said = f"{error} is missing" if isinstance(error, KeyError) else str(error)
            raise SourcesError(f"The story in stories/{file.name} cannot be read: {said}.") from error
    return found


def _story(name: str, table: Mapping[str, Any]) -> Story:
    if table["kind"] not in TRUTHS:
        raise InputError(f"its kind is one of {', '.join(TRUTHS)}, not {table['kind']!r}")
    path = tuple(PathStep(_act(step["do"]), str(step["what"]), str(step["finds"])) for step in table["path"])
    if not 1 <= len(path) <= LONGEST_PATH:
        raise InputError(f"a path has one to {LONGEST_PATH} steps, not {len(path)}")
    return Story(
        id=name,
        title=str(table["title"]),
        start=str(table["claim"]["url"]),
        claim=str(table["claim"]["sentence"]),
        kind=table["kind"],
        truth=str(table["truth"]),
        traps=tuple(map(str, table["traps"])),
        path=path,
        experts=tuple(_expert(expert) for expert in table["expert"]),
    )


def _expert(table: Mapping[str, Any]) -> Expert:
    steps = []
    for step in table["steps"]:
        if step["odds"] not in ODDS:
            raise InputError(f"odds are one of {', '.join(ODDS)}, not {step['odds']!r}")
        steps.append(
            ExpertStep(
                act=_act(step["do"]),
                what=str(step["what"]),
                seconds=float(step["seconds"]),
                looked_for=str(step["looked_for"]),
                found=str(step["found"]),
                odds=step["odds"],
            )
        )
    return Expert(str(table["name"]), tuple(steps), str(table["verdict"]))


def _act(act: str) -> str:
    if act not in ACTS:
        raise InputError(f"a step is one of {', '.join(ACTS)}, not {act!r}")
    return act


def seen(web: Web, act: str, what: str) -> str:
    """Do one step, and return as text what a learner then sees.

    Parameters
    ----------
    web : Web
    act : str
        One of `course.sources.trail.ACTS`.
    what : str
        An address, a query, a domain or the name of a picture.

    Returns
    -------
    str
        A line for each thing; empty if there is nothing.

    Raises
    ------
    ValueError
        If there is no such act.

    Examples
    --------
    >>> from course import sources
    >>> seen(sources.web(), "registration", "ellerycourier").splitlines()[0]
    'Domain: ellerycourier.example'
    """
    match _act(act):
        case "open" | "reader":
            page = web.open(what)
            date = [shown(page.date)] if page.date and not page.hidden_date else []
            updated = [f"updated {shown(page.updated)}"] if page.updated and date else []
            mark = [f"Content Credentials: {page.credential}"] if page.credential else []
            # The page that says that there is none repeats the address: what stands in it must not count as found.
            lines = [page.title, page.author, *date, *updated, *mark, page.text] if page.found else [page.title]
        case "search":
            lines = [
                "\n".join((("Sponsored: " if one.sponsored else "") + one.title, one.url, one.site, one.snippet))
                for one in web.search(what)
            ]
        case "registration":
            registration = web.registration(what)
            lines = [registration.text] if registration else []
        case "archive":
            lines = [line for version in web.archive(what) for line in _version(version)]
        case "diff":
            versions = web.archive(what)
            signs = {"removed": "− ", "added": "+ ", "same": "  "}
            lines = [
                signs[line.kind] + line.text
                for old, new in pairwise(versions)
                for line in web.diff(old, new)
                if line.kind != "same"
            ]
        case "find_image":
            lines = [line for match in web.find_image(what) for line in _places(web, match.pages, match.first_seen)]
        case "links":
            lines = [f"{page.title}\n{page.url}" for page in web.links_to(what)]
        case _:
            info = web.page_info(what)
            lines = [info.text] if info else []
    return "\n".join(line for line in lines if line)


def _version(version: Version) -> tuple[str, str, str]:
    when = "Now" if version.live else f"Saved {shown(version.saved)}"
    return when, version.page.title, version.page.text


def _places(web: Web, urls: tuple[str, ...], first: Any) -> list[str]:
    lines = [f"First seen {shown(first)}"] if first else []
    for url in urls:
        page = web.open(url)
        date = f" · {shown(page.date)}" if page.date and not page.hidden_date else ""
        lines.append(f"{page.title}{date}\n{url}")
    return lines


def walk(web: Web, story: Story) -> tuple[str, ...]:
    """Walk the path of a story, and say where it does not hold.

    Returns
    -------
    tuple of str
        A sentence for each step that does not show what it must; empty if all do.
    """
    wrong = []
    for number, step in enumerate(story.path, 1):
        try:
            text = seen(web, step.act, step.what)
        except KeyError:
            wrong.append(f"Story {story.id}, step {number}: there is no picture {step.what!r}.")
            continue
        if not step.finds.strip() or plain(step.finds) not in plain(text):
            wrong.append(f"Story {story.id}, step {number} ({step.act} {step.what}): “{step.finds}” is not seen.")
    return tuple(wrong)


def plain(text: str) -> str:
    """Write a text without what differs by chance: capitals, kinds of space and of quotation mark.

    Examples
    --------
    >>> plain("It’s  DRY") == plain("it's dry")
    True
    """
    straight = text.translate({0x2019: "'", 0x2018: "'", 0x201C: '"', 0x201D: '"', 0x2212: "-", 0x2013: "-", 0xA0: " "})
    return re.sub(r"\s+", " ", straight).strip().casefold()
