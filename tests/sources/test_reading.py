from __future__ import annotations

from pathlib import Path

import pytest

from course.sources import SourcesError
from course.sources.reading import read


def test_the_small_web_is_read_whole(folder: Path) -> None:
    web = read(folder)
    assert web.problems == []
    assert len(web.pages) == 5
    assert [len(versions) for versions in web.versions.values()] == [1]
    assert web.sites["south.example"].registration.age_days == 9
    assert web.sites["south.example"].registration.through == "Privacy proxy"
    assert "A reader, 13 May 2026, 10:55" in web.pages["https://north.example/pier"].markdown
    assert web.pictures["pier-cut"].crop == (0.2, 0.1, 0.7, 0.8)


def test_all_dates_follow_today(folder: Path) -> None:
    (folder / "web.toml").write_text("today = 2040-05-14\n", encoding="utf-8")
    web = read(folder)
    assert web.pages["https://north.example/pier"].matter["date"].year == 2040
    assert web.sites["north.example"].registration.registered.year == 1952
    assert web.sites["south.example"].registration.age_days == 9


DAMAGES = [
    ("sites/north/pier.md", "no front matter", "front matter"),
    ("sites/north/pier.md", "+++\ntitle = 3 4\n+++\n", "pier.md"),
    ("sites/north/pier.md", "+++\ndate = 'Y-05-01'\n+++\n", "title"),
    ("sites/north/pier.md", "+++\ntitle = 'x'\ncolour = 1\n+++\n", "'colour' is no field"),
    ("sites/north/pier.md", "+++\ntitle = 'x'\ndate = 'soon'\n+++\n", "write a date"),
    ("sites/north/pier.md", "+++\ntitle = 'x'\n+++\n{date:soon}", "write a date"),
    ("sites/north/pier@1.md", "+++\ntitle = 'x'\n+++\n", "when it was saved"),
    ("sites/north/Pier Two.md", "+++\ntitle = 'x'\n+++\n", "lower-case"),
    ("sites/north/gone@1.md", "+++\ntitle = 'x'\nsaved = 'Y-05-01'\n+++\n", "which is no page"),
    ("sites/north/site.toml", "domain = 'north.example'", "site.toml"),
    (
        "sites/north/site.toml",
        "domain = 'other.example'\nname='x'\nkind='blog'\n[registration]\nregistered='Y-05-01'",
        "the domain of this folder",
    ),
    (
        "sites/north/site.toml",
        "domain='north.example'\nname='x'\nkind='blog'\naccent='red;}</style>'\n[registration]\nregistered='Y-05-01'\nholder='x'",
        "a colour",
    ),
    ("pictures-b.toml", "[pier]\nitem = 'one'\nalt = 'x'\n", "two pictures"),
    ("pictures-b.toml", "[x]\nitem = 'one'\nalt = ' '\n", "text alternative"),
    ("pictures-b.toml", "[x]\nitem = 'one'\nalt = 'x'\ncrop = [0.5, 0, 0.7, 1]\n", "crop"),
    ("pictures-b.toml", "[x]\nitem = 'one'\nalt = 'x'\nquality = 0\n", "quality"),
    ("pictures-b.toml", "x = 1\n", "pictures-b.toml"),
]


@pytest.mark.parametrize(("file", "content", "said"), DAMAGES)
def test_damage_is_told_in_a_sentence(folder: Path, file: str, content: str, said: str) -> None:
    (folder / file).write_text(content, encoding="utf-8")
    assert any(said in problem for problem in read(folder).problems)


def test_text_that_is_no_utf_8_is_told(folder: Path) -> None:
    (folder / "sites" / "north" / "pier.md").write_bytes(b"+++\ntitle = '\xff'\n+++\n")
    assert any("pier.md" in problem for problem in read(folder).problems)


def test_line_ends_of_windows(folder: Path) -> None:
    page = folder / "sites" / "north" / "pier.md"
    before = read(folder).pages["https://north.example/pier"]
    page.write_bytes(page.read_bytes().replace(b"\n", b"\r\n"))
    after = read(folder).pages["https://north.example/pier"]
    assert (after.matter, after.markdown) == (before.matter, before.markdown)


def test_no_web_at_all(tmp_path: Path) -> None:
    with pytest.raises(SourcesError, match="is missing"):
        read(tmp_path)
    (tmp_path / "web.toml").write_text("today = 'soon'", encoding="utf-8")
    with pytest.raises(SourcesError, match="today = 2026-05-14"):
        read(tmp_path)
