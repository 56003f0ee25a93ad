from random import Random

import pytest

from course.judgement.curation import (
    DECISIONS,
    LONGEST,
    Curation,
    CurationState,
    Ground,
    Submission,
    load_curation,
)
from course.media.catalogue import data_folder

GROUNDS = (Ground("It is signed.", "So it is."), Ground("It looks good.", "So do many."))


def _submission(key: str, **other) -> Submission:
    replies = {decision: f"You {decision} {key}." for decision in DECISIONS}
    fields = {"title": "T", "sent": "S", "replies": replies, "grounds": GROUNDS, "colleague": "C", "was": "W"}
    return Submission(key=key, **{**fields, **other})


CURATION = Curation("stock", "Decide.", "Done.", (_submission("swans"), _submission("clock")))


def test_a_decision_is_saved_then_answered():
    saved = []
    state = CurationState(CURATION, saved.append)
    reply = state.decide("swans", "ask", 1, "  who knows ")
    assert reply.replies == ("You ask swans.", "So do many.") and reply.colleague == "C"
    assert saved == [
        {
            "kind": "curation.decide",
            "curation": "stock",
            "submission": "swans",
            "decision": "ask",
            "ground": 1,
            "words": "who knows",
            "of": 2,
        }
    ]
    assert not state.complete and state.next == "clock"
    state.decide("clock", "reject", 0)
    assert state.complete and state.next == "clock"


def test_one_may_think_again_and_the_last_one_counts_on_another_day_too():
    saved = []
    state = CurationState(CURATION, saved.append)
    state.decide("swans", "accept", 0)
    state.decide("swans", "reject", 1)
    again = CurationState(CURATION, saved.append, past=saved)
    assert again.decided["swans"].decision == "reject" and again.decided == state.decided


def test_nothing_happens_unless_it_is_saved():
    def full(_event):
        raise OSError("no room")

    state = CurationState(CURATION, full)
    with pytest.raises(OSError, match="no room"):
        state.decide("swans", "accept", 0)
    assert state.decided == {}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("nobody", "accept", 0), "no such submission"),
        ((None, "accept", 0), "no such submission"),
        ((["swans"], "accept", 0), "no such submission"),
        (("swans", "burn", 0), "what you do with it"),
        (("swans", ["accept"], 0), "what you do with it"),
        (("swans", "accept", 2), "Choose a reason"),
        (("swans", "accept", True), "Choose a reason"),
        (("swans", "accept", None), "Choose a reason"),
        (("swans", "accept", 0, "x" * (LONGEST + 1)), "letters"),
        (("swans", "accept", 0, None), "letters"),
    ],
)
def test_what_cannot_be_decided_is_one_sentence(arguments, words):
    saved = []
    state = CurationState(CURATION, saved.append)
    with pytest.raises(ValueError, match=words) as problem:
        state.decide(*arguments)
    assert str(problem.value).endswith(".") and saved == []


def test_events_that_make_no_sense_are_passed_over():
    good = {"kind": "curation.decide", "curation": "stock", "submission": "swans", "decision": "ask", "ground": 0}
    bad = [
        {**good, "submission": "gone"},
        {**good, "submission": ["swans"]},
        {**good, "decision": "burn"},
        {**good, "ground": 9},
        {**good, "words": 7},
        {**good, "curation": "other"},
        {"kind": "trial.answer"},
    ]
    assert CurationState(CURATION, print, past=bad).decided == {}
    assert set(CurationState(CURATION, print, past=[*bad, good]).decided) == {"swans"}


@pytest.mark.parametrize(
    ("submissions", "words"),
    [
        ((), "no submissions"),
        ((_submission("a"), _submission("a")), "'a' twice"),
        ((_submission("a", grounds=GROUNDS[:1]),), "two reasons"),
        ((_submission("a", replies={"accept": "x"}),), "needs a reply"),
        ((_submission("a", was=" "),), "empty text"),
    ],
)
def test_a_pile_that_cannot_be_decided_is_named(submissions, words):
    with pytest.raises(ValueError, match=words):
        Curation("c", "p", "c", submissions)


@pytest.mark.parametrize("text", ["", "id = 7", "[[submission]]\nkey = 'x'", "no toml"])
def test_a_malformed_file_is_named(tmp_path, text):
    path = tmp_path / "pile.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"pile\.toml must hold a curation"):
        load_curation(path)


def test_every_way_through_the_small_stock_library_is_answered():
    pile = load_curation(data_folder() / "curation.toml")
    assert len(pile.submissions) == 10
    for one in pile.submissions:
        for decision in DECISIONS:
            for ground in range(len(one.grounds)):
                saved = []
                reply = CurationState(pile, saved.append).decide(one.key, decision, ground)
                assert reply.replies == (one.replies[decision], one.grounds[ground].reply)
                assert CurationState(pile, saved.append, saved).decided[one.key] == reply
        assert all(text.strip()[-1] in ".?”!" for text in (*one.replies.values(), one.colleague))
    texts = [ground.reply for one in pile.submissions for ground in one.grounds]
    assert len(set(texts)) == len(texts) == 30


@pytest.mark.parametrize("seed", range(4))
def test_any_two_hundred_acts(seed):
    pile = load_curation(data_folder() / "curation.toml")
    rng, saved, last = Random(seed), [], {}
    state = CurationState(pile, saved.append)
    junk = [None, "", -1, 99, True, 1.5, [], {}, b"x", "x" * 999]
    keys = [one.key for one in pile.submissions]
    for _ in range(200):
        arguments = (
            rng.choice([*keys, *keys, *junk]),
            rng.choice([*DECISIONS, *DECISIONS, *junk[:2]]),
            rng.choice([0, 1, 2, 0, 1, 2, 0, 1, 2, *junk]),
            rng.choice(["", "words", "more words", "so", "and so", *junk[:5]]),
        )
        try:
            last[arguments[0]] = state.decide(*arguments)
        except ValueError as problem:
            assert str(problem).endswith(".")
        assert state.decided == last
        if rng.random() < 0.1:
            state = CurationState(pile, saved.append, saved)
    assert len(last) >= 5
