import json
import re
import time
import tomllib
from collections import Counter
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from course import diffusion, judgement, media, record
from course.diffusion import sixteen
from course.judgement import order_of_forms
from course.lessons import how_sharp_are_your_eyes as lesson
from course.lessons.achievements import achievements
from course.lessons.lesson import LessonError, free_items
from course.lessons.trial_forms import form_order, load_form
from course.media import own


def _say(view, **message):
    view._said(view, message, [])


def _take(view, judge):
    """Take the whole form through the view's own messages; ``judge`` gives verdict and confidence for an item."""
    _say(view, type="go")
    while view.state["phase"] == "asking":
        verdict, confidence = judge(media.catalogue()[view._trial.current])
        _say(
            view,
            type="answer",
            position=view.state["position"],
            verdict=verdict,
            confidence=confidence,
            check="poster",
            seconds=2.0,
        )
        assert view.state["trouble"] == ""


def test_before_the_trial_the_results_say_what_to_do():
    for show in (lesson.results, lesson.calibration, lesson.answers, lambda: lesson.look_again(1)):
        assert "You have judged 0 of 24" in repr(show())


def test_results_of_a_perfect_judge(log):
    _take(lesson.trial(), lambda item: (item.origin, 100))
    words = repr(lesson.results())
    assert "You believed 12 of 12 camera items, and caught 12 of 12 generated ones." in words
    perfect = judgement.SignalDetection(12, 0, 0, 12)
    assert f"d' = {perfect.d_prime:.1f}" in words
    assert "no clear lean" in words
    assert "You: 100%" in repr(lesson.beside_others())
    assert "0 points" in repr(lesson.calibration())
    assert repr(lesson.answers()) == "24 of 24 right."


def test_results_of_a_cynic_name_the_dearer_mistake(log):
    lesson.guess().choose("21")
    _take(lesson.trial(), lambda item: ("generated", 90))
    words = repr(lesson.results())
    assert "You believed 0 of 12 camera items, and caught 12 of 12" in words
    assert "You called 12 real items generated." in words
    assert "You expected 21 right. It was 12." in words
    assert "d' = 0.0" in words
    assert "40 points more sure than right" in repr(lesson.calibration())


def test_the_trial_is_taken_up_where_it_was_left(log):
    view = lesson.trial()
    _say(view, type="go")
    for _ in range(5):
        _say(
            view,
            type="answer",
            position=view.state["position"],
            verdict="camera",
            confidence=60,
            check="file",
            seconds=1,
        )
    order = log.events("trial.begin")[0].data["order"]
    again = lesson.trial()
    assert again.state["phase"] == "paused"
    assert again.state["saved"] == 5
    _say(again, type="go")
    assert again._trial.current == order[5]


def test_the_notebook_says_what_a_form_holds():
    text = (ROOT / "notebooks" / "01-how-sharp-are-your-eyes.ipynb").read_text(encoding="utf-8")
    for name in ("a2", "b2", "c2"):
        items = [media.catalogue()[one] for one in load_form(name).items]
        counts = Counter((item.kind, item.origin) for item in items)
        assert counts == {("clip", o): 4 for o in ("camera", "generated")} | {
            ("still", o): 8 for o in ("camera", "generated")
        }
    assert "24 items, 8 clips and 16 stills, one at a time" in text
    assert len(lesson.checks()) >= 5


# whose form comes first


def _code_for(first):
    return next(code for code in (f"heron-{n}-birch" for n in range(99)) if order_of_forms(code).first == first)


@pytest.mark.parametrize("first", ["a2", "b2"])
def test_the_record_decides_which_form_comes_first(first, monkeypatch, log):
    monkeypatch.setattr(type(log), "code", property(lambda self: _code_for(first)))
    assert lesson.trial_model().form.name == first
    lesson.guess().choose("21")
    _take(lesson.trial(), lambda item: (item.origin, 90))
    assert log.events("trial.begin")[0].data["form"] == first
    assert log.events("trial.guess")[0].data["form"] == first
    assert "You expected 21 right. It was 24." in repr(lesson.results())
    # The other form is another trial.
    other = {"a2": "b2", "b2": "a2"}[first]
    assert "You have judged 0 of 24" in repr(lesson.results(other))
    assert "You have judged 0 of 24" in repr(lesson.results("c2"))


