from random import Random

import pytest

from course.judgement import Agreement, Annotation, AnnotationSet, Box, Form, Region

FORM = Form("t", ("cat", "sea", "car", "hat"), "Four")
TRUTH = {"cat": "generated", "sea": "camera", "car": "generated", "hat": "camera"}
REGIONS = {
    "cat": [Region(Box(0.5, 0.5, 0.4, 0.4), "anatomy"), Region(Box(0.0, 0.0, 0.2, 0.2), "style")],
    "hat": [Region(Box(0.1, 0.1, 0.3, 0.3), "style")],
}
FAMILIES = ("anatomy", "style", "function")


def marks(saved, past=(), seed=3, save=None):
    return AnnotationSet(FORM, TRUTH, REGIONS, FAMILIES, save or saved.append, past, seed)


# boxes


def test_overlap_by_hand():
    assert Box(0, 0, 0.5, 0.5).overlap(Box(0, 0, 0.5, 0.5)) == 1
    assert Box(0, 0, 0.5, 0.5).overlap(Box(0.5, 0, 0.5, 0.5)) == 0
    assert Box(0, 0, 0.25, 0.25).overlap(Box(0.75, 0.75, 0.25, 0.25)) == 0
    # a quarter of each is shared: 1 of 4 + 4 - 1 parts
    assert Box(0, 0, 0.5, 0.5).overlap(Box(0.25, 0.25, 0.5, 0.5)) == pytest.approx(1 / 7)
    assert Box(0, 0, 0.5, 0.5).overlap(Box(0.125, 0.125, 0.25, 0.25)) == 0.25


def test_overlap_is_the_same_both_ways_and_under_mirrors():
    draw = Random(4).random
    for _ in range(200):
        x, y, u, v = (draw() * 0.6 for _ in range(4))
        a, b = Box(x, y, 0.05 + draw() * 0.3, 0.05 + draw() * 0.3), Box(u, v, 0.05 + draw() * 0.3, 0.05 + draw() * 0.3)
        mirrored = [Box(1 - one.x - one.width, one.y, one.width, one.height) for one in (a, b)]
        assert a.overlap(b) == pytest.approx(b.overlap(a))
        assert 0 <= a.overlap(b) <= 1
        assert mirrored[0].overlap(mirrored[1]) == pytest.approx(a.overlap(b))
        assert mirrored[0].centre_in(mirrored[1]) is a.centre_in(b)


NO_BOXES = [
    "here",
    "abcd",
    7,
    True,
    [],
    [0.1, 0.1, 0.2],
    [0.1, 0.1, 0.2, "0.2"],
    [0.1, 0.1, 0.2, None],
    [0.1, 0.1, float("nan"), 0.2],
    [0.1, 0.1, float("inf"), 0.2],
    [0.1, 0.1, 10**400, 0.2],
    [-0.1, 0.1, 0.2, 0.2],
    [0.9, 0.1, 0.2, 0.2],
    [0.1, 0.9, 0.2, 0.2],
    [0.1, 0.1, 0.01, 0.2],
    [0.1, 0.1, 0.2, -0.2],
    [0.0, 0.0, 1.0, 0.6],
    {"x": 0.1, "y": 0.1, "width": 0.1, "height": 0.1},
]


@pytest.mark.parametrize("value", NO_BOXES, ids=repr)
def test_what_is_no_box_is_refused_in_a_sentence(value):
    with pytest.raises(ValueError, match=r"^[A-Z].*\.$"):
        Box.of(value)


def test_a_box_at_the_edge_is_one():
    assert Box.of((0.5, 0.5, 0.5, 0.5)) == (0.5, 0.5, 0.5, 0.5)
    assert Box.of([0.98, 0.98, 0.02, 0.02]) == (0.98, 0.98, 0.02, 0.02)
    assert Box.of([0.1, 0.2, 0.30001, 0.4]).width == 0.3


# comparing


