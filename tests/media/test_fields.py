import datetime

import pytest

from course.media.fields import FIELDS, GENERATED_FIELDS, ITEM_FIELDS, FieldReader, is_number, is_todo, listed, quoted
from course.media.sheet import Entry


def entry(**values):
    return Entry(10, values, {name: 11 + n for n, name in enumerate(values)})


def test_every_field_that_is_written_is_known():
    assert {*ITEM_FIELDS, *GENERATED_FIELDS} < set(FIELDS["item"])


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (3, 'alt must be text in quotation marks, as in alt = "...".'),
        (["a"], 'alt must be text in quotation marks, as in alt = "...".'),
        (" todo: say it", "alt is still to be written: what is seen."),
        ("  ", "alt is empty; write what is seen."),
        ("x" * 1001, "alt is longer than 1,000 letters; shorten it."),
        ("a\x1b[31m", "alt holds a control character, which nobody can see; type it anew."),
        ("a\u202eb", "alt holds a control character, which nobody can see; type it anew."),
    ],
)
def test_a_text_that_cannot_be_taken(value, told):
    reader = FieldReader()
    assert reader.text(entry(id="x", alt=value), "alt", "what is seen") is None
    assert reader.problems == [(12, told)]


def test_a_text_comes_on_one_line_and_a_date_as_text():
    reader = FieldReader()
    assert reader.text(entry(alt="  Möwen\n  am “Hafen” <b> "), "alt") == "Möwen am “Hafen” <b>"
    assert reader.text(entry(generated_on=datetime.date(2026, 5, 3)), "generated_on") == "2026-05-03"
    assert reader.text(entry(), "alt") is None  # what is missing is said once, for all fields together
    assert reader.problems == []


def test_a_backslash_in_a_file_name_that_became_a_control_character_is_explained():
    reader = FieldReader()
    reader.text(entry(file="sub\bar.mp4"), "file")
    assert reader.problems[0][1].endswith("type it anew; between folder and file write /.")


def test_a_word_that_is_none_of_the_choices():
    reader = FieldReader()
    assert reader.choice(entry(origin="camera"), "origin", ("camera", "generated")) == "camera"
    assert reader.choice(entry(origin="kamera"), "origin", ("camera", "generated")) is None
    assert reader.problems == [(11, "origin is “kamera”; write camera or generated.")]


def test_unknown_and_missing_fields():
    reader = FieldReader()
    reader.check_fields(entry(id="sea", licens="MIT", zzz=1), "item", ("id", "licence", "alt"))
    assert reader.problems == [
        (12, "there is no field “licens”; did you mean licence?"),
        (13, f"there is no field “zzz”; known are {listed(FIELDS['item'])}."),
        (10, "this [[item]] of “sea” lacks licence and alt; write it below this line."),
    ]


def test_a_name_is_taken_once():
    reader = FieldReader()
    for line in (3, 9):
        reader.once("item", "sea", line, "id")
    reader.once("pair", "sea", 12, "name of a pair")
    assert reader.problems == [(9, "the id “sea” is taken already, in line 3; choose another.")]


def test_small_words():
    assert [is_todo(text) for text in ("TODO", "todo: x", "to do")] == [True, True, False]
    assert [is_number(value) for value in (1, 1.5, True, "1", float("nan"), float("inf"))] == [True, True, *[False] * 4]
    assert (listed(["a"]), listed(["a", "b", "c"], "or"), quoted(["a", "b"])) == ("a", "a, b or c", "“a” and “b”")