@pytest.mark.parametrize("first", ["a2", "b2"])
def test_the_title_above_a_trial_belongs_to_its_place_and_not_to_its_form(first, monkeypatch, log):
    """“Now?” would make no sense above the first trial of somebody who has b2 first."""
    monkeypatch.setattr(type(log), "code", property(lambda self: _code_for(first)))
    other = {"a2": "b2", "b2": "a2"}[first]
    places = [lesson.trial(name).state["title"] for name in (None, first, other, "c2")]
    start = "How sharp are your eyes"
    assert places == [f"{start}?", f"{start}?", f"{start} now?", f"{start}, two weeks on?"]
    assert lesson.trial("b").state["title"] == load_form("b").title


def test_an_earlier_form_that_was_left_half_way_can_be_finished(log):
    view = lesson.trial("a")
    _say(view, type="go")
    for _ in range(5):
        _say(view, type="answer", position=view.state["position"], verdict="camera", confidence=60, check="", seconds=1)
    again = lesson.trial()
    assert (again.state["phase"], again.state["saved"]) == ("paused", 5)
    assert "You have judged 5 of 24" in repr(lesson.results())
    _take(again, lambda item: (item.origin, 90))
    assert len(log.events("trial.begin")) == 1 and "You believed" in repr(lesson.results())
    assert "trial:first" in set(achievements(event.data for event in log.events()))
    # One may still take a form of today, and see its results by name.
    _take(lesson.trial("b2"), lambda item: (item.origin, 90))
    assert "caught 12 of 12 generated ones" in repr(lesson.results("b2"))
    assert lesson.trial_model().form.name == "a"


def _begun(folder, form):
    """A record of another machine: in it a form was begun, or nothing was."""
    there = record.open(folder)
    there.append({"kind": "preference", "name": "path", "value": "short"})
    if form:
        there.append({"kind": "trial.begin", "form": form, "attempt": 1, "seed": 3})
    time.sleep(0.002)  # the clock of a record goes by milliseconds
    return there


def test_of_records_that_were_put_together_the_trial_that_was_begun_first_decides(tmp_path, log):
    """Whatever was restored into what, and however often: lines lie in the file as they came, their times tell."""
    older, newer, empty = (
        _begun(tmp_path / name, name if name in ("a2", "b2") else None) for name in ("b2", "a2", "x")
    )
    for sources in ((older, newer, empty), (newer, older), (empty, newer, older), (newer, empty, older, older, newer)):
        here = _begun(tmp_path / str(len(list(tmp_path.iterdir()))), None)
        for source in sources:
            here.restore(source.export_bytes())
        assert form_order(here) == ("b2", "a2", "c2")
    # Where nothing has been begun, the code that was restored goes on, and draws the order.
    for number in range(20):
        here = _begun(tmp_path / f"other {number}", None)
        here.restore(empty.export_bytes())
        assert form_order(here) == order_of_forms(empty.code)


def test_a_record_restored_elsewhere_keeps_its_order(tmp_path, log):
    """Saved after the first item on one machine, restored on another whose own code says otherwise."""
    begun = lesson.trial_model().form.name
    view = lesson.trial()
    _say(view, type="go")
    saved = log.export_bytes()
    for number in range(20):
        there = record.open(tmp_path / str(number))
        there.append({"kind": "preference", "name": "path", "value": "short"})
        if order_of_forms(there.code).first != begun:
            break
    assert form_order(there).first != begun
    there.restore(saved)
    assert form_order(there).first == begun and form_order(there).second != begun


def test_whoever_took_an_earlier_form_still_sees_it(log):
    _take(lesson.trial("a"), lambda item: (item.origin, 90))
    assert lesson.trial_model().form.name == "a"
    assert "You believed 12 of 12 camera items" in repr(lesson.results())
    assert repr(lesson.answers()) == "24 of 24 right."
    assert len(lesson.look_again(3).state["pictures"]) == 24
    # A rule on colour and movement passes those sets, while the page says of today's that it does not.
    assert lesson.EARLIER_SET in repr(lesson.results())
    _take(lesson.trial("a2"), lambda item: (item.origin, 90))
    assert lesson.EARLIER_SET not in repr(lesson.results("a2"))
    assert form_order(log).first == "a" and form_order(log).second in ("a2", "b2")


