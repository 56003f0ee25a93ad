from __future__ import annotations

import re
from html import escape
from html.parser import HTMLParser

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from course.sources.markup import Body, body

ALLOWED = {
    "p",
    "a",
    "span",
    "figure",
    "img",
    "figcaption",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "ul",
    "ol",
    "li",
    "em",
    "strong",
    "code",
    "pre",
    "blockquote",
    "hr",
    "br",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
}
ATTRIBUTES = {
    "data-url",
    "role",
    "tabindex",
    "class",
    "data-picture",
    "alt",
    "start",
    "style",
}


class Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[tuple[str, str]] = set()
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {(name, value or "") for name, value in attrs}


def figure(name: str) -> str:
    return f'<figure><img data-picture="{escape(name)}" alt=""></figure>\n'


def read(markdown: str) -> Body:
    return body(markdown, "https://north.example/", figure, lambda name: f"a {name}")


HOSTILE = [
    "<script>alert(1)</script>",
    "[x](javascript:alert(1))",
    "[x](JAVASCRIPT:alert(1)) [y](data:text/html;base64,PHNjcmlwdD4=) [z](vbscript:x)",
    "[x](&#106;avascript:alert(1))",
    "![x](https://evil.example/x.png) ![y](javascript:alert(1))",
    '[x](/a "b\\" onclick=\\"alert(1)")',
    "<a href='javascript:alert(1)' onclick=alert(1)>x</a>",
    '[ref]\n\n[ref]: javascript:alert(1) "onload=alert(1)"',
    '```html" onload="alert(1)\n<svg onload=alert(1)>\n```',
    '{picture:x" onerror="alert(1)} {picture:../../x}',
    "<https://evil.com/?q=<script>> <javascript:alert(1)>",
    "| <b onmouseover=alert(1)> | x |\n|:--|--:|\n| <script> | [y](javascript:z) |",
    "<!-- --><style>*{}</style><meta http-equiv=refresh content=0>",
    "# <iframe srcdoc='<script>alert(1)</script>'>",
]


@pytest.mark.parametrize("markdown", HOSTILE)
def test_hostile_markdown_is_words(markdown: str) -> None:
    check_harmless(read(markdown).html)


@settings(deadline=None, max_examples=150)
@given(
    st.one_of(
        st.text(max_size=200), st.lists(st.sampled_from([*HOSTILE, "\n", " ", "`", "[", "](", ")", "*"])).map("".join)
    )
)
@example("[a [b](/b)](/a)")
def test_anything_is_harmless(markdown: str) -> None:
    check_harmless(read(markdown).html)


def check_harmless(html: str) -> None:
    tags = Tags(html)
    assert tags.tags <= ALLOWED
    for name, value in tags.attributes:
        assert name in ATTRIBUTES, name
        assert name != "data-url" or re.fullmatch(r"https://[a-z0-9-]+\.example/[a-z0-9/-]*", value)
        assert name != "style" or re.fullmatch(r"text-align:(left|right|center)", value)


def test_links_of_this_web_and_others() -> None:
    page = read("[in](/pier), [also **in**](https://south.example/a?b#c), [out](https://real.com/)")
    assert [(link.url, link.text) for link in page.links] == [
        ("https://north.example/pier", "in"),
        ("https://south.example/a", "also in"),
    ]
    assert page.outside == ("https://real.com/",)
    assert "href" not in page.html


def test_text_a_block_a_line() -> None:
    page = read(
        "# Head\n\nOne\ntwo.\n\n- a\n- b\n\n| x | y |\n|---|---|\n| 1 | 2 |\n\n{picture:pier}\n\n```\ncode\n```"
    )
    assert page.text.splitlines() == ["Head", "One two.", "a", "b", "x | y", "1 | 2", "[Picture: a pier]", "code"]
    assert page.pictures == ("pier",)


def test_headings_leave_no_level_out_and_empty_heads_are_cells() -> None:
    page = read("### A\n\n##### B\n\n# C\n\n| | x |\n|---|---|\n| 1 | 2 |")
    assert re.findall(r"</?(h\d|th)>", page.html) == ["h2", "h2", "h3", "h3", "h2", "h2", "th", "th"]


def test_one_title_and_figures_out_of_paragraphs() -> None:
    page = read("# Head\n\n{picture:pier}\n\nBeside {picture:pier} text.")
    assert "<h1" not in page.html and "<h2>Head</h2>" in page.html
    assert page.html.count("<p>") == 1
    assert page.pictures == ("pier",)