def test_of_several_regions_the_one_that_is_met_counts():
    given = Annotation("cat", Box(0.02, 0.02, 0.1, 0.1), "style", 70)
    assert given.agreement(REGIONS["cat"]) == Agreement(1, pytest.approx(0.25), True, True)
    wrong = Annotation("cat", Box(0.02, 0.02, 0.1, 0.1), "anatomy", 70).agreement(REGIONS["cat"])
    assert (wrong.region, wrong.same_place, wrong.family) == (1, True, False)


def test_equal_boxes_of_two_families_count_for_the_one_that_was_named():
    box = Box(0.5, 0.5, 0.25, 0.25)
    both = [Region(box, "anatomy"), Region(box, "style")]
    assert Annotation("cat", box, "style", 70).agreement(both) == Agreement(1, 1, True, True)


def test_a_box_that_is_off_the_middle_but_shares_half_is_the_same_place():
    ours = [Region(Box(0.5, 0.5, 0.2, 0.2), "style")]
    beside = Annotation("cat", Box(0.3, 0.5, 0.2, 0.2), "style", 70)
    assert beside.outcome(ours) == "other place"
    assert Annotation("cat", Box(0.45, 0.45, 0.3, 0.3), "style", 70).outcome(ours) == "same place"


@pytest.mark.parametrize(
    ("box", "regions", "outcome"),
    [
        (None, [], "nothing"),
        (None, REGIONS["cat"], "passed over"),
        (Box(0.6, 0.6, 0.1, 0.1), [], "yours alone"),
        (Box(0.6, 0.6, 0.1, 0.1), REGIONS["cat"], "same place"),
        (Box(0.3, 0.1, 0.1, 0.1), REGIONS["cat"], "other place"),
    ],
)
def test_five_things_can_happen(box, regions, outcome):
    given = Annotation("cat", box, "style" if box else None, 60)
    assert given.outcome(regions) == outcome
    assert (given.agreement(regions) is None) is (box is None or not regions)


# the set


def test_before_the_start_there_is_nothing_to_answer():
    model = marks([])
    assert (model.started, model.current, model.order, model.progress) == (False, None, (), (0, 4))
    with pytest.raises(ValueError, match="Press start first"):
        model.answer("cat", None, None, 70)


def test_an_answer_is_saved_before_it_counts():
    def full(event):
        if event["kind"] == "annotation.answer":
            raise OSError("disk full")

    model = marks([], save=full)
    model.start()
    with pytest.raises(OSError, match="disk full"):
        model.answer(model.current, None, None, 70)
    assert model.progress.done == 0 and model.answers == ()


def test_what_is_saved_is_plain_and_says_what_happened():
    saved = []
    model = marks(saved)
    model.start()
    model.answer("hat", (0.1, 0.1, 0.3, 0.3), "function", 90)
    assert saved[0] == {"kind": "annotation.begin", "set": "t", "seed": 3, "order": list(model.order)}
    assert saved[1] == {
        "kind": "annotation.answer",
        "set": "t",
        "item": "hat",
        "position": model.order.index("hat"),
        "box": [0.1, 0.1, 0.3, 0.3],
        "family": "function",
        "confidence": 90,
        "outcome": "same place",
    }


def test_nothing_is_told_of_a_picture_without_an_answer():
    model = marks([])
    model.start()
    for ask in (model.origin, model.regions):
        with pytest.raises(ValueError, match="no answer yet"):
            ask("cat")
    model.answer("cat", None, None, 60)
    assert model.origin("cat") == "generated" and model.regions("cat") == tuple(REGIONS["cat"])


@pytest.mark.parametrize(
    "wrong",
    [
        ("dog", None, None, 70),
        (None, None, None, 70),
        (["cat"], None, None, 70),
        ("cat", (0.1, 0.1, 0.2, 0.2), None, 70),
        ("cat", (0.1, 0.1, 0.2, 0.2), "magic", 70),
        ("cat", (0.1, 0.1, 0.2, 0.2), ["style"], 70),
        ("cat", None, "style", 70),
        ("cat", None, None, 40),
        ("cat", None, None, "very"),
        ("cat", None, None, None),
        ("cat", "box", "style", 70),
    ],
    ids=repr,
)
def test_nonsense_is_refused_and_not_saved(wrong):
    saved = []
    model = marks(saved)
    model.start()
    with pytest.raises(ValueError, match=r"[A-Za-z].*"):
        model.answer(*wrong)
    assert len(saved) == 1 and model.progress.done == 0


