"""Who points to whom among the pages of a trail: where each says it has its news from, and where that ends."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from course.sources.address import domain_of
from course.sources.trail import Step
from course.sources.web import Web

READ = ("open", "reader", "archive", "diff")
"""Acts that show what a page says."""


@dataclass(frozen=True)
class Citations:
    """Sites and the links between them, as far as a trail has seen them.

    Attributes
    ----------
    read : tuple of str
        Domains of which a page was read, in order.
    arrows : tuple of (str, str)
        From the domain of a page that was read to another one that it links to; each once, in order.
    circles : tuple of tuple of str
        Domains whose pages each name the next as the source of what they claim, until it comes round again, in the
        order in which one would click. Pages that merely link to each other, as a test and its raw table do, are none.
    taken : tuple of (str, str)
        Of `arrows`, those that lead to a page's source.
    """

    read: tuple[str, ...]
    arrows: tuple[tuple[str, str], ...]
    circles: tuple[tuple[str, ...], ...]
    taken: tuple[tuple[str, str], ...] = ()

    @property
    def sites(self) -> tuple[str, ...]:
        """All domains: those read, then those only pointed to."""
        return tuple(dict.fromkeys([*self.read, *(end for _, end in self.arrows)]))

    @property
    def unread(self) -> tuple[str, ...]:
        """Domains that a page pointed to and of which none was read."""
        return tuple(site for site in self.sites if site not in self.read)


def citations(web: Web, steps: Iterable[Step]) -> Citations:
    """Return who points to whom on the pages that were read.

    A link says only that a page points to another: it may give the place a claim was taken from, what the page argues
    against, or where to read on. Which links give a source, the page's front matter says.

    Parameters
    ----------
    web : Web
    steps : iterable of Step
        Anything that has an `act` and a `what`; a look into the archive counts as reading the page.

    Returns
    -------
    Citations

    Examples
    --------
    >>> from course.sources import Step, web
    >>> pages = ("dailyfizz.example/canal-giant", "openpedia.example/port-ellery-canal")
    >>> found = citations(web(), [Step("open", f"https://{page}", 60) for page in pages])
    >>> found.arrows[0]
    ('dailyfizz.example', 'openpedia.example')
    >>> found.circles
    ()
    >>> third = Step("open", "https://lighthousewiki.example/things-seen", 60)
    >>> citations(web(), [*(Step("open", f"https://{page}", 60) for page in pages), third]).circles
    (('dailyfizz.example', 'openpedia.example', 'lighthousewiki.example'),)
    """
    read: dict[str, None] = {}
    arrows: dict[tuple[str, str], None] = {}
    taken: dict[tuple[str, str], None] = {}
    claims: dict[tuple[str, str], None] = {}
    for step in steps:
        if step.act not in READ or (domain := domain_of(step.what)) is None:
            continue
        page = web.open(step.what)
        if not page.found:
            continue
        read.setdefault(domain)
        for link in page.links:
            end = domain_of(link.url)
            if end is not None and end != domain:
                arrows.setdefault((domain, end))
            if link.url in page.taken_from:
                claims.setdefault((page.url, link.url))
                if end is not None and end != domain:
                    taken.setdefault((domain, end))
    return Citations(tuple(read), tuple(arrows), _circles(tuple(claims)), tuple(taken))


def _circles(links: tuple[tuple[str, str], ...]) -> tuple[tuple[str, ...], ...]:
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    pages = list(dict.fromkeys(page for link in links for page in link))
    if not pages:
        return ()
    starts, ends = ([pages.index(link[end]) for link in links] for end in (0, 1))
    matrix = coo_array(([1] * len(links), (starts, ends)), shape=(len(pages), len(pages)))
    count, groups = connected_components(matrix, connection="strong")
    members = ([page for page, group in zip(pages, groups, strict=True) if group == each] for each in range(count))
    return tuple(_in_order(circle, links) for circle in members if len(circle) > 1)


def _in_order(circle: list[str], links: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    # the order in which one would click round, as far as it goes
    walked = circle[:1]
    while step := next(
        (end for start, end in links if start == walked[-1] and end in circle and end not in walked), ""
    ):
        walked.append(step)
    rest = [page for page in circle if page not in walked]
    return tuple(dict.fromkeys(str(domain_of(page)) for page in [*walked, *rest]))
