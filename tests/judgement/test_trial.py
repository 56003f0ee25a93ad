from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from course.judgement.form import Form, balanced_order
from course.judgement.trial import Progress, Trial, TrialResult

ITEMS = tuple(f"item-{number:02}" for number in range(24))
FORM = Form("a", ITEMS, "Form A")
TRUTH = {item: ("camera", "generated")[number % 2] for number, item in enumerate(ITEMS)}
KINDS = {item: ("clip", "still")[number // 2 % 2] for number, item in enumerate(ITEMS)}


class Disk:
    """A place to save in that can be told to fail."""

    def __init__(self):
        self.events = []
        self.broken = False

    def save(self, event):
        if self.broken:
            raise OSError("the disk is full")
        self.events.append(dict(event))


@pytest.fixture
def disk():
    return Disk()


def trial_on(disk, **more):
    return Trial(FORM, TRUTH, KINDS, disk.save, past=list(disk.events), **more)


def answer_all(trial, verdict=None, confidence=80):
    while not trial.finished:
        trial.answer(verdict or TRUTH[trial.current], confidence, "Who posted it first?", 4.26)


def shown(trial):
    """All that a learner could see of a trial."""
    return (
        trial.started,
        trial.attempt,
        trial.seed,
        trial.order,
        trial.current,
        trial.position,
        trial.progress,
        trial.paused,
        trial.finished,
        trial.answers,
    )


# A trial, from the beginning to the end


def test_nothing_is_shown_or_saved_before_the_start(disk):
    trial = trial_on(disk)
    assert not trial.started and not trial.finished and trial.current is None and trial.position is None
    assert trial.order == () and trial.attempt == 0 and trial.progress == (0, 24)
    assert disk.events == []


def test_a_start_is_saved_with_its_seed_and_order(disk):
    trial = trial_on(disk, seed=7)
    trial.start()
    order = balanced_order(ITEMS, TRUTH, KINDS, 7)
    assert trial.order == order and trial.current == order[0] and trial.position == 0
    assert disk.events == [{"kind": "trial.begin", "form": "a", "attempt": 1, "seed": 7, "order": list(order)}]


def test_an_answer_is_saved_whole_and_the_trial_moves_on(disk):
    trial = trial_on(disk, seed=7)
    trial.start()
    item = trial.current
    trial.answer("camera", 75, "An earlier copy?", 3.14159, item=item)
    assert disk.events[-1] == {
        "kind": "trial.answer",
        "form": "a",
        "attempt": 1,
        "seed": 7,
        "position": 0,
        "item": item,
        "verdict": "camera",
        "confidence": 75,
        "next_check": "An earlier copy?",
        "seconds": 3.1,
        "truth": TRUTH[item],
    }
    assert trial.current == trial.order[1] and trial.progress == Progress(1, 24)


def test_seeds_are_drawn_when_none_is_given():
    seeds = set()
    for _ in range(20):
        trial = trial_on(Disk())
        trial.start()
        seeds.add(trial.seed)
    assert len(seeds) == 20


def test_what_cannot_be_saved_has_not_happened(disk):
    trial = trial_on(disk, seed=7)
    told = []
    trial.observe(told.append)
    disk.broken = True
    with pytest.raises(OSError, match="full"):
        trial.start()
    assert not trial.started
    disk.broken = False
    trial.start()
    disk.broken = True
    before = shown(trial)
    for act in (lambda: trial.answer("camera", 60), trial.pause):
        with pytest.raises(OSError, match="full"):
            act()
        assert shown(trial) == before
    assert told == [trial]
    disk.broken = False
    trial.answer("camera", 60)
    assert trial.progress.done == 1


def test_it_is_saved_before_anyone_is_told(disk):
    trial = trial_on(disk, seed=7)
    seen = []
    trial.observe(lambda each: seen.append((len(disk.events), each.progress.done)))
    trial.start()
    trial.answer("camera", 60)
    assert seen == [(1, 0), (2, 1)]


@pytest.mark.parametrize(
    "answer",
    [
        ("fake", 80),
        (None, 80),
        ("camera", 49),
        ("camera", 101),
        ("camera", "80"),
        ("camera", float("nan")),
        ("camera", 80, 5),
        ("camera", 80, None),
        ("camera", 80, "", -1),
        ("camera", 80, "", "3"),
        ("camera", 80, "", float("inf")),
    ],
)
def test_a_bad_answer_is_refused_in_a_sentence_and_not_saved(disk, answer):
    trial = trial_on(disk, seed=7)
    trial.start()
    before = shown(trial), list(disk.events)
    with pytest.raises(ValueError, match=r"^[A-Z].*\.$"):
        trial.answer(*answer)
    assert (shown(trial), disk.events) == before


def test_a_second_click_answers_nothing(disk):
    trial = trial_on(disk, seed=7)
    trial.start()
    seen = trial.current
    trial.answer("camera", 80, item=seen)
    with pytest.raises(ValueError, match="judged already"):
        trial.answer("camera", 80, item=seen)
    assert trial.progress.done == 1


def test_steps_out_of_turn_are_refused(disk):
    trial = trial_on(disk, seed=7)
    for act in (lambda: trial.answer("camera", 80), trial.pause, trial.resume, trial.again, trial.result):
        with pytest.raises(ValueError):
            act()
    trial.start()
    for act in (trial.start, trial.resume, trial.again, trial.result):
        with pytest.raises(ValueError):
            act()
    answer_all(trial)
    for act in (trial.start, trial.pause, trial.resume, lambda: trial.answer("camera", 80)):
        with pytest.raises(ValueError):
            act()
    assert len(disk.events) == 25


def test_a_break_is_saved_and_survives(disk):
    trial = trial_on(disk)
    trial.start()
    trial.answer("camera", 80)
    trial.pause()
    with pytest.raises(ValueError, match="paused"):
        trial.answer("camera", 80)
    later = trial_on(disk)
    assert later.paused and shown(later) == shown(trial)
    later.resume()
    later.answer("camera", 80)
    assert [event["kind"].removeprefix("trial.") for event in disk.events] == [
        "begin",
        "answer",
        "pause",
        "resume",
        "answer",
    ]
    assert not trial_on(disk).paused


# Truth


def test_no_truth_is_to_be_had_for_an_item_that_is_not_judged(disk):
    trial = trial_on(disk, seed=7)
    trial.start()
    for done in range(24):
        public = {name: getattr(trial, name) for name in dir(trial) if not name.startswith("_")}
        assert [answer.item for answer in public.pop("answers")] == list(trial.order[:done])
        values = repr([value for value in public.values() if not callable(value)])
        assert "camera" not in values and "generated" not in values
        trial.answer("camera", 50)
    begin = disk.events[0]
    assert "camera" not in repr(begin) and "generated" not in repr(begin)


# Taking up again


def test_a_trial_is_taken_up_at_every_point(disk):
    trial = trial_on(disk)
    assert shown(trial_on(disk)) == shown(trial)
    trial.start()
    while not trial.finished:
        assert shown(trial_on(disk)) == shown(trial)
        trial.answer(TRUTH[trial.current], 90)
    again = trial_on(disk)
    assert shown(again) == shown(trial) and again.result() == trial.result()


def test_other_forms_and_other_kinds_are_none_of_its_business(disk):
    disk.events = [
        {"kind": "question.answer", "question": "pan", "option": 1},
        {"kind": "trial.begin", "form": "b", "attempt": 1, "seed": 3, "order": list(ITEMS)},
        {"kind": "trial.answer", "form": "b", "attempt": 1, "seed": 3, "item": ITEMS[0]},
        {"kind": "record.begin"},
        {},
    ]
    assert not trial_on(disk).started


def test_the_first_answer_to_an_item_stands(disk):
    trial = trial_on(disk)
    trial.start()
    trial.answer("camera", 90)
    disk.events.append(disk.events[-1] | {"verdict": "generated", "confidence": 60})
    assert trial_on(disk).answers == trial.answers


def test_another_attempt_has_another_order_and_leaves_the_first_alone(disk):
    trial = trial_on(disk, seed=7)
    trial.start()
    answer_all(trial)
    first_order = trial.order
    trial.again()
    assert trial.attempt == 2 and trial.seed == 8 and trial.progress.done == 0
    assert trial.order != first_order and trial.answers == ()
    trial.answer("generated", 55)
    later = trial_on(disk)
    assert shown(later) == shown(trial)
    answer_all(later, "generated")
    assert later.result().attempt == 2 and later.result().signal.camera_accepted == 0


def test_two_machines_that_each_began_a_first_attempt_are_told_apart(disk):
    here, there = Disk(), Disk()
    first, second = trial_on(here, seed=1), trial_on(there, seed=2)
    first.start()
    second.start()
    first.answer("camera", 60)
    second.answer("generated", 70)
    disk.events = here.events + there.events  # as a restored record gives them
    merged = trial_on(disk)
    assert shown(merged)[2:] == shown(second)[2:]
    answer_all(merged)
    merged.again()
    assert merged.attempt == 2


def test_an_attempt_with_other_items_is_left_in_peace(disk):
    disk.events = [
        {"kind": "trial.begin", "form": "a", "attempt": 4, "seed": 1, "order": ["gone", "too"]},
        {
            "kind": "trial.answer",
            "form": "a",
            "attempt": 4,
            "seed": 1,
            "item": ITEMS[0],
            "verdict": "camera",
            "confidence": 70,
            "next_check": "",
            "seconds": None,
        },
    ]
    trial = trial_on(disk)
    assert not trial.started
    trial.start()
    assert trial.attempt == 5


@pytest.mark.parametrize("lost", range(6))
def test_a_lost_line_costs_that_line_alone(disk, lost):
    trial = trial_on(disk, seed=7)
    trial.start()
    for _ in range(5):
        trial.answer("camera", 70)
    gone = disk.events.pop(lost)
    later = trial_on(disk)
    assert later.order == trial.order and later.attempt == 1
    assert {answer.item for answer in later.answers} == set(trial.order[:5]) - {gone.get("item")}
    answer_all(later)
    assert later.progress.done == 24 and later.finished


junk = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.lists(st.text(max_size=3))
sensible = {
    "kind": st.sampled_from(["trial.begin", "trial.answer", "trial.pause", "trial.resume", "x"]),
    "form": st.sampled_from(["a", "b"]),
    "attempt": st.integers(0, 3),
    "seed": st.integers(0, 3),
    "order": st.permutations(ITEMS).map(list),
    "item": st.sampled_from(ITEMS),
    "verdict": st.sampled_from(["camera", "generated"]),
    "confidence": st.integers(50, 100),
    "next_check": st.text(max_size=5),
    "seconds": st.none() | st.floats(0, 100),
}
strange = st.fixed_dictionaries({}, optional={name: value | junk for name, value in sensible.items()})


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(strange, max_size=20))
def test_no_past_whatever_keeps_a_trial_from_going_on(past):
    disk = Disk()
    trial = Trial(FORM, TRUTH, KINDS, disk.save, past=past)
    if not trial.started:
        trial.start()
    if trial.paused:
        trial.resume()
    answer_all(trial)
    assert isinstance(trial.result(), TrialResult)


# The result


def test_a_result_by_hand(disk):
    """Everything called camera at 80 %: 12 right, 12 wrong."""
    trial = trial_on(disk, seed=7)
    trial.start()
    answer_all(trial, "camera", 80)
    result = trial.result()
    assert (result.signal.hits, result.signal.misses) == (0, 12)
    assert (result.signal.false_alarms, result.signal.correct_rejections) == (0, 12)
    assert result.signal.d_prime == 0 and result.camera_accepted == 1
    assert result.brier == pytest.approx((12 * 0.2**2 + 12 * 0.8**2) / 24)
    assert result.overconfidence.value == pytest.approx(0.3)
    assert [(group.count, group.share_correct) for group in result.calibration] == [(24, 0.5)]
    assert {kind: (s.misses, s.correct_rejections) for kind, s in result.by_kind.items()} == {
        "clip": (6, 6),
        "still": (6, 6),
    }
    assert [answer.item for answer in result.answers] == list(trial.order)
    assert all(answer.correct == (answer.truth == "camera") for answer in result.answers)
    assert result.answers[0].seconds == 4.3 and result.answers[0].next_check == "Who posted it first?"


def test_there_is_no_result_before_the_end(disk):
    trial = trial_on(disk)
    trial.start()
    trial.answer("camera", 80)
    with pytest.raises(ValueError, match="all 24 items have been judged; 1 are done"):
        trial.result()


@pytest.mark.parametrize("truth", [{}, {**TRUTH, ITEMS[3]: "fake"}])
def test_every_item_needs_a_known_origin(truth):
    with pytest.raises(ValueError, match="'camera' or 'generated'"):
        Trial(FORM, truth, KINDS, print)


def test_every_item_needs_a_kind():
    with pytest.raises(ValueError, match="no kind"):
        Trial(FORM, TRUTH, {}, print)


# Two hundred steps of anything


ACTIONS = [
    "start",
    "answer",
    "answer",
    "answer",
    "answer",
    "bad",
    "pause",
    "resume",
    "again",
    "result",
    "reload",
    "disk",
]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32))
def test_two_hundred_random_steps_lose_no_saved_answer(seed):
    chance, disk = Random(seed), Disk()
    trial = trial_on(disk, seed=seed)
    for _ in range(200):
        action = chance.choice(ACTIONS)
        before, saved = shown(trial), len(disk.events)
        try:
            match action:
                case "answer":
                    trial.answer(chance.choice(["camera", "generated"]), chance.randint(50, 100), "?")
                case "bad":
                    trial.answer(chance.choice(["camera", "real"]), chance.choice([0, 101]))
                case "reload":
                    trial = trial_on(disk, seed=seed)
                    assert shown(trial) == before
                case "disk":
                    disk.broken = not disk.broken
                case _:
                    getattr(trial, action)()
        except (ValueError, OSError):
            assert shown(trial) == before and len(disk.events) == saved
        answers = [event for event in disk.events if event["kind"] == "trial.answer"]
        mine = [event["item"] for event in answers if event["attempt"] == trial.attempt]
        assert mine == [answer.item for answer in trial.answers]
        assert len(answers) == 24 * max(trial.attempt - 1, 0) + trial.progress.done


@pytest.mark.parametrize(("camera", "even"), [(0, False), (3, False), (4, True), (6, True), (7, False), (10, False)])
def test_a_trial_knows_whether_about_half_come_from_a_camera(camera, even):
    names = tuple(f"i{n}" for n in range(10))
    truth = {name: "camera" if n < camera else "generated" for n, name in enumerate(names)}
    trial = Trial(Form("f", names, "F"), truth, dict.fromkeys(names, "still"), lambda event: None, seed=1)
    assert trial.even == even
