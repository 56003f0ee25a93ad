"""The sheet is read, and every mistake in its writing is named with its line."""

import time
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.media import MediaError
from course.media.sheet import MAX_BYTES, read_sheet, shown, toml_text

WHOLE = '''# pictures

[[item]]
id = "harbour"
alt = """
[[item]]
id = "not a new entry"
"""
crop = [
  1, 2,
]
"odd" = true  # a remark

[[item.cues]]
reason = "one"
[[item.cues]]
reason = "two"

[[item]]
id = "möwe"
[[pair]]
name = "sea"
'''


def write(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "pictures.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    return path


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_each_entry_knows_its_lines(tmp_path, ending, encoding):
    sheet = read_sheet(write(tmp_path, WHOLE.replace("\n", ending), encoding))
    harbour, gull = sheet.entries["item"]
    (pair,) = sheet.entries["pair"]
    assert (harbour.line, gull.line, pair.line) == (3, 19, 21)
    assert {name: harbour.at(name) for name in harbour.values} == {"id": 4, "alt": 5, "crop": 9, "odd": 12, "cues": 14}
    assert harbour.at("author") == 3  # what is missing belongs where the entry begins
    assert harbour.values["alt"].startswith("[[item]]") and len(harbour.values["cues"]) == 2
    assert gull.values["id"] == "möwe" and pair.at("name") == 22
    assert not sheet.others


def test_what_is_no_list_of_entries_is_kept_apart(tmp_path):
    sheet = read_sheet(write(tmp_path, 'id = "x"\n[item]\nid = "y"\n[other]\na = 1\n[[item2]]\n'))
    assert dict(sheet.others) == {"id": 1, "item": 2, "other": 4}
    assert list(sheet.entries) == ["item2"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[[item]]\nid = "abc\nfile = "x"', 'line 2: the text has no end: put a straight quotation mark " after it.'),
        ('a = 1\nalt = """x\ny\nz', 'line 2: the text has no end: put a straight quotation mark " after it.'),
        ("id = abc", 'line 1: the value cannot be read: text stands in straight quotation marks, as in "water".'),
        ("\nid = “abc”", 'line 2: the value cannot be read: text stands in straight quotation marks, as in "water".'),
        ("id =", 'line 1: the value cannot be read: text stands in straight quotation marks, as in "water".'),
        ("odd = True", 'line 1: the value cannot be read: text stands in straight quotation marks, as in "water".'),
        (
            'file = "c:\\x.mp4"',
            "line 1: a backslash cannot stand in quotation marks: between folder and file write /.",
        ),
        ('[[item]]\nid = "a"\nid = "b"', "line 3: this field stands twice in one entry: keep one of the two."),
        (
            '[item]\nid = "a"\n[item]\n',
            "line 3: a part begins with two square brackets on each side, as in [[item]].",
        ),
        ("[[item]\n", "line 1: a part begins with two square brackets on each side, as in [[item]]."),
        ("[[item]]\njust words", 'line 2: a line reads: name = "value".'),
        ("= 3", 'line 1: a line reads: name = "value".'),
        ('x = "a "b" c"', "line 1: only one value stands in a line: write quotation marks inside a text as ‘ and ’."),
        ("x = 1\ncrop = [1,\n2", "line 2: the list has no end: put ] after it, and commas between its parts."),
        ("x = " + "[" * 100_000, "line 1: too many brackets stand inside each other."),
        ("x = " + "9" * 5000, "line 1: a number is far too long."),
        ("x = 1\n\x00", 'line 2: a line reads: name = "value".'),
    ],
)
def test_a_mistake_in_writing_is_named_with_its_line(tmp_path, text, told):
    with pytest.raises(MediaError) as caught:
        read_sheet(write(tmp_path, text))
    assert str(caught.value) == f"pictures.toml, {told}"


def test_other_encodings_are_named(tmp_path):
    with pytest.raises(MediaError, match=r"UTF-16\. Save it again and choose UTF-8"):
        read_sheet(write(tmp_path, 'id = "x"', "utf-16"))
    with pytest.raises(MediaError, match=r"^pictures\.toml, line 2: a letter is not in UTF-8\. Save the sheet again"):
        read_sheet(write(tmp_path, 'id = "x"\nalt = "Möwe"'.encode("latin-1")))


def test_a_missing_folder_or_too_large_sheet_is_said_plainly(tmp_path):
    with pytest.raises(MediaError, match=r"There is no pictures\.toml in .*course media add FILE begins one"):
        read_sheet(tmp_path / "pictures.toml")
    (tmp_path / "pictures.toml").mkdir()
    with pytest.raises(MediaError, match="cannot be read"):
        read_sheet(tmp_path / "pictures.toml")
    (tmp_path / "pictures.toml").rmdir()
    with pytest.raises(MediaError, match="larger than 500 kB"):
        read_sheet(write(tmp_path, b"#" * (MAX_BYTES + 1)))


def test_a_long_sheet_is_read_quickly_and_an_endless_value_is_refused(tmp_path):
    path = write(tmp_path, "".join(f'[[item]]\nid = "x{n}"\nalt = """\na\nb\n"""\n' for n in range(1000)))
    start = time.perf_counter()
    assert read_sheet(path).entries["item"][999].line == 5995
    assert time.perf_counter() - start < 3
    write(tmp_path, 'x = 1\nalt = """\n' + "]\n" * 100_000 + '"""')
    start = time.perf_counter()
    with pytest.raises(MediaError, match=r"line 2: this value runs over more than 200 lines\. Shorten it"):
        read_sheet(path)
    assert time.perf_counter() - start < 3


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=40))
def test_any_text_is_quoted_so_that_it_comes_back(text):
    written = toml_text(text)
    assert tomllib.loads(f"a = {written}") == {"a": text}
    assert len(written.splitlines()) <= 1 or not any(letter in written for letter in "\n\r\x00\x1b\x7f")


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        ("two\nlines", "two lines"),
        ("\x1b[31mred\x07", "[31mred"),
        ("a\u202eb\ufeff", "ab"),
        ("\udcff", ""),
        (["a", 1], "['a', 1]"),
        ("x" * 80, "x" * 59 + "…"),
        ('<b>"&', '<b>"&'),
    ],
)
def test_a_value_is_shown_on_one_harmless_line(value, plain):
    assert shown(value) == plain
