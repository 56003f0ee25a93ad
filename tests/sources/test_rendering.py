from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from course import sources
from course.sources import KINDS, Web
from course.sources.rendering import TEMPLATES, ink, render

FORBIDDEN = {
    "script",
    "iframe",
    "object",
    "embed",
    "form",
    "input",
    "button",
    "link",
    "base",
    "svg",
    "math",
    "video",
    "audio",
}


class Document(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]


def check_document(html: str) -> None:
    document = Document(html)
    assert not FORBIDDEN & set(document.tags)
    assert document.tags.count("h1") == 1 and document.tags.count("main") == 1
    for tag, name, value in document.attributes:
        assert not name.startswith("on") and name not in (
            "src",
            "href",
            "srcset",
            "action",
            "background",
            "http-equiv",
        ), (tag, name)
        assert name != "data-url" or re.fullmatch(r"https://[a-z0-9-]+\.example/[a-z0-9/-]*", value)
    style = html[html.index("<style>") : html.index("</style>")]
    assert "url(" not in style and "@import" not in style


def test_a_hostile_page_is_words(small: Web) -> None:
    page = small.open("south.example/fallen")
    check_document(page.html)
    check_document(small.reader(page.url).html)
    assert "<script>alert(3)</script>" in page.text
    assert "<title>Pier FALLEN &lt;script&gt;" in page.html


def test_each_page_of_the_course_is_harmless() -> None:
    web = sources.web()
    for url in web.pages:
        for version in web.archive(url):
            check_document(version.page.html)


def test_each_kind_has_a_look_of_its_own(small: Web) -> None:
    looks = {(TEMPLATES / f"{kind}.html").read_text(encoding="utf-8") for kind in KINDS}
    assert len(looks) == len(KINDS)


@pytest.mark.parametrize("accent", ["#ffffff", "#ffee00", "#00ff00", "#e0368c", "#000000", "#0000ff"])
def test_an_accent_is_dark_enough_to_be_read(accent: str) -> None:
    dark = ink(accent)
    assert re.fullmatch("#[0-9a-f]{6}", dark)
    light = [int(dark[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    light = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in light]
    assert 1.05 / (0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2] + 0.05) >= 5.4


def test_an_unknown_kind_falls_back(small: Web) -> None:
    page = small.open("north.example")
    html = render(
        "no-such-kind",
        ink="#204060",
        site=page.site,
        matter={"saved": None, "author": "", "date": None, "hidden_date": None, "updated": None, "credential": None},
        title="T",
        body="",
        lead="",
        about=False,
        front=True,
    )
    check_document(html)


def test_names_are_escaped_dates_hidden_and_copies_told(small: Web) -> None:
    assert "The North &amp; Sons" in small.open("north.example/pier").html
    assert "News &lt;of&gt; the north" in small.open("north.example/pier").html
    assert "13 May" not in small.open("south.example/fallen").html
    assert "updated 13 May 2026, 09:00" in small.open("north.example/pier").html
    old, new = small.archive("north.example/pier")
    assert "a copy of this page, saved 12 May 2026, 19:00" in old.page.html
    assert "a copy of this page" not in new.page.html


def test_pictures_and_films(small: Web) -> None:
    pier, fallen = small.open("north.example/pier"), small.open("south.example/fallen")
    assert pier.html.count('data-picture="pier"') == 1
    assert "A pier &#34;at&#34; noon &lt;b&gt;" in pier.html or "A pier &quot;at&quot; noon &lt;b&gt;" in pier.html
    assert "Picture: &lt;North&gt;" in pier.html
    assert fallen.html.count('data-picture="pier-cut"') == 1 and 'class="player"' in fallen.html
    assert "Content Credentials: none" in fallen.html


@pytest.mark.parametrize(
    "asked", ["<script>alert(1)</script>", "javascript:alert(1)", '"><img src=x onerror=alert(1)>']
)
def test_no_such_page_is_harmless(small: Web, asked: str) -> None:
    check_document(small.open(asked).html)


def test_a_front_page_shows_its_name_once() -> None:
    web = sources.web()
    for url, hidden in (("https://ellerycourier.example/", True), ("https://ellerycourier.example/about", False)):
        page = web.open(url)
        assert ('<h1 class="again">' in page.html) is hidden
        assert page.html.count("<h1") == 1  # it stays for those who listen
