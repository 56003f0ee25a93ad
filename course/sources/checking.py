"""Check that the web is whole: links lead somewhere, pages can be reached, nothing knows the future, paths hold."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlsplit

from course.sources.address import normalised
from course.sources.chronology import anachronisms
from course.sources.errors import SourcesError
from course.sources.stories import Story, stories, walk
from course.sources.web import Web


def problems(web: Web, items: Collection[str] | None = None) -> tuple[str, ...]:
    """Look for whatever is wrong.

    Parameters
    ----------
    web : Web
    items : collection of str, optional
        Ids of the items of the pack, for the pictures to be held against.

    Returns
    -------
    tuple of str
        A sentence for each problem; empty if all is in order.

    Examples
    --------
    >>> from course import sources
    >>> problems(sources.web())
    ()
    """
    found = [*web.problems, *dead_links(web), *orphans(web), *anachronisms(web)]
    strange = [
        f"The picture {name!r} is made of {one.item!r}, which is not in the pack."
        for name, one in web.pictures.items()
        if items is not None and one.item not in items
    ]
    found += strange
    try:
        for story in stories(web).values():
            found += _of_story(web, story)
            if not strange:  # a search by image looks at all pictures
                found += walk(web, story)
    except SourcesError as error:
        found.append(str(error))
    return tuple(found)


def dead_links(web: Web) -> list[str]:
    """Say which links lead to no page, in pages and in the copies of the archive."""
    found = []
    for url in web.pages:
        for version in web.archive(url):
            where = _short(url) + ("" if version.live else f" (saved {version.saved:%d.%m. %H:%M})")
            found += [
                f"{where}: the link “{link.text}” leads to {_short(link.url)}, which is no page."
                for link in version.page.links
                if link.url not in web.pages
            ]
    return found


def orphans(web: Web) -> list[str]:
    """Say which pages no other page leads to, and which sites no other site.

    The links that a template adds count as well: each page has one to its front page, and one to the about page.
    """
    reached = {site.url + "about" for site in web.sites.values()}
    known: set[str] = set()
    for url, page in web.pages.items():
        reached.update(link.url for link in page.links if link.url != url)
        known.update(link.url.split("/")[2] for link in page.links if link.url.split("/")[2] != page.site.domain)
    lonely = [
        f"{_short(url)}: no page leads here."
        for url, page in web.pages.items()
        if url not in reached and url != page.site.url
    ]
    frontless = [f"{site.domain}: there is no front page." for site in web.sites.values() if site.url not in web.pages]
    unknown = [f"{domain}: no other site leads here." for domain in web.sites if domain not in known]
    return lonely + frontless + unknown


def _of_story(web: Web, story: Story) -> list[str]:
    addresses = [story.start] + [
        step.what
        for steps in (story.path, *(expert.steps for expert in story.experts))
        for step in steps
        if step.act not in ("search", "find_image", "registration")
    ]
    missing = [one for one in dict.fromkeys(addresses) if normalised(one) not in web.pages]
    return [f"Story {story.id}: {one} is no page." for one in missing]


def _short(url: str) -> str:
    parts = urlsplit(url)
    return parts.netloc + parts.path