def test_stills_and_clips_are_told_apart_and_what_a_shortcut_would_have_scored(log):
    _take(lesson.trial(), lambda item: (item.origin if item.kind == "still" else "camera", 80))
    words = repr(lesson.results())
    assert "Apart: 4 of 8 clips and 16 of 16 stills right." in words
    told = re.search(r"by colour and movement alone would have got (\d+) of 24 right here\. You had 20\.", words)
    assert told and 8 <= int(told[1]) <= 16


@pytest.mark.parametrize("number", [0, 25, 1.5, "one"])
def test_a_number_that_is_not_in_the_table_is_said_plainly(number):
    _take(lesson.trial(), lambda item: ("camera", 50))
    with pytest.raises(LessonError, match="whole number from 1 to 24"):
        lesson.look_again(number)


def test_look_again_shows_every_item_with_its_marks_or_says_that_there_is_nothing(log):
    _take(lesson.trial(), lambda item: ("camera", 80))
    log.prefer("confidence", "words")
    view = lesson.look_again(3)
    labels = view.state["pictures"]
    assert len(labels) == 24 and view.state["picture"] == labels[2]
    given = lesson.trial_model().last_result.answers
    for label, answer in zip(labels, given, strict=True):
        view.choose(picture=label)
        item, told = media.catalogue()[answer.item], view.told
        assert told["role"] == item.origin and item.credit == told["credit"]
        assert told["words"][0].startswith("You said: camera, quite sure. So you were ")
        assert len(told["marks"]) == len(item.cues)
        assert told["marks"] or any("nothing" in one or "no mistake" in one for one in told["after"])
    view.choose(family="wrong")
    assert len(view.state["pictures"]) == 12
    everywhere = "".join(
        path.read_text(encoding="utf-8") for path in (Path(__file__).parents[2] / "notebooks").glob("01-*.ipynb")
    )
    assert "Neither could we" not in everywhere


def test_a_second_round_takes_nothing_away_and_is_said_to_be_worth_less():
    view = lesson.trial()
    assert view.state["earlier"] is False
    _take(view, lambda item: (item.origin, 90))
    before = [repr(show()) for show in (lesson.results, lesson.calibration, lesson.answers, lesson.beside_others)]
    view._said(view, {"type": "again"}, [])
    assert view.state["phase"] == "asking" and view.state["earlier"] is True
    shown = (lesson.results, lesson.calibration, lesson.answers, lesson.beside_others)
    assert [repr(show()) for show in shown] == before
    assert lesson.SEEN_BEFORE not in before[0]
    _take(view, lambda item: ("generated", 60))
    second = repr(lesson.results())
    assert "believed 0 of 12" in second and lesson.SEEN_BEFORE in second
    assert lesson.SEEN_BEFORE in repr(lesson.calibration()) and lesson.SEEN_BEFORE in repr(lesson.answers())
    assert lesson.SEEN_BEFORE in repr(lesson.beside_others())


def test_where_nothing_was_wrong_nothing_wrong_is_offered():
    _take(lesson.trial(), lambda item: (item.origin, 90))
    view = lesson.look_again()
    assert dict(view.families) == {"all": "all of them", "right": "you were right"}


def test_a_range_is_not_said_to_hold_the_truth_always():
    _take(lesson.trial(), lambda item: (item.origin, 90))
    words = repr(lesson.results())
    assert "somewhere between" not in words and "about 19 of 20 such ranges hold the true value" in words


@pytest.mark.parametrize(
    ("language", "guess", "ticks"),
    [("percent", "50 % sure", "60"), ("words", "a pure guess", "a pure\nguess"), ("tenths", "5 times out of", "6")],
)
def test_calibration_speaks_the_language_of_confidence_that_was_chosen(log, language, guess, ticks):
    from matplotlib.figure import Figure

    log.prefer("confidence", language)
    _take(lesson.trial(), lambda item: ("camera", 80))
    words = repr(lesson.calibration())
    assert guess in words and ("80 %" in words) is (language == "percent")
    fig = Figure()
    lesson.draw_calibration(fig, lesson.trial_model().last_result, language)
    axes = fig.axes[0]
    assert ticks in [label.get_text() for label in axes.get_xticklabels()]
    assert ("per cent" in axes.get_xlabel()) is (language == "percent")


