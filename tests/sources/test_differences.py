from __future__ import annotations

from course.sources import Page, Web, difference


def page(text: str, title: str = "T") -> Page:
    return Page("https://a.example/", title, None, "article", None, None, "", "", "", text)


def test_equal_pages_differ_in_nothing() -> None:
    assert {line.kind for line in difference(page("A. B."), page("A. B."))} == {"same"}


def test_sentences_are_compared_not_paragraphs() -> None:
    lines = difference(page("First one. Second one. Third.", "Old"), page("First one. Third.\nNew.", "Now"))
    assert [(line.kind, line.text) for line in lines if line.kind != "same"] == [
        ("removed", "Title: Old"),
        ("added", "Title: Now"),
        ("removed", "Second one."),
        ("added", "New."),
    ]


def test_new_text_and_old_text_come_back_whole(small: Web) -> None:
    old, new = small.archive("north.example/pier")
    lines = small.diff(old, new)
    kept = [line.text for line in lines if line.kind != "added"]
    assert "The pier has fallen." in kept and "It stands no more." in kept
    assert next(line.text for line in lines if line.kind != "removed") == "Title: The pier stands"
    assert small.diff(old.page, new.page) == lines
