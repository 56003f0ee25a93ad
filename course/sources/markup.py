"""From Markdown to what may be shown. Safe by construction: nothing that was written is let through as it is.

The parser knows no raw HTML, and of what it does know, links and pictures are written by this module: an address ends
in ``data-url`` if it belongs to this web and is dropped if not; a picture is a name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING, Any

from course.sources.address import normalised
from course.sources.model import Link

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

_PICTURE = re.compile(r"\{picture:([a-z0-9][a-z0-9-]*)\}", re.ASCII)


@dataclass(frozen=True)
class Body:
    """The body of a page.

    Attributes
    ----------
    html : str
    text : str
        A block a line; a row of a table is one.
    links : tuple of Link
    outside : tuple of str
        Addresses that no page of this web can have; they are shown as plain words.
    pictures : tuple of str
    """

    html: str
    text: str
    links: tuple[Link, ...]
    outside: tuple[str, ...]
    pictures: tuple[str, ...]


def body(markdown: str, base: str, figure: Callable[[str], str], alt: Callable[[str], str]) -> Body:
    """Read the body of a page.

    Parameters
    ----------
    markdown : str
        CommonMark with tables. ``{picture:name}`` places a picture.
    base : str
        The address of the page.
    figure : callable
        Gives the HTML of a picture by its name.
    alt : callable
        Gives its text alternative.

    Returns
    -------
    Body

    Examples
    --------
    >>> read = body("See [us](/about) <b>now</b>.", "https://plumbline.example/", str, str)
    >>> print(read.html.strip())
    <p>See <a data-url="https://plumbline.example/about" role="link" tabindex="0">us</a> &lt;b&gt;now&lt;/b&gt;.</p>
    >>> read.text, read.links[0].url
    ('See us <b>now</b>.', 'https://plumbline.example/about')
    """
    found = _Found(base, figure, alt)
    parser = _parser()
    tokens = parser.parse(markdown)
    _tidied(tokens)
    html = parser.renderer.render(tokens, parser.options, {"found": found})
    pictures = [child.content for token in tokens for child in token.children or () if child.type == "picture"]
    return Body(
        html=html,
        text="\n".join(_lines(tokens, alt)),
        links=tuple(found.links),
        outside=tuple(found.outside),
        pictures=tuple(dict.fromkeys(pictures)),
    )


class _Found:
    """What one rendering needs to know and finds."""

    def __init__(self, base: str, figure: Callable[[str], str], alt: Callable[[str], str]) -> None:
        self.base, self.figure, self.alt = base, figure, alt
        self.links: list[Link] = []
        self.outside: list[str] = []
        self.open: list[bool] = []


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    parser.disable(["html_block", "html_inline", "image"])
    parser.inline.ruler.before("link", "picture", _picture)
    parser.add_render_rule("picture", _show_picture)
    parser.add_render_rule("link_open", _open_link)
    parser.add_render_rule("link_close", _close_link)
    return parser


def _picture(state: StateInline, silent: bool) -> bool:
    found = _PICTURE.match(state.src, state.pos, state.posMax)
    if found is None:
        return False
    if not silent:
        state.push("picture", "", 0).content = found[1]
    state.pos = found.end()
    return True


def _show_picture(renderer: Any, tokens: Sequence[Token], place: int, options: Any, env: Any) -> str:
    return env["found"].figure(tokens[place].content)


def _open_link(renderer: Any, tokens: Sequence[Token], place: int, options: Any, env: Any) -> str:
    found: _Found = env["found"]
    address = str(tokens[place].attrs.get("href", ""))
    url = normalised(address, found.base)
    found.open.append(url is not None)
    if url is None:
        found.outside.append(address)
        return '<span class="outside">'
    end = next(n for n in range(place, len(tokens)) if tokens[n].type == "link_close")
    found.links.append(Link(url, _words(tokens[place + 1 : end], found.alt)))
    return f'<a data-url="{escape(url)}" role="link" tabindex="0">'


def _close_link(renderer: Any, tokens: Sequence[Token], place: int, options: Any, env: Any) -> str:
    return "</a>" if env["found"].open.pop() else "</span>"


def _tidied(tokens: Sequence[Token]) -> None:
    """Mend what a screen reader stumbles over: levels of headings, empty heads of columns, figures in paragraphs."""
    # The title of the page is its only h1, and no level below it is left out.
    level = 1
    for place, token in enumerate(tokens):
        if token.type == "heading_open":
            level = min(max(2, int(token.tag[1])), level + 1)
            token.tag = tokens[place + 2].tag = f"h{level}"
        if token.type == "th_open" and not tokens[place + 1].content:
            token.tag = tokens[place + 2].tag = "td"
        if token.type == "inline" and [child.type for child in token.children or ()] == ["picture"]:
            for beside in (tokens[place - 1], tokens[place + 1]):
                beside.hidden = beside.type in ("paragraph_open", "paragraph_close")


def _lines(tokens: Sequence[Token], alt: Callable[[str], str]) -> list[str]:
    lines: list[str] = []
    row: list[str] | None = None
    for token in tokens:
        if token.type == "tr_open":
            row = []
        elif token.type == "tr_close":
            lines.append(" | ".join(row or ()))
            row = None
        elif token.type == "inline":
            words = _words(token.children or (), alt)
            if row is not None:
                row.append(words)
            else:
                lines += [line for line in words.split("\n") if line]
        elif token.type in ("fence", "code_block"):
            lines += [line for line in token.content.splitlines() if line.strip()]
    return lines


def _words(tokens: Sequence[Token], alt: Callable[[str], str]) -> str:
    parts = {"softbreak": " ", "hardbreak": "\n"}
    return "".join(
        f"[Picture: {alt(token.content)}]" if token.type == "picture" else parts.get(token.type, token.content)
        for token in tokens
    )