def test_no_page_says_of_generated_items_that_nobody_can_see_them():
    for path in ("docs/teaching/01-how-sharp-are-your-eyes.md", "notebooks/01-how-sharp-are-your-eyes.ipynb"):
        text = (Path(__file__).parents[2] / path).read_text(encoding="utf-8")
        assert "we neither" not in text and "Neither could we" not in text


def test_what_a_box_of_pictures_shows_is_said_by_the_box():
    page = (Path(__file__).parents[2] / "notebooks" / "01-how-sharp-are-your-eyes.ipynb").read_text(encoding="utf-8")
    last = lesson.drown().setup["words"][-1]
    assert "Small things went first" in last and "Small things" not in page
    told = lesson.make_two(("sky", "stone"), (1, 1)).setup["told"]
    assert told.startswith("The noise mostly settles") and "mostly settles" not in page
    assert lesson.make("leaf", 5).setup["told"] == ""


def test_two_worked_examples_have_the_same_eyes_and_opposite_leans():
    assert repr(lesson.sharpness(11, 7)) == "Sensitivity d' = 1.00. Lean c = −0.70: quick to say “generated”."
    # Nothing has no sign that says less than nothing.
    assert [count for count in range(13) if "−0.0" in repr(lesson.sharpness(count, 12 - count))] == []
    assert repr(lesson.sharpness(5, 1)) == "Sensitivity d' = 1.00. Lean c = +0.70: quick to say “camera”."


@pytest.mark.parametrize("numbers", [(13, 0), (-1, 0), (2.5, 1), ("a", 1)])
def test_wrong_counts_are_said_plainly(numbers):
    with pytest.raises(LessonError, match="whole numbers from 0 to 12"):
        lesson.four_outcomes(*numbers)


def test_under_the_four_outcomes_stands_what_they_say():
    assert repr(lesson.four_outcomes(11, 7)).endswith(repr(lesson.sharpness(11, 7)))


def test_the_form_holds_nothing_that_a_lesson_shows_openly():
    shown = {
        lesson.DROWNED,
        "beak-close",
        "giraffe",
        "larch-slope",
        "window-light",
        "ball-throw",
        "skate-ramp",
        "webcam-man",
        "honey-jar",
    }
    pairs = {item.id for pair in media.catalogue().pairs.values() for item in (pair.camera, pair.generated)}
    assert not pairs & set(lesson.trial_model().form.items)
    assert not shown & set(lesson.trial_model().form.items)


# how a machine makes a picture

ROOT = Path(__file__).parents[2]


def _stages(view):
    ends = np.cumsum(view.setup["sizes"])
    parts = np.split(np.frombuffer(view.pictures, np.uint8), ends[:-1])
    return [cv2.imdecode(part, cv2.IMREAD_COLOR)[..., ::-1].astype(float) for part in parts]


def test_the_picture_drowns_step_by_step_in_one_and_the_same_noise():
    view = lesson.drown()
    stages = _stages(view)
    assert len(stages) == len(view.setup["words"]) == 21
    still = media.catalogue()[lesson.DROWNED]
    assert still in free_items(origin="camera", kind="still") and view.setup["alt"] == still.alt
    picture = cv2.resize(media.load(still).pixels, (256, 256), interpolation=cv2.INTER_AREA).astype(float)
    likeness = [np.corrcoef(stage.ravel(), picture.ravel())[0, 1] for stage in stages]
    assert likeness[0] > 0.99 and abs(likeness[-1]) < 0.02
    assert all(before > after for before, after in pairwise(likeness))
    # The grain keeps its place from stage to stage.
    assert np.corrcoef(stages[-1].ravel(), stages[-2].ravel())[0, 1] > 0.9


def test_what_is_said_of_each_stage_is_the_recipe_itself():
    for step, line in enumerate(lesson.drown().setup["words"][1:-1], start=1):
        signal, noise = (int(number) / 100 for number in re.findall(r"(\d+) per cent", line))
        assert (signal, noise) == pytest.approx(diffusion.amounts(step / 20), abs=0.0051)
        assert signal**2 + noise**2 == pytest.approx(1, abs=0.02)


