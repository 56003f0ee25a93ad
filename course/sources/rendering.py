"""From a written page to a whole document, in the look of its kind of site."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from course.sources.address import normalised
from course.sources.dates import shown
from course.sources.markup import body
from course.sources.model import Page
from course.sources.reading import FIELDS, Picture, Written

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).parent / "templates"


@lru_cache(maxsize=1)
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    environment.filters["shown"] = shown
    return environment


def render(template: str, **values: Any) -> str:
    """Fill in a template; all values are escaped unless they are marked as safe.

    Parameters
    ----------
    template : str
        ``"newspaper"``, ``"reader"`` ...; one that does not exist falls back to the base.

    Examples
    --------
    >>> "&lt;script&gt;" in render("notfound", asked="<script>")
    True
    """
    return _environment().select_template([f"{template}.html", "base.html"]).render(**values)


def ink(accent: str) -> str:
    """Darken a colour until it can be read as text on paper, or as paper under white text (contrast 5.5 or more).

    Parameters
    ----------
    accent : str
        ``#rrggbb``.

    References
    ----------
    Web Content Accessibility Guidelines 2.2, relative luminance and contrast; 4.5 is asked for.

    Examples
    --------
    >>> ink("#204060"), ink("#ffcc00")
    ('#204060', '#7d6400')
    """
    colour = [int(accent[place : place + 2], 16) for place in (1, 3, 5)]
    for share in range(100, 0, -1):
        darker = [round(value * share / 100) for value in colour]
        light = [value / 255 / 12.92 if value <= 10 else ((value / 255 + 0.055) / 1.055) ** 2.4 for value in darker]
        if 1.05 / (0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2] + 0.05) >= 5.5:
            break
    return "#" + "".join(f"{value:02x}" for value in darker)


def page(
    written: Written, pictures: Mapping[str, Picture], about: bool, template: str | None = None
) -> tuple[Page, tuple[str, ...]]:
    """Render one page.

    Parameters
    ----------
    written : Written
    pictures : mapping of str to Picture
    about : bool
        Whether the site has an about page, to be linked at the foot of each page.
    template : str, optional
        In the place of the one of its kind.

    Returns
    -------
    Page
    tuple of str
        What is wrong with it: names of pictures and addresses that this web cannot have, sources without a link.
    """
    from markupsafe import Markup

    missing: list[str] = []

    def picture(name: str) -> Picture:
        if name not in pictures:
            missing.append(f"there is no picture {name!r}")
        return pictures.get(name) or Picture(name, "", 0, (0, 0, 1, 1), None, f"(picture {name} is missing)", "")

    def figure(name: str) -> str:
        one = picture(name)
        if name == video:
            return render("player", picture=one)
        caption = f"<figcaption>{escape(one.caption)}</figcaption>" if one.caption else ""
        return f'<figure><img data-picture="{escape(name)}" alt="{escape(one.alt)}">{caption}</figure>\n'

    matter = written.matter
    video = matter.get("video", "")
    read = body(written.markdown, written.url, figure, lambda name: picture(name).alt)
    # what the front matter names and the text does not place stands above it
    named = dict.fromkeys([*([video] if video else []), *matter.get("pictures", ())])
    lead = [name for name in named if name not in read.pictures]
    text = "\n".join(f"[{'Video' if name == video else 'Picture'}: {picture(name).alt}]" for name in lead)
    document = render(
        template or written.site.kind,
        site=written.site,
        ink=ink(written.site.accent),
        matter={**dict.fromkeys(FIELDS), **matter},
        title=matter["title"],
        body=Markup(read.html),
        lead=Markup("".join(map(figure, lead))),
        about=about,
        url=written.url,
        front=written.url == written.site.url,
    )
    taken = tuple(normalised(address, written.url) or address for address in matter.get("taken_from", ()))
    linked = {link.url for link in read.links}
    unlinked = [f"it names {one} as its source, and does not link to it" for one in taken if one not in linked]
    outside = [f"a link leads out of this web: {address[:80]}" for address in read.outside]
    return Page(
        url=written.url,
        title=matter["title"],
        site=written.site,
        kind=matter.get("kind", "article"),
        date=matter.get("date"),
        updated=matter.get("updated"),
        author=matter.get("author", ""),
        summary=matter.get("summary", ""),
        html=document,
        text="\n".join(part for part in (text, read.text) if part),
        links=read.links,
        pictures=(*lead, *read.pictures),
        video=video,
        credential=matter.get("credential", ""),
        sponsored=tuple(matter.get("sponsored", ())),
        hidden_date=bool(matter.get("hidden_date", False)),
        saved=matter.get("saved"),
        taken_from=taken,
    ), tuple(dict.fromkeys(missing + outside + unlinked))