def test_it_is_taken_up_with_its_order_and_answers():
    saved = []
    model = marks(saved)
    model.start()
    model.answer(model.order[0], None, None, 60)
    model.answer(model.order[2], (0.1, 0.1, 0.2, 0.2), "style", 80)
    again = marks([], past=saved, seed=99)
    assert again.order == model.order and again.answers == model.answers
    assert again.current == model.order[1]
    with pytest.raises(ValueError, match="begun already"):
        again.start()
    with pytest.raises(ValueError, match="its answer already"):
        again.answer(model.order[0], None, None, 60)


def test_the_order_is_mixed_by_the_seed():
    orders = set()
    for seed in range(12):
        model = marks([], seed=seed)
        model.start()
        orders.add(model.order)
        assert sorted(model.order) == sorted(FORM.items)
    assert len(orders) > 3


@pytest.mark.parametrize(
    "event",
    [
        {"kind": "annotation.answer", "set": "t", "item": "cat", "box": "?", "family": "style", "confidence": 70},
        {"kind": "annotation.answer", "set": "t", "item": "cat", "box": None, "family": None},
        {"kind": "annotation.answer", "set": "t", "item": ["cat"], "box": None, "family": None, "confidence": 70},
        {"kind": "annotation.answer", "set": "u", "item": "cat", "box": None, "family": None, "confidence": 70},
        {"kind": "annotation.answer", "set": "t", "item": "cat", "box": [0.1] * 4, "family": "old", "confidence": 70},
        {"kind": "annotation.begin", "set": "t", "order": ["cat", "sea"]},
        {"kind": "annotation.begin", "set": "t", "order": [1, None, "cat"]},
        {"kind": "annotation.begin", "set": "t"},
        {"kind": "trial.answer", "item": "cat"},
        {},
    ],
    ids=repr,
)
def test_what_makes_no_sense_in_a_record_is_passed_over(event):
    saved = []
    model = marks(saved)
    model.start()
    again = marks([], past=[event, *saved, event])
    assert again.order == model.order and again.answers == ()


def test_of_two_merged_records_the_first_answer_stands():
    saved = []
    model = marks(saved)
    model.start()
    model.answer("cat", None, None, 60)
    other = {**saved[1], "box": [0.5, 0.5, 0.2, 0.2], "family": "anatomy"}
    assert marks([], past=[*saved, other]).given("cat").box is None


def test_who_watches_is_told_after_each_change():
    seen = []
    model = marks([])
    model.observe(lambda one: seen.append(one.progress.done))
    model.start()
    model.answer("cat", None, None, 60)
    assert seen == [0, 1]


JUNK = [
    None,
    True,
    "",
    "cat",
    -1,
    3.5,
    float("nan"),
    [],
    [0.1] * 4,
    (0.2, 0.2, 0.3, 0.3),
    {},
    b"x",
    10**30,
    70,
    "style",
]


@pytest.mark.parametrize("seed", range(6))
def test_two_hundred_random_acts_lose_nothing_and_raise_only_sentences(seed):
    random = Random(seed)
    saved = []
    model = marks(saved, seed=seed)
    for _ in range(200):
        before = model.answers
        act = random.random()
        try:
            if act < 0.1:
                model.start()
            elif act < 0.2:
                model = marks(saved, past=list(saved), seed=random.randrange(99))
            elif act < 0.3:
                model.outcome(model.answers[0].item) if model.answers else model.regions("cat")
            elif act < 0.4 and model.current:
                box = random.choice([None, (random.random() * 0.6, random.random() * 0.6, 0.2, 0.2)])
                model.answer(model.current, box, random.choice(FAMILIES) if box else None, random.randrange(50, 101))
            else:
                model.answer(*(random.choice(JUNK) for _ in range(4)))
        except ValueError as problem:
            assert str(problem).strip() and "\n" not in str(problem)
        assert set(before) <= set(model.answers)
    assert marks([], past=saved).answers == model.answers