def test_the_maker_takes_what_stands_in_the_cell():
    assert lesson.make(word="petal", number=12).state["wishes"] == [{"word": "petal", "number": 12}]
    two = lesson.make_two(words=("sky", "no word"), numbers=(3, 4))
    assert two.state["made"] == "sky, number 3; no word, number 4" and len(two.pictures) == 4


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: lesson.make("cloud", 1), "The maker knows sky, water, leaf, petal, stone and no word"),
        (lambda: lesson.make("sky", "one"), "a whole one from 0 to 9,999"),
        (lambda: lesson.make("sky", -1), "a whole one from 0 to 9,999"),
        (lambda: lesson.make_two("sky", 3), "Give two words and two numbers"),
        (lambda: lesson.make_two(("sky",), (3, 3)), "Give two words and two numbers"),
        (lambda: lesson.make_two(("sky", "stone"), 3), "Give two words and two numbers"),
        (lambda: lesson.make_two(("sky", "moon"), (3, 3)), "The maker knows"),
        (lambda: lesson.make_two(("sky", "stone"), (3, 3.5)), "a whole one from 0 to 9,999"),
        (lambda: lesson.answer_key(0), "The rounds are numbered from 1"),
        (lambda: lesson.answer_key("one"), "The rounds are numbered from 1"),
    ],
)
def test_a_cell_that_was_edited_wrongly_says_so_in_a_sentence(call, sentence):
    with pytest.raises(LessonError, match=sentence) as problem:
        call()
    assert problem.value._render_traceback_() == [str(problem.value)]


def test_the_squares_are_judged_kept_and_touch_no_other_number(log):
    view = lesson.sixteen()
    assert view.state["phase"] == "ready"
    _say(view, type="go")
    _say(view, type="check", round=1, picks=[0, 1, 2])
    assert view.state["phase"] == "told"
    assert lesson.sixteen().state["told"] == view.state["told"]
    assert {event.kind for event in log.events()} == {"record.begin", "crops.answer"}
    assert "You have judged 0 of 24" in repr(lesson.results())


def test_the_page_for_teachers_gives_the_answers_of_round_one():
    text = (ROOT / "docs" / "teaching" / "01-how-sharp-are-your-eyes.md").read_text(encoding="utf-8")
    cells = re.findall(r"\| (\d+) \| (\w+) \| (camera|generated, number \d+) (?=\|)", text)
    told = {int(place): (label, origin) for place, label, origin in cells}
    key = {
        place: (one.label, "camera" if one.origin == "camera" else f"generated, number {one.number}")
        for place, one in enumerate(sixteen.key(1), start=1)
    }
    assert told == key
    assert repr(lesson.answer_key(1)) == "; ".join(
        f"{place} {label}: {origin}" for place, (label, origin) in key.items()
    )
    for caught, accused in ((11, 7), (5, 1), (12, 12)):
        signal = judgement.SignalDetection(caught, 12 - caught, accused, 12 - accused)
        assert f"d' = {signal.d_prime:.2f}" in text


def test_the_notebook_says_of_the_network_what_is_so():
    cells = json.loads((ROOT / "notebooks" / "01-how-sharp-are-your-eyes.ipynb").read_text(encoding="utf-8"))["cells"]
    text = "\n".join("".join(cell["source"]) for cell in cells)
    listed = tomllib.loads((diffusion.MODEL.parent / "photographs.toml").read_text(encoding="utf-8"))["photograph"]
    assert f"crops of {len(listed)} photographs, knows five words" in text and len(diffusion.LABELS) == 5
    assert f"{diffusion.SIDE} by {diffusion.SIDE} pixels" in text
    assert f"from noise number {sixteen.FIRST_NUMBER} on" in text


def test_the_noise_settles_where_it_is_light():
    """As the notebook says after the two makers; light and dark are the mean of the three colours."""
    light = {
        (word, number): diffusion.sample(number, word).picture.mean(axis=-1).ravel()
        for word in ("sky", "leaf", "stone")
        for number in (3, 4, 5)
    }
    pairs = [(one, other) for one in light for other in light if one < other]
    alike = {pair: np.corrcoef(light[pair[0]], light[pair[1]])[0, 1] for pair in pairs}
    one_noise = np.mean([alike[pair] for pair in pairs if pair[0][1] == pair[1][1]])
    one_word = np.mean([alike[pair] for pair in pairs if pair[0][0] == pair[1][0]])
    assert one_noise > 0.4 > 0.3 > abs(one_word)


