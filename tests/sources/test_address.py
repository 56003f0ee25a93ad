from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.sources.address import domain_of, normalised

TRICKS = [
    "",
    " ",
    "/",
    "//",
    "..",
    "../..",
    "/etc/passwd",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "north.example/../south",
    "north.example/%2e%2e/x",
    "north.example/%70ier",
    "https://north.example:80/pier",
    "https://me@north.example/pier",
    "https://north.example\\pier",
    "north.example//pier",
    "https://north.example.com/",
    "https://example/",
    "https://.example/",
    "https://-.example/",
    "http:/north.example",
    "ftp://north.example/",
    "https://north.example/pier\x00",
    "https://north.example/pi\ner",
    "https://nörth.example/",
    "north.example/pier@1",
    "north.example/pier.md",
    "about:blank",
    "blob:https://north.example/1",
    "vbscript:x",
    "https://ｎorth.example/",
    "x" * 10_000,
    "https://" + "a" * 5000 + ".example/",
]


@pytest.mark.parametrize("trick", TRICKS)
def test_tricks_have_no_address(trick: str) -> None:
    assert normalised(trick) is None


@pytest.mark.parametrize("typed", [None, 3, b"north.example", ["north.example"]])
def test_what_is_no_text(typed: object) -> None:
    assert normalised(typed) is None and domain_of(typed) is None


@pytest.mark.parametrize(
    "typed",
    [
        "north.example/pier",
        "http://north.example/pier/",
        " HTTPS://WWW.North.example/Pier ",
        "north.example/pier?a=%20#top",
    ],
)
def test_ways_of_typing_one_address(typed: str) -> None:
    assert normalised(typed) == "https://north.example/pier"


def test_relative_addresses() -> None:
    assert normalised("/pier", "https://north.example/about") == "https://north.example/pier"
    assert normalised("/pier") is None
    assert normalised("//south.example/x", "https://north.example/") is None


@given(st.text(max_size=300))
def test_anything_gives_nothing_or_a_safe_address(typed: str) -> None:
    address = normalised(typed)
    assert address is None or (address.startswith("https://") and ".example/" in address and ".." not in address)
    assert address is None or normalised(address) == address
