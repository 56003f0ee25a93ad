import tomllib
from fractions import Fraction
from math import log10, prod
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.judgement.ledger import (
    EVEN,
    START_STEPS,
    STEPS,
    Evidence,
    Expert,
    Ledger,
    LedgerState,
    Opinion,
    Weight,
    load_ledgers,
    odds_fraction,
    odds_words,
    ratio_words,
    tally,
)
from course.media.catalogue import data_folder

LEDGERS = load_ledgers(data_folder() / "ledgers.toml")
FERRY = LEDGERS["ferry-speed"]
VIEWS = (Opinion(8, "Strong."), Opinion(9, "Stronger."))
EXPERTS = (Expert("Ilka", EVEN, "Real."), Expert("Ravi", EVEN, "Real."))


def _piece(key: str, source: str = "the camera", **other) -> Evidence:
    fields = {"says": "S", "found": "F", "source": source, "why_source": "W", "opinions": VIEWS}
    return Evidence(key=key, **{**fields, **other})


def _ledger(*pieces: Evidence, **other) -> Ledger:
    fields = {"id": "l", "question": "Q?", "claim": "real", "otherwise": "generated", "experts": EXPERTS}
    return Ledger(**{**fields, **other}, evidence=pieces)


SMALL = _ledger(_piece("camera"), _piece("wire"), _piece("radar", "the radar"))


# the sum


def test_the_scale_is_even_and_rises():
    assert STEPS[EVEN] == 1 and list(STEPS) == sorted(STEPS)
    assert [1 / one for one in reversed(STEPS)] == list(STEPS)


weights = st.dictionaries(
    st.text(min_size=1, max_size=3),
    st.builds(Weight, st.integers(0, len(STEPS) - 1), st.sampled_from("abc")),
    max_size=8,
)


@given(weights, st.sampled_from(START_STEPS))
def test_each_source_counts_once_with_its_strongest_piece(pieces, start):
    odds, counted = tally(pieces, STEPS[start])
    sources = {weight.source for weight in pieces.values()}
    counting = [one for one in counted if one.counts]
    assert sorted(pieces[one.key].source for one in counting) == sorted(sources)
    assert odds == STEPS[start] * prod((STEPS[one.step] for one in counting), start=Fraction(1))
    for one in counted:
        assert one.counts is (one.instead == "")
        if not one.counts:
            assert pieces[one.instead].source == pieces[one.key].source
            assert abs(pieces[one.instead].step - EVEN) >= abs(one.step - EVEN)


@given(weights)
def test_to_repeat_a_piece_never_moves_the_odds(pieces):
    twice = pieces | {f"{key} again, longer": weight for key, weight in pieces.items()}
    assert tally(twice, Fraction(1))[0] == tally(pieces, Fraction(1))[0]


# words


@pytest.mark.parametrize(
    ("odds", "said"),
    [
        (Fraction(1), "1 to 1"),
        (Fraction(3, 2), "1.5 to 1"),
        (Fraction(8, 49), "about 1 to 6.1"),
        (Fraction(1, 100), "1 to 100"),
        (Fraction(9999, 1000), "10 to 1"),
        (Fraction(45), "about 40 to 1"),
        (Fraction(2700), "about 3,000 to 1"),
        (Fraction(99), "about 100 to 1"),
    ],
)
def test_odds_as_so_much_to_so_much(odds, said):
    assert odds_fraction(odds).removeprefix("about ") == said.removeprefix("about ")


@given(st.fractions(min_value=Fraction(1, 10**9), max_value=10**9))
def test_odds_in_words_are_the_same_seen_from_both_sides(odds):
    assert "nan" not in odds_fraction(odds) and " to " in odds_fraction(odds)
    words = odds_words(odds, "real", "generated")
    if odds >= 1:
        assert "real" in words
    if odds >= Fraction(3, 2):
        assert words == odds_words(1 / odds, "generated", "real")


def test_each_step_has_words_of_its_own_and_never_a_verdict():
    words = [ratio_words(step, "real", "generated") for step in range(len(STEPS))]
    assert len(set(words)) == len(words)
    assert all("real" in one for one in words[EVEN + 1 :]) and all("generated" in one for one in words[:EVEN])
    assert not any("fake" in one or "%" in one for one in words)


# the learner's ledger


def test_a_piece_is_saved_then_counted():
    saved = []
    state = LedgerState(SMALL, saved.append)
    state.begin(7)
    state.weigh("wire", 8, "the camera")
    assert saved == [
        {"kind": "ledger.start", "ledger": "l", "step": 7},
        {"kind": "ledger.weigh", "ledger": "l", "item": "wire", "step": 8, "source": "the camera", "of": 3},
    ]
    assert state.odds == 30 and state.log_odds == pytest.approx(log10(30)) and state.next == "camera"
    state.weigh("camera", 9, "the camera")  # stronger, from the same source: takes the place
    assert state.odds == 90 and state.naive == 900
    assert [(one.key, one.counts, one.instead) for one in state.counted] == [
        ("camera", True, ""),
        ("wire", False, "camera"),
    ]
    state.weigh("wire", 8, "the radar")  # one may see it otherwise
    assert state.odds == 900 and not state.complete
    state.weigh("radar", EVEN, "the radar")
    assert state.complete and state.odds == 900 and state.next == "radar"