def test_the_figure_of_films_claims_no_more_than_is_known():
    page = lesson.video_generators()
    assert "25 times" in repr(page) and "as far as the makers have published it" in page._repr_html_()
    pictures = re.findall(r'src="data:image/png;base64,([^"]+)"', page._repr_html_())
    assert len(pictures) == 2 and 'alt="Two rows.' in page._repr_html_()


# other forms, and a teacher's own


def _own(folder, monkeypatch, camera, generated, forms=""):
    """A folder of stills, so many of each origin, named as `course --pictures` names it."""
    noise = np.random.default_rng(5)
    sheet = ""
    for number in range(camera + generated):
        name = f"boat-{'abcdefghij'[number]}"
        small = noise.integers(0, 256, (6, 8, 3), np.uint8)
        Image.fromarray(small).resize((120, 90)).save(folder / f"{name}.png")
        made = number >= camera
        sheet += (
            f'[[item]]\nid = "{name}"\nfile = "{name}.png"\nsubject = "water"\n'
            'author = "<b>Jürgen"\nlicence = "CC0-1.0"\n'
            f'alt = "Boats lie in a harbour under a grey sky."\norigin = "{"generated" if made else "camera"}"\n'
            'known_from = "I was there."\n'
        ) + ('generator = "Kling 9"\ngenerated_on = "2026"\n' if made else "")
    (folder / "pictures.toml").write_text(sheet + forms, encoding="utf-8")
    monkeypatch.setenv("LOOK_TWICE_PICTURES", str(folder))


def test_a_class_judges_its_own_pictures(tmp_path, monkeypatch, log):
    _own(tmp_path, monkeypatch, camera=3, generated=2)
    assert "You have judged 0 of 5" in repr(lesson.results("own"))
    view = lesson.trial("own")
    assert view.state["title"] == "Our own pictures"
    _take(view, lambda item: (item.origin, 90))
    words = repr(lesson.results("own"))
    assert "You believed 3 of 3 camera items, and caught 2 of 2 generated ones." in words
    assert f"d' = {judgement.SignalDetection(2, 0, 0, 3).d_prime:.1f}" in words
    assert "5 items cannot say it more exactly" in words
    assert repr(lesson.answers("own")) == "5 of 5 right."
    assert "<b>Jürgen" not in lesson.answers("own")._repr_html_()
    assert "You: 100%" in repr(lesson.beside_others("own"))
    assert "less sure than right" in repr(lesson.calibration("own"))
    assert "How we know: I was there." in lesson.look_again(1, "own").told["credit"]
    with pytest.raises(LessonError, match="whole number from 1 to 5"):
        lesson.look_again(6, form="own")
    # the course's own form is another trial, with answers of its own
    assert "You have judged 0 of 24" in repr(lesson.results())


@pytest.mark.parametrize(
    ("camera", "generated", "counted"),
    [
        (1, 1, "You believed 1 of 1 camera item, and caught 0 of 1 generated one."),
        (4, 1, "You believed 4 of 4 camera items, and caught 0 of 1 generated one."),
        (1, 3, "You believed 1 of 1 camera item, and caught 0 of 3 generated ones."),
    ],
)
def test_results_are_worded_right_for_any_counts(camera, generated, counted, tmp_path, monkeypatch):
    _own(tmp_path, monkeypatch, camera, generated)
    _take(lesson.trial("own"), lambda item: ("camera", 60))
    words = repr(lesson.results("own"))
    assert words.startswith(counted)
    assert f"{camera + generated} items cannot say it more exactly" in words
    assert "real item" not in words


def test_one_wrong_accusation_is_one_item(tmp_path, monkeypatch):
    _own(tmp_path, monkeypatch, camera=1, generated=1)
    _take(lesson.trial("own"), lambda item: ("generated", 60))
    assert "You called 1 real item generated." in repr(lesson.results("own"))


