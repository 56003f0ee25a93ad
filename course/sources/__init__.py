"""The offline web: a small, made-up web with all that lateral reading needs, and nothing that can harm.

Examples
--------
>>> from course import sources
>>> web = sources.web()
>>> page = web.open("https://ellerycourier.example/")
>>> page.found, page.site.kind
(True, 'newspaper')
>>> web.open("javascript:alert(1)").title
'No such page'
"""

from course.sources.address import domain_of, normalised
from course.sources.browser import VERDICTS, Browser
from course.sources.checking import problems
from course.sources.citations import Citations, citations
from course.sources.differences import difference
from course.sources.errors import SourcesError
from course.sources.model import (
    KINDS,
    DiffLine,
    Link,
    Match,
    Page,
    PageInfo,
    Registration,
    SearchResult,
    Site,
    Version,
)
from course.sources.picture_index import PictureIndex, Sighting
from course.sources.reading import Picture
from course.sources.stories import Expert, ExpertStep, PathStep, Story, seen, stories, walk
from course.sources.trail import ACTS, EARLY, Measures, Step, Trail
from course.sources.web import Web, web

__all__ = [
    "ACTS",
    "EARLY",
    "KINDS",
    "VERDICTS",
    "Browser",
    "Citations",
    "DiffLine",
    "Expert",
    "ExpertStep",
    "Link",
    "Match",
    "Measures",
    "Page",
    "PageInfo",
    "PathStep",
    "Picture",
    "PictureIndex",
    "Registration",
    "SearchResult",
    "Sighting",
    "Site",
    "SourcesError",
    "Step",
    "Story",
    "Trail",
    "Version",
    "Web",
    "citations",
    "difference",
    "domain_of",
    "normalised",
    "problems",
    "seen",
    "stories",
    "walk",
    "web",
]
