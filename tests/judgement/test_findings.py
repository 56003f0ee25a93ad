import random

import pytest

from course.judgement import Finding, Findings, FindingsState, Option, load_findings
from course.lessons.lesson import achievements
from course.media.catalogue import data_folder

TABLES = load_findings(data_folder() / "findings.toml")
TABLE = TABLES["file/shows"]
RIGHT = {
    row.key: tuple(next(i for i, one in enumerate(side) if one.right) for side in (row.shows, row.open))
    for row in TABLE.rows
}


@pytest.mark.parametrize("row", TABLE.rows, ids=lambda row: row.key)
def test_every_pair_of_sentences_is_checked_saved_and_restored(row):
    for shows, one in enumerate(row.shows):
        for open, two in enumerate(row.open):
            saved = []
            reply = FindingsState(TABLE, saved.append).check(row.key, shows, open)
            assert (reply.feedback_shows, reply.feedback_open) == (one.feedback, two.feedback)
            assert reply.right is (one.right and two.right) is saved[0]["right"]
            again = FindingsState(TABLE, saved.append, past=saved)
            assert again.filled[row.key] == reply
            assert (row.key in again.solved) is reply.right


def test_the_record_shows_a_full_table_and_a_later_mistake_takes_nothing_away():
    saved = []
    state = FindingsState(TABLE, saved.append)
    for key, (shows, open) in RIGHT.items():
        assert not state.complete and "findings:file/shows" not in set(achievements(saved))
        state.check(key, shows, open)
    assert state.complete and "findings:file/shows" in set(achievements(saved))
    key, (shows, open) = next(iter(RIGHT.items()))
    state.check(key, (shows + 1) % 3, open)
    assert state.complete and FindingsState(TABLE, saved.append, past=saved).complete


def test_nothing_happens_unless_it_is_saved():
    def refuse(_event):
        raise ValueError("The disk is full.")

    state = FindingsState(TABLE, refuse)
    with pytest.raises(ValueError, match="disk is full"):
        state.check("gps", 0, 1)
    assert state.filled == {} and not state.solved


JUNK = [None, "", "nosuch", -1, 99, 1.5, True, [], {}, float("nan"), object()]


@pytest.mark.parametrize("seed", range(5))
def test_two_hundred_acts_at_random_and_no_answer_is_lost(seed):
    rng = random.Random(seed)
    saved: list[dict] = []
    state = FindingsState(TABLE, saved.append)
    for _ in range(200):
        row = rng.choice([*RIGHT, *JUNK])
        shows, open = (rng.choice([0, 1, 2, *JUNK]) for _ in range(2))
        before = len(saved), state.filled
        try:
            state.check(row, shows, open)
        except ValueError as error:
            assert str(error).endswith(".")
            assert (len(saved), state.filled) == before
        else:
            assert len(saved) == before[0] + 1
    assert saved
    again = FindingsState(TABLE, saved.append, past=[*saved, {"kind": "other"}, {"kind": "findings.check"}])
    assert again.filled == state.filled and again.solved == state.solved


def test_junk_in_the_past_is_passed_over():
    event = {"kind": "findings.check", "findings": "file/shows", "row": "gps", "shows": 0, "open": 1, "right": True}
    for wrong in ({"row": 5}, {"shows": "0"}, {"open": True}, {"shows": 9}, {"right": False}, {"findings": "x"}):
        assert FindingsState(TABLE, lambda _: None, past=[event | wrong]).filled == {}


def test_tables_that_cannot_be_filled_are_refused(tmp_path):
    yes, no = Option("a", "b", True), Option("c", "d")
    for rows in ((), (Finding("k", "t", (yes, yes), (yes, no)),), (Finding("k", "t", (yes, no), (no, no)),)):
        with pytest.raises(ValueError, match="'t'"):
            Findings("t", "p", "c", rows)
    row = Finding("k", "t", (yes, no), (no, yes))
    with pytest.raises(ValueError, match="a key of its own"):
        Findings("t", "p", "c", (row, row))
    path = tmp_path / "findings.toml"
    for content in ("[[findings]", "x = 1", '[[findings]]\nid = "a"\n'):
        path.write_text(content, encoding="utf-8")
        with pytest.raises(ValueError, match=r"must hold \[\[findings\]\] tables"):
            load_findings(path)