@pytest.mark.parametrize(
    ("camera", "generated", "verdict", "words"),
    [
        (4, 0, "camera", "You believed 4 of 4 camera items. That is 100% right (95 % interval 40% to 100%)."),
        (1, 0, "generated", "You believed 0 of 1 camera item. That is 0% right (95 % interval 0% to 98%)."),
        (0, 2, "camera", "You caught 0 of 2 generated items. That is 0% right (95 % interval 0% to 84%)."),
    ],
)
def test_without_both_kinds_no_sensitivity_is_made_up(camera, generated, verdict, words, tmp_path, monkeypatch):
    _own(tmp_path, monkeypatch, camera, generated)
    _take(lesson.trial("own"), lambda item: (verdict, 80))
    told = repr(lesson.results("own"))
    there, missing = ("camera", "generated") if camera else ("generated", "camera")
    assert told.startswith(words)
    assert f"All items of this form are {there} items. Sensitivity d' and lean c compare two kinds, so" in told
    assert f"without a {missing} item neither can be worked out." in told and "d' =" not in told
    for show in (lesson.calibration, lesson.answers, lesson.beside_others):
        assert repr(show("own"))


def test_forms_of_the_sheet_and_of_the_course_go_by_name(tmp_path, monkeypatch):
    monday = '[[form]]\nname = "monday"\ntitle = "Monday costs $5, not $6"\nitems = ["boat-a", "night-clouds"]\n'
    _own(tmp_path, monkeypatch, 2, 1, monday)
    assert lesson.trial_model("monday").form.items == ("boat-a", "night-clouds")
    assert lesson.trial_model().form in (lesson.trial_model("a2").form, lesson.trial_model("b2").form)
    _take(lesson.trial("monday"), lambda item: ("camera", 50))
    assert "You: 100%" in repr(lesson.beside_others("monday"))
    with pytest.raises(LessonError, match=r"There is no form 'tuesday'\. Choose one of: 'a2', 'b2', 'c2', 'monday'\."):
        lesson.trial("tuesday")


def test_a_guess_about_one_form_is_not_held_against_another(tmp_path, monkeypatch):
    _own(tmp_path, monkeypatch, 1, 1)
    lesson.guess().choose("21")
    _take(lesson.trial("own"), lambda item: ("camera", 50))
    assert "You expected" not in repr(lesson.results("own"))


def test_changed_pictures_begin_a_new_trial(tmp_path, monkeypatch):
    _own(tmp_path, monkeypatch, 1, 1)
    _take(lesson.trial("own"), lambda item: ("camera", 50))
    _own(tmp_path, monkeypatch, 2, 1)
    assert "You have judged 0 of 3" in repr(lesson.results("own"))


def test_a_mistake_in_the_sheet_is_one_plain_message(tmp_path, monkeypatch):
    _own(tmp_path, monkeypatch, 1, 1)
    sheet = tmp_path / "pictures.toml"
    sheet.write_text(sheet.read_text(encoding="utf-8").replace('"water"', "water"), encoding="utf-8")
    with pytest.raises(LessonError, match=r"^pictures\.toml, line 4: the value cannot be read"):
        lesson.trial()


def test_own_pictures_are_made_ready_ahead_and_a_broken_one_does_not_stop_the_others(tmp_path, monkeypatch):
    _own(tmp_path, monkeypatch, 2, 1)
    (tmp_path / "boat-a.png").write_bytes(b"\x89PNG\r\n\x1a\n broken")
    before = own._kept_picture.cache_info()
    lesson.prepare(lesson.trial_model("own").form.items).join()
    after = own._kept_picture.cache_info()
    assert after.misses - before.misses == 3
    media.load("boat-b"), media.load("boat-c")
    assert own._kept_picture.cache_info().hits - after.hits == 2
    lesson.prepare(lesson.trial_model().form.items).join()  # the course's own are quick enough
    assert own._kept_picture.cache_info().misses == after.misses


@pytest.mark.parametrize("form", [[], {}, 3, "", "z", "A2", "earlier/a"])
def test_a_form_that_is_none_is_one_sentence(form):
    for show in (lesson.results, lesson.trial, lambda form: lesson.look_again(1, form)):
        with pytest.raises(LessonError, match="There is no form"):
            show(form)


@pytest.mark.parametrize("counts", [(True, 0), (0, False), (13, 0), (-1, 0)])
def test_counts_that_are_none_speak_of_no_hits(counts):
    with pytest.raises(LessonError, match="Use whole numbers from 0 to 12"):
        lesson.four_outcomes(*counts)
