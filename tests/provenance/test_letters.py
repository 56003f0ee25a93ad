"""Texts in each way to write that files hold, whatever the field says of it."""

import pytest

from course.provenance.letters import read_comment, read_text, read_utf16, read_xml

WORDS = [
    "a paper boat",
    "a red fox\nNegative prompt: blurry\nSteps: 20, Seed: 5",
    "Möwe über dem Hafen",
    "“Zoë” – naïve",
    "лиса в снегу",
    "αλεπού",
    "雨の中の狐",
    "雨",
    "水墨画风格的狐狸,高清",
    "東京タワー",
    "여우가 눈 속에",
    "ثعلب في الثلج",
    "नमस्ते",
    "🦊 fox",
]
PREFIXES = [b"UNICODE\0", b"Unicode ", b"ASCII\0\0\0", b"\0" * 8, b" " * 8]


def _coded(words, coding):
    try:
        return words.encode(coding)
    except UnicodeEncodeError:
        return None


@pytest.mark.parametrize("words", WORDS)
@pytest.mark.parametrize("prefix", PREFIXES, ids=lambda one: one.decode().strip("\0 ") or f"{one[0]:02x}")
def test_a_comment_of_exif_is_read_whatever_it_says_of_its_letters(prefix, words):
    for coding in ("utf-16-le", "utf-16-be", "utf-16", "utf-8", "utf-8-sig", "cp1252", "latin-1"):
        raw = _coded(words, coding) if not (prefix[:1] in b"Uu" and coding in ("cp1252", "latin-1")) else None
        for order in "<>" if raw is not None else "":
            for filling in (b"", b"\0\0", b"\0" * 40):
                assert read_comment(prefix + raw + filling, order) == words, (coding, order)


@pytest.mark.parametrize("words", [one for one in WORDS if one.isascii()])
def test_a_comment_without_its_eight_bytes_loses_no_letter(words):
    assert read_comment(words.encode()) == words


@pytest.mark.parametrize("words", ["日本語のコメント", "狐 fox", "東京", "フォックス"])
def test_japanese_comments(words):
    for coding in ("iso2022_jp", "euc_jp", "cp932", "utf-8"):
        assert read_comment(b"JIS\0\0\0\0\0" + words.encode(coding)) == words, coding
    codes = "フォックス".encode("iso2022_jp").removeprefix(b"\x1b$B").removesuffix(b"\x1b(B")
    assert read_comment(b"JIS\0\0\0\0\0" + codes) == "フォックス"
    assert read_comment(b"JIS\0\0\0\0\0a red fox") == "a red fox"


@pytest.mark.parametrize("words", WORDS)
def test_texts_without_any_word_on_their_letters(words):
    for coding in ("utf-8", "utf-8-sig", "utf-16", "cp1252"):
        raw = _coded(words, coding)
        assert raw is None or read_text(raw) == words, coding
    for coding in ("utf-16-le", "utf-16-be", "utf-16"):
        assert read_utf16(words.encode(coding) + b"\0\0") == words, coding
    for coding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"):
        packet = f"\n<?xpacket begin='\ufeff'?><a>{words}</a>".encode(coding)
        assert read_xml(packet).endswith(f"<a>{words}</a>"), coding


def test_a_letter_cut_in_two_at_the_limit_does_not_turn_the_text_into_others(monkeypatch):
    monkeypatch.setattr("course.provenance.letters.LONGEST", 8)
    assert read_text("Zoë Zoë Zoë".encode()) == "Zoë Zo"  # the ninth byte would be the other half of ë
    assert read_text(b"caf\xe9") == "café"


def test_windows_letters_under_another_name_are_read():
    assert read_comment(b"UNICODE\0" + "Möwe über dem Hafen".encode("latin-1")) == "Möwe über dem Hafen"


def test_in_two_letters_the_word_of_the_field_is_taken():
    assert read_comment(b"UNICODE\0" + "中".encode("utf-16-le")) == "中"


@pytest.mark.parametrize("coding", ["utf-16-le", "utf-16-be"])
def test_utf_16_that_does_not_say_so(coding):
    assert read_text("Zoë €".encode(coding)) == "Zoë €"
    assert read_text(b"A\0") == "A" and read_text(b"one\0two") == "one\0two"  # noughts that mean something else
