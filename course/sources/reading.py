"""Read the folder of the web: sites, pages, their earlier versions, pictures and stories, as they are written."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

from course.errors import InputError
from course.sources.address import ENDING, normalised
from course.sources.dates import Calendar, shown
from course.sources.errors import SourcesError
from course.sources.model import KINDS, Registration, Site

CURE = "Run `git restore data/web` in the course folder, or download the course again."

_MATTER = re.compile(r"\A\+\+\+[ \t]*\n(.*?)^\+\+\+[ \t]*(?:\n|\Z)(.*)\Z", re.DOTALL | re.MULTILINE)
_HEADING_DATE = re.compile(r"\bY(?:-\d{1,3})?-\d\d-\d\d(?: \d\d:\d\d)?(?!\S*\})")
FIELDS = {
    "title", "date", "author", "updated", "summary", "kind", "sponsored", "hidden_date", "pictures", "video",
    "credential", "saved", "taken_from",
}  # fmt: skip
_SITE_FIELDS = {"domain", "name", "kind", "tagline", "accent", "registration"}
_PICTURE_FIELDS = {"item", "frame", "crop", "quality", "alt", "caption"}
T = TypeVar("T")


@dataclass(frozen=True)
class Written:
    """A page as it is written: its address, front matter with dates worked out, and Markdown."""

    url: str
    site: Site
    matter: Mapping[str, Any]
    markdown: str
    file: Path


@dataclass(frozen=True)
class Picture:
    """A picture of the web: a frame of an item of the pack, cut and saved as its page has it.

    Attributes
    ----------
    name, item : str
    frame : int
        Of a clip.
    crop : tuple of float
        ``(x, y, width, height)`` in shares.
    quality : int or None
        Of the JPEG that it was saved as once more.
    alt, caption : str
    """

    name: str
    item: str
    frame: int
    crop: tuple[float, float, float, float]
    quality: int | None
    alt: str
    caption: str


@dataclass
class Folder:
    """What was read.

    Attributes
    ----------
    calendar : Calendar
    sites : dict of str to Site
        By domain.
    pages : dict of str to Written
        By address.
    versions : dict of str to list of Written
        Copies in the archive by address, the oldest first.
    pictures : dict of str to Picture
    problems : list of str
        What could not be read, a sentence each.
    """

    calendar: Calendar
    sites: dict[str, Site] = field(default_factory=dict)
    pages: dict[str, Written] = field(default_factory=dict)
    versions: dict[str, list[Written]] = field(default_factory=dict)
    pictures: dict[str, Picture] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def read(folder: Path) -> Folder:
    """Read everything; what is malformed is left out and told in `Folder.problems`.

    Raises
    ------
    SourcesError
        If there is no web in `folder`.
    """
    try:
        today = tomllib.loads((folder / "web.toml").read_text(encoding="utf-8"))["today"]
    except FileNotFoundError as error:
        raise SourcesError(f"The offline web is missing: there is no {error.filename}. {CURE}") from error
    except (ValueError, KeyError) as error:
        raise SourcesError(f"web.toml in {folder} must hold a line such as `today = 2026-05-14`. {CURE}") from error
    if type(today) is not date:
        raise SourcesError(f"web.toml in {folder} must hold a line such as `today = 2026-05-14`. {CURE}")
    web = Folder(Calendar(today))
    for file in sorted(folder.glob("pictures*.toml")):
        for name, table in _told(web, file, lambda file=file: _toml(file, web.calendar), {}).items():
            picture = _told(web, file, lambda name=name, table=table: _picture(name, table), None)
            if picture and name in web.pictures:
                web.problems.append(f"{file.name}: there are two pictures called {name!r}.")
            elif picture:
                web.pictures[name] = picture
    for home in sorted(path for path in (folder / "sites").glob("*") if path.is_dir()):
        file = home / "site.toml"
        site = _told(web, file, lambda file=file, home=home: _site(_toml(file, web.calendar), home, web.calendar), None)
        if site is None:
            continue
        web.sites[site.domain] = site
        for page in sorted(home.rglob("*.md")):
            written = _told(web, page, lambda page=page, home=home, site=site: _page(page, home, site, web), None)
            if written is None:
                continue
            if "@" in page.stem:
                web.versions.setdefault(written.url, []).append(written)
            else:
                web.pages[written.url] = written
    for url, versions in web.versions.items():
        if url not in web.pages:
            web.problems.append(f"{versions[0].file.name}: an earlier version of {url}, which is no page.")
        versions.sort(key=lambda version: version.matter["saved"])
    return web


def _told(web: Folder, file: Path, act: Callable[[], T], otherwise: T) -> T:
    try:
        return act()
    except FileNotFoundError:
        web.problems.append(f"{file.parent.name}/{file.name} is missing.")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        web.problems.append(f"{file.parent.name}/{file.name}: {error}")
    return otherwise


def _toml(file: Path, calendar: Calendar) -> dict[str, Any]:
    return tomllib.loads(calendar.expanded(file.read_text(encoding="utf-8")))


def _known(table: Mapping[str, Any], known: set[str]) -> None:
    if strange := sorted(set(table) - known):
        raise InputError(f"{strange[0]!r} is no field here; known are {', '.join(sorted(known))}")


def _site(table: Mapping[str, Any], home: Path, calendar: Calendar) -> Site:
    _known(table, _SITE_FIELDS)
    register = table["registration"]
    if table["domain"] != home.name + ENDING:
        raise InputError(f"the domain of this folder is {home.name + ENDING}, not {table['domain']!r}")
    if table["kind"] not in KINDS:
        raise InputError(f"{table['kind']!r} is no kind of site; known are {', '.join(KINDS)}")
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", table.get("accent", "#335577")):
        raise InputError(f"an accent is a colour such as #335577, not {table['accent']!r}")
    registered = calendar.moment(register["registered"]).date()
    return Site(
        domain=table["domain"],
        name=table["name"],
        kind=table["kind"],
        tagline=table.get("tagline", ""),
        accent=table.get("accent", "#335577"),
        registration=Registration(
            domain=table["domain"],
            registered=registered,
            holder=register["holder"],
            through=register.get("through", ""),
            place=register.get("place", ""),
            note=register.get("note", ""),
            age_days=(calendar.today - registered).days,
        ),
    )


def _picture(name: str, table: Mapping[str, Any]) -> Picture:
    _known(table, _PICTURE_FIELDS)
    crop = tuple(float(share) for share in table.get("crop", (0, 0, 1, 1)))
    if (
        len(crop) != 4
        or min(crop) < 0
        or crop[0] + crop[2] > 1.001
        or crop[1] + crop[3] > 1.001
        or not crop[2] * crop[3]
    ):
        raise InputError(f"the crop of {name!r} is [x, y, width, height] in shares between 0 and 1")
    quality = table.get("quality")
    if quality is not None and not 1 <= quality <= 100:
        raise InputError(f"the quality of {name!r} lies between 1 and 100")
    if not table["alt"].strip():
        raise InputError(f"{name!r} has no text alternative (alt)")
    return Picture(name, table["item"], table.get("frame", 0), crop, quality, table["alt"], table.get("caption", ""))


def _page(file: Path, home: Path, site: Site, web: Folder) -> Written:
    text = file.read_text(encoding="utf-8").replace("\r\n", "\n")
    split = _MATTER.match(text)
    if split is None:
        raise InputError("a page begins with its front matter between two lines of +++")
    calendar = web.calendar
    matter = tomllib.loads(calendar.expanded(split[1]))
    _known(matter, FIELDS)
    for name in ("date", "updated", "saved"):
        written = matter.get(name)
        matter[name] = _moment(written, calendar) if written else None
    slug, _, number = file.relative_to(home).with_suffix("").as_posix().partition("@")
    if number and (matter["saved"] is None or not number.isdigit()):
        raise InputError("an earlier version is called slug@1.md, slug@2.md ... and says when it was saved")
    url = normalised(site.url + ("" if slug == "index" else slug))
    if url is None:
        raise InputError("the name of a page has lower-case letters, digits and dashes only")
    if not str(matter["title"]).strip():
        raise InputError("the title is empty")
    return Written(url, site, matter, _markdown(split[2], calendar), file)


def _moment(written: object, calendar: Calendar) -> datetime:
    if isinstance(written, datetime):
        return written
    return calendar.moment(written.isoformat() if isinstance(written, date) else str(written))


def _markdown(text: str, calendar: Calendar) -> str:
    lines = []
    for line in calendar.expanded(text).split("\n"):
        if line.startswith("#"):  # a post or comment: “### name, Y-05-14 07:55”
            line = _HEADING_DATE.sub(lambda found: shown(calendar.moment(found[0])), line)
        lines.append(line)
    return "\n".join(lines)