def test_nothing_happens_unless_it_is_saved():
    def full(_event):
        raise OSError("no room")

    state = LedgerState(SMALL, full)
    for act in (lambda: state.begin(7), lambda: state.weigh("wire", 8, "the camera")):
        with pytest.raises(OSError, match="no room"):
            act()
    assert state.start is None and state.weights == {} and state.odds == 1


JUNK = (None, True, -1, 11, 2.0, "8", [8], {}, float("nan"), "wire", "the camera", "", "x" * 9999)


def test_two_hundred_steps_with_junk_lose_nothing():
    for seed in range(5):
        rng, saved = Random(seed), []
        state = LedgerState(SMALL, saved.append)
        for _ in range(200):
            before = state.weights, state.start, len(saved)
            item = rng.choice(("camera", "wire", "radar", *JUNK)) if rng.random() < 0.5 else "radar"
            step = rng.choice((*range(len(STEPS)), *JUNK))
            source = rng.choice((*SMALL.sources, *JUNK)) if rng.random() < 0.5 else "the radar"
            try:
                state.begin(step) if rng.random() < 0.3 else state.weigh(item, step, source)
            except ValueError as problem:
                assert str(problem).endswith(".") and "\n" not in str(problem)
                assert (state.weights, state.start, len(saved)) == before
            junk = [
                {"kind": "ledger.weigh", "ledger": "l", "item": rng.choice(JUNK), "step": 8, "source": "the camera"}
            ]
            junk = [one for one in junk if one["item"] != "wire"]
            again = LedgerState(SMALL, saved.append, past=[*junk, *saved, {"kind": "trial.answer"}, {}])
            assert (again.weights, again.start, again.odds) == (state.weights, state.start, state.odds)
            assert state.odds > 0 and state.log_odds == pytest.approx(log10(state.odds))
        assert len(saved) > 20


@pytest.mark.parametrize(
    "event",
    [
        {"kind": "ledger.weigh", "item": ["wire"], "step": 8, "source": "the camera"},
        {"kind": "ledger.weigh", "item": "wire", "step": True, "source": "the camera"},
        {"kind": "ledger.weigh", "item": "wire", "step": 8, "source": ["the camera"]},
        {"kind": "ledger.weigh", "item": "wire", "step": 8, "source": "gone"},
        {"kind": "ledger.start", "step": 10},
        {"kind": "ledger.start", "step": "7"},
    ],
)
def test_events_that_make_no_sense_are_passed_over(event):
    state = LedgerState(SMALL, print, past=[{"ledger": "l", **event}])
    assert state.weights == {} and state.start is None


# files


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: _ledger(_piece("a")), "two pieces"),
        (lambda: _ledger(_piece("a"), _piece("a")), "'a' twice"),
        (lambda: _ledger(_piece("a"), _piece("b", opinions=VIEWS[:1])), "opinion of each"),
        (lambda: _ledger(_piece("a"), _piece("b", opinions=(Opinion(99, "x"), VIEWS[0]))), "on the scale"),
        (lambda: _ledger(_piece("a"), _piece("b"), claim=" "), "empty text"),
        (lambda: _ledger(_piece("a"), _piece("b"), experts=(EXPERTS[0], Expert("R", 0, "x"))), "off the scale"),
    ],
)
def test_a_ledger_that_cannot_be_weighed_is_named(make, words):
    with pytest.raises(ValueError, match=words):
        make()


@pytest.mark.parametrize("text", ["", "ledger = 3", "[[ledger]]\nid = 'x'", "[["])
def test_a_file_that_holds_none_is_named(tmp_path, text):
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"mine\.toml must hold"):
        load_ledgers(path)


def test_the_case_of_the_ferry_agrees_with_the_story_it_is_taken_from():
    """The same pieces; and what goes back to one source there does so here."""
    story = tomllib.loads((data_folder() / "web" / "stories" / "c.toml").read_text(encoding="utf-8"))
    there = {one["id"]: one for one in story["evidence"]}
    assert {one.key for one in FERRY.evidence} == set(there)
    pairs = {(there[one.key]["root"], one.source) for one in FERRY.evidence}
    assert len(pairs) == len(FERRY.sources) == len({root for root, _ in pairs})


def test_the_experts_of_the_ferry_differ_and_end_on_one_side():
    state = LedgerState(FERRY, print)
    first, second = state.expert(0), state.expert(1)
    assert first > 10 * second and second > 1000
    assert any(one.opinions[0].step != one.opinions[1].step for one in FERRY.evidence)
    by_key = {one.key: one for one in FERRY.evidence}
    assert {view.step for view in by_key["no-credentials"].opinions} == {EVEN}
