import random

import pytest

from course import judgement

BALL = judgement.Subject("ball", "the ball", first=12, last=129, wide=320, high=240)


def _marking(saved, past=()):
    return judgement.Marking(BALL, saved.append, past)


def test_marks_are_saved_at_once_and_in_the_order_of_the_frames():
    saved = []
    marking = _marking(saved)
    seen = []
    marking.observe(lambda model: seen.append(len(model.marks)))
    marking.mark(38, 124.456, 55, 12)
    marking.mark(12, 101, 94, 11.5)
    assert [tuple(mark) for mark in marking.marks] == [(12, 101, 94, 11.5), (38, 124.46, 55, 12)]
    assert saved[0] == {"kind": "marking.set", "marking": "ball", "frame": 38, "x": 124.46, "y": 55.0, "width": 12.0}
    assert seen == [1, 2]


def test_a_frame_has_one_mark_and_it_can_be_taken_away():
    saved = []
    marking = _marking(saved)
    marking.mark(20, 100, 80, 12)
    marking.mark(20, 102, 81, 13)
    assert [tuple(mark) for mark in marking.marks] == [(20, 102, 81, 13)]
    marking.remove(20)
    assert marking.marks == ()
    with pytest.raises(ValueError, match="no mark in this frame"):
        marking.remove(20)
    assert [event["kind"] for event in saved] == ["marking.set", "marking.set", "marking.remove"]


def test_enough_is_eight_and_to_begin_anew_is_possible():
    saved = []
    marking = _marking(saved)
    marking.clear()
    assert saved == []  # without a mark there is nothing to say
    for frame in range(12, 20):
        assert not marking.enough
        marking.mark(frame, 100, 80, 12)
    assert marking.enough
    marking.clear()
    assert marking.marks == () and saved[-1] == {"kind": "marking.clear", "marking": "ball"}
    assert _marking([], past=saved).marks == ()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((11, 1, 1, 5), "Mark the ball while it flies: in frames 13 to 130"),
        ((130, 1, 1, 5), "in frames 13 to 130"),
        ((20.0, 1, 1, 5), "in frames 13 to 130"),
        ((True, 1, 1, 5), "in frames 13 to 130"),
        ((20, -1, 1, 5), "inside the picture"),
        ((20, 1, 241, 5), "inside the picture"),
        ((20, float("nan"), 1, 5), "inside the picture"),
        ((20, "1", 1, 5), "inside the picture"),
        ((20, None, 1, 5), "inside the picture"),
        ((20, 10**400, 1, 5), "inside the picture"),
        ((20, 1, 1, 0), "1 pixel wide or more"),
        ((20, 1, 1, 400), "fit into the picture"),
        ((20, 1, 1, float("inf")), "1 pixel wide or more"),
    ],
)
def test_what_is_no_mark_is_refused_and_nothing_is_saved(arguments, words):
    saved = []
    marking = _marking(saved)
    with pytest.raises(ValueError, match=words):
        marking.mark(*arguments)
    assert saved == [] and marking.marks == ()


def test_what_could_not_be_saved_did_not_happen():
    saved = []
    marking = _marking(saved)
    marking.mark(20, 100, 80, 12)

    def full(_event):
        raise OSError("The disk is full.")

    marking._save = full
    for act in (lambda: marking.mark(21, 1, 1, 5), lambda: marking.remove(20), marking.clear):
        with pytest.raises(OSError, match="full"):
            act()
    assert [mark.frame for mark in marking.marks] == [20]


def test_what_makes_no_sense_in_the_record_is_passed_over():
    past = [
        {"kind": "marking.set", "marking": "ball", "frame": 20, "x": 100, "y": 80, "width": 12},
        {"kind": "marking.set", "marking": "ball", "frame": 500, "x": 100, "y": 80, "width": 12},
        {"kind": "marking.set", "marking": "ball", "frame": "20", "x": 100, "y": 80, "width": 12},
        {"kind": "marking.set", "marking": "ball", "frame": 21},
        {"kind": "marking.set", "marking": "other", "frame": 22, "x": 100, "y": 80, "width": 12},
        {"kind": "marking.remove", "marking": "ball", "frame": [20]},
        {"kind": "marking.remove", "marking": "ball", "frame": 90},
        {"kind": "question.answer", "marking": ["ball"]},
        {"kind": None, "marking": "ball"},
        {},
    ]
    assert [mark.frame for mark in _marking([], past).marks] == [20]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"id": " "}, "an id"),
        ({"thing": ""}, "an id and a name"),
        ({"first": 5, "last": 4}, "frames in order"),
        ({"first": -1}, "frames in order"),
        ({"wide": 0}, "must have a size"),
        ({"wanted": 0}, "wanted must be"),
        ({"first": 1, "last": 3}, "wanted must be"),
    ],
)
def test_a_subject_that_cannot_be_marked_is_refused(change, words):
    fields = {"id": "a", "thing": "the a", "first": 0, "last": 20, "wide": 10, "high": 10, **change}
    with pytest.raises(ValueError, match=words):
        judgement.Subject(**fields)


@pytest.mark.parametrize("seed", range(8))
def test_two_hundred_random_acts_never_lose_a_mark(seed):
    rng = random.Random(seed)
    junk = (None, "x", -3, 1e99, float("nan"), float("inf"), True, [], {}, 10**400, 12, 129, 130, 60.5)
    saved, broken = [], [False]

    def save(event):
        if broken[0]:
            raise OSError("The disk is full.")
        saved.append(event)

    marking, wanted = judgement.Marking(BALL, save), {}
    for _ in range(200):
        broken[0] = rng.random() < 0.1
        before = marking.marks
        frame = rng.choice(junk) if rng.random() < 0.2 else rng.randrange(8, 134)
        rest = [rng.choice(junk) if rng.random() < 0.15 else rng.uniform(-5, 260) for _ in range(3)]
        act = rng.random()
        try:
            if act < 0.7:
                marking.mark(frame, *rest)
                wanted[frame] = rest
            elif act < 0.97:
                marking.remove(frame)
                del wanted[frame]
            else:
                marking.clear()
                wanted.clear()
        except (ValueError, OSError) as problem:
            assert str(problem).endswith(".") and "\n" not in str(problem)
            assert marking.marks == before
        assert [mark.frame for mark in marking.marks] == sorted(wanted)
        assert all(tuple(mark[1:]) == pytest.approx(tuple(wanted[mark.frame]), abs=0.006) for mark in marking.marks)
        if rng.random() < 0.1:  # the kernel is restarted
            again = judgement.Marking(BALL, save, past=saved)
            assert again.marks == marking.marks
            marking = again
