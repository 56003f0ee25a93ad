import json
import re
from pathlib import Path

import cv2
import numpy as np
import pytest

from course import forensics, judgement, media, ui
from course.forensics.endurance import AT_REST
from course.lessons import marks_that_fade as lesson
from course.lessons.lesson import Lesson, LessonError, achievements
from course.media.catalogue import data_folder

FORMS = [judgement.load_form(path) for path in (data_folder() / "forms").glob("*.toml")]
NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
UNSEEN = {name for form in FORMS for name in form.items}


@pytest.fixture(autouse=True)
def _afresh(monkeypatch):
    """As after a restart of the kernel; and chance from few pictures, as each test would wait for it."""
    monkeypatch.setattr(lesson, "_now", None)
    few = lesson._unmarked()[:6]
    monkeypatch.setattr(lesson, "_unmarked", lambda: few)
    lesson._measuring.cache_clear()
    yield
    lesson._measuring().result()


def _view(**choice):
    view = lesson.bench()
    return view, view.answer({"view": "v", "seq": 1, "choice": choice})[0]


# what is shown


def test_no_page_shows_what_a_form_needs_unseen():
    shown = {"giraffe", lesson.BADGED, *lesson.PICTURES, *(case.name for case in lesson.CASES)}
    items = media.catalogue(data_folder())
    assert not shown & UNSEEN
    assert all("Seedance 2.5" not in (items[name].generator or "") for name in shown)
    assert items[lesson.BADGED].origin == "camera" and items["giraffe"].generator == "Sora 2"
    assert all(items[name].origin == "camera" for name in lesson.PICTURES)
    assert {item.id for item in lesson._unmarked()} & UNSEEN == set()


def test_the_giraffe_wears_a_badge_and_loses_it_by_the_crop():
    frames = media.load("giraffe").frames
    # White letters and their pill stay where they are while all else moves.
    badge = frames[:, 14:50, 60:180].astype(float)
    assert badge.std(axis=0).mean() < 12 and (badge.mean(axis=(0, 3)) > 235).mean() > 0.03
    view = lesson.crop_badge()
    assert [track["height"] for track in view.tracks] == [300, 248]
    assert re.search(r"52 of 300 rows were cut off 72 frames. That took [\d.e-]+ seconds", view.note)
    assert (frames[:, 52:] != 0).any()


@pytest.mark.parametrize("rows", [0, 151, -3, 2.5, "52", None, True])
def test_rows_that_cannot_be_cut_are_a_sentence(rows):
    with pytest.raises(LessonError, match="rows is a whole number from 1 to 150"):
        lesson.crop_badge(rows)


def test_a_badge_goes_onto_a_camera_clip_and_is_told_to_be_ours():
    view = lesson.put_badge("Nobody made this")
    assert view.tracks[0]["alt"] == view.tracks[1]["alt"]
    assert "The badge is ours, and there is no such service" in view.note
    assert "Recorded by a camera" in view.note
    with pytest.raises(LessonError, match="A badge says something"):
        lesson.put_badge("")


# the hidden mark


def test_a_word_is_written_and_read_and_what_was_done_is_in_the_record(log):
    view = lesson.write_mark(word="Owl", key="the third shelf", picture="yellow-car")
    assert "O = 01001111, w = 01110111, l = 01101100, and 1 blank" in view.note
    assert view.layout_name == "wipe"
    words = repr(lesson.read(key="the third shelf"))
    assert words.startswith("Found: “Owl”") and "32 of 32 bits right" in words
    assert repr(lesson.read(key="the fourth shelf")).startswith("Nothing found")
    assert repr(lesson.read(key="the third shelf", marked=False)).startswith("Nothing found")
    lesson.write_mark(word="Owl", key="another", picture="yellow-car")
    (event,) = log.events("mark.write")  # the same again is not new
    assert event.data["word"] == "Owl" and event.data["picture"] == "yellow-car"
    assert "third shelf" not in repr(log.events())


def test_after_a_restart_the_word_is_taken_up(log, monkeypatch):
    lesson.write_mark(word="Zoë", key="x y", picture="eight-coffees")
    monkeypatch.setattr(lesson, "_now", None)
    _, answer = _view()
    assert answer["word"] == "Zoë " and answer["state"]["picture"] == "the coffees"


def test_out_of_order_the_word_of_the_notebook_is_used():
    _, answer = _view()
    assert answer["word"] == "OWL " and answer["state"]["picture"] == "the lane"
    assert "Found: “OWL”" in repr(lesson.read())


@pytest.mark.parametrize("event", [{"word": 7}, {"word": "", "picture": "yellow-car"}, {"picture": ["x"]}, {}])
def test_a_damaged_record_does_not_stop_the_lesson(log, event):
    log.append({"kind": "mark.write", **event})
    assert _view()[1]["word"] == "OWL "


def test_the_difference_is_small_and_its_numbers_are_right():
    lesson.write_mark()
    mine = lesson._mine()
    words = repr(lesson.difference(times=30))
    decibels = cv2.PSNR(mine.marked, mine.still.pixels)
    assert f"(PSNR): {decibels:.0f} dB" in words and decibels > 42
    change = np.abs(mine.marked[..., 0].astype(int) - mine.still.pixels[..., 0])
    assert f"by {change.mean():.1f} of 255 levels on average, and by {change.max()} at most" in words
    for times in (0, 101, "20", None, True):
        with pytest.raises(LessonError, match="times is a number from 1 to 100"):
            lesson.difference(times)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"word": "OWLS!"}, "one to 4 letters between quotation marks"),
        ({"word": 7}, "one to 4 letters between quotation marks"),
        ({"key": " "}, "A key is any words"),
        ({"key": 3}, "A key is any words"),
        ({"picture": "the-moon"}, "There is no picture 'the-moon'. Choose one of 'brick-lane'"),
        ({"picture": None}, "There is no picture None"),
        ({"picture": ["brick-lane"]}, "There is no picture"),
        ({"picture": "nowhere/photo.jpg"}, "photo.jpg"),
    ],
)
def test_what_cannot_be_written_is_one_sentence_and_the_last_mark_stays(arguments, said, log):
    lesson.write_mark(word="ELK")
    with pytest.raises(LessonError, match=re.escape(said)) as raised:
        lesson.write_mark(**arguments)
    assert len(raised.value._render_traceback_()) == 1
    assert lesson._mine().word == "ELK" and len(log.events("mark.write")) == 1


def test_a_picture_of_ones_own_good_bad_large_and_small(tmp_path, log):
    rng = np.random.default_rng(1)
    for name, shape in (("large", (1500, 2000)), ("small", (150, 500))):
        pixels = cv2.resize(rng.integers(40, 220, (40, 60, 3), dtype=np.uint8), shape[::-1])
        cv2.imwrite(str(tmp_path / f"{name}.jpg"), pixels)
    (tmp_path / "letter.jpg").write_text("Dear all, this is no picture.", encoding="utf-8")
    lesson.write_mark(word="MINE", picture=str(tmp_path / "large.jpg"))
    view, answer = _view()
    assert answer["word"] == "MINE" and view.setup["pictures"][0] == "your own picture"
    width, height = map(int, re.findall(r"\d+", answer["size"]))
    assert width * height <= lesson.LARGEST * 1.01 and width / height == pytest.approx(4 / 3, rel=0.01)
    with pytest.raises(LessonError, match=r"500 × 150 pixels\. Four letters need 192 × 192"):
        lesson.write_mark(picture=str(tmp_path / "small.jpg"))
    with pytest.raises(LessonError, match=r"letter\.jpg"):
        lesson.write_mark(picture=str(tmp_path / "letter.jpg"))
    assert "large.jpg" not in repr(log.events())


def test_reading_names_a_bad_key():
    for key in ("", None, 5):
        with pytest.raises(LessonError, match="A key is any words"):
            lesson.read(key=key)


# bench and curves


def test_notes_of_the_bench_keep_the_promise(log):
    page = Lesson("marks-that-fade", "marks")
    view, _ = _view()
    view.answer({"seq": 2, "choice": {"reader": "none"}, "note": True})
    view.answer({"seq": 3, "choice": {"reader": "own"}, "note": True})
    # A picture without a mark in which none is found is no broken mark.
    assert page.kept() == [False, False, False]
    view.answer({"seq": 4, "choice": {"settings": {"turn": 5}}, "note": True})
    assert len(log.events("endurance.note")) == 3
    assert "endurance:marks" in set(achievements(lesson._lesson.past()))
    assert page.kept() == [False, False, False]  # the promise speaks of a mark of one's own
    lesson.write_mark(word="ELK", key="a b c")
    assert page.kept() == [True, False, False]


def test_every_promise_can_be_kept(log):
    page = Lesson("marks-that-fade", "marks")
    lesson.write_mark(word="ELK", key="a b c")
    view, _ = _view()
    for seq, settings in enumerate((AT_REST, {"quality": 5}), start=2):
        view.answer({"seq": seq, "choice": {"settings": settings}, "note": True})
    for name, option in (("badge", 1), ("half", 1), ("seconds", 2), ("reader", 1)):
        page.question(name).answer(option, sure=True)
    page.next_move("concert").rank([0, 2])
    assert page.kept() == [True, True, True]


def test_a_curve_counts_what_the_bench_would_find():
    lesson.write_mark(word="ELK", key="a b c")
    words = repr(lesson.curve("blur"))
    counts = dict(re.findall(r"at ([\d.]+) in (\d)", words.split("Found, of 6: ")[1].split(". ")[0]))
    for blur, many in (("0.5", "6"), ("4", "0")):
        assert counts[blur] == many
    model = lesson.bench_model()
    found = 0
    for label in lesson.PICTURES.values():
        assert model.choose(picture=label, settings={"blur": 2})
        found += model.look().result.found
    assert counts["2"] == str(found)
    assert "in none at" in words and "in all 6 pictures at" in words


def test_each_curve_can_be_drawn_and_goes_over_its_own_slider(monkeypatch):
    seen = []
    real = lesson.travelled

    def travelled(pixels, settings):
        seen.append(settings)
        return real(pixels, settings)

    monkeypatch.setattr(lesson, "travelled", travelled)
    monkeypatch.setattr(lesson, "PICTURES", {"brick-lane": "the lane"})
    for name, steps in lesson.CURVES.items():
        seen.clear()
        steps = steps[:: len(steps) - 1]
        monkeypatch.setitem(lesson.CURVES, name, steps)
        page = lesson.curve(name)
        assert isinstance(page, ui.Page) and "no step" not in repr(page)
        assert [one.popitem()[1] for one in seen] == list(steps)


def test_nothing_has_no_sign():
    assert [lesson._number(value) for value in (-0.04, 0.04, -0.06, -3.21)] == ["0.0", "0.0", "−0.1", "−3.2"]


@pytest.mark.parametrize("name", ["fog", None, 3, ["blur"]])
def test_an_unknown_curve_is_a_sentence(name):
    with pytest.raises(LessonError, match=r"There is no curve .* Choose one of: quality, blur"):
        lesson.curve(name)


# four pictures


def test_the_reader_is_right_four_times_and_says_nothing_about_origin():
    found = [answer for _, _, answer in lesson._cases()]
    assert found == [True, False, True, False]
    origins = [media.catalogue()[case.name].origin for case in lesson.CASES]
    assert origins == ["camera", "generated", "generated", "camera"]
    asked, told = repr(lesson.four_pictures()), repr(lesson.four_answers())
    assert "generator" not in asked.lower() and "camera" not in asked.lower()
    assert told.count("In truth: ") == 4
    for case, origin in zip(lesson.CASES, origins, strict=True):
        assert case.told.startswith("A camera." if origin == "camera" else "A generator.")
    assert lesson.four_pictures()._repr_html_().count("<img") == 2


def test_nothing_speaks_of_a_percentage_of_fake():
    pages = [repr(lesson.read()), repr(lesson.curve("quality")), repr(lesson.difference()), repr(lesson.four_answers())]
    assert not re.search(r"fake|probab|likely", " ".join(pages), re.IGNORECASE)


# the teacher's page


def test_the_teachers_key_gives_what_the_course_works_out(monkeypatch):
    page = (data_folder().parent / "docs" / "teaching" / "06-marks-that-fade.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| (\w+)(?: \([^)]*\))? \| ([\d., –]+ \| [\d., –]+) \|$", page, re.MULTILINE))
    assert rows.keys() == lesson.CURVES.keys()
    for name in ("quality", "turn", "grain"):
        words = repr(lesson.curve(name))
        found = re.search(r"Found in all 6 pictures at ([\d., and]+)(?:; in none at ([\d., and]+))?\.", words).groups()
        told = [side.replace("–", "") for side in rows[name].split(" | ")]
        assert [re.findall(r"[\d.]+\d|\d", side or "") for side in found] == [
            re.findall(r"[\d.]+\d|\d", side) for side in told
        ]


def test_a_screenshot_is_found_in_other_sizes_and_a_photo_of_a_screen_is_not():
    model = lesson.bench_model()
    for label in lesson.PICTURES.values():
        assert model.choose(picture=label, screen="photo")
        assert not model.look(thorough=label == "the lane").result.found, label
    assert model.choose(picture="the coffees", screen="screenshot")
    assert not model.look().result.found and model.look(thorough=True).result.found


PAGE = NOTEBOOKS / "06-marks-that-fade.ipynb"
PREDICTED = {
    "what is lost besides the badge": (lambda: lesson.crop_badge().note, "the essay is right"),
    "how many degrees": (lambda: repr(lesson.curve("turn")), "never turns a picture"),
    "Then run the second box": (lambda: repr(lesson.four_answers()), "a mark in A and C"),
    "What does the reader need to find it again": (lambda: _view(screen="photo")[1]["words"], "askew"),
}


@pytest.mark.parametrize("asked", PREDICTED)
def test_an_answer_comes_out_of_the_box_and_stands_nowhere_on_the_page(asked):
    answer, words = PREDICTED[asked]
    cells = json.loads(PAGE.read_text("utf-8"))["cells"]
    page = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] != "code")
    assert asked in page and words not in page
    assert words in answer()


def test_what_strength_counts_is_said_rightly_everywhere():
    shown = (
        PAGE.read_text("utf-8") + repr(lesson.read()) + (data_folder() / "questions" / "marks.toml").read_text("utf-8")
    )
    assert shown.count("one picture in a thousand") == 3
    texts = [shown, (NOTEBOOKS.parent / "docs" / "teaching" / "06-marks-that-fade.md").read_text("utf-8")]
    texts += [(NOTEBOOKS.parent / "docs" / "measurements" / "read_mark.md").read_text("utf-8"), lesson._mine.__doc__]
    for text in texts:
        assert "standard deviations" not in text and "beyond chance" not in text
    assert "standard" not in forensics.read_mark(lesson._mine().marked, 32, "x", search="none").unit


def test_the_reader_says_why_it_finds_nothing_in_what_was_turned_or_photographed():
    for choice, words in (
        ({"screen": "photo"}, "never straightens or turns"),
        ({"settings": {"turn": 4}}, "never turns a picture"),
    ):
        answer = _view(**choice)[1]
        assert not answer["found"] and words in answer["words"]
    assert "turns" not in _view(screen="screenshot")[1]["words"]
    assert "turns" not in _view(settings={"blur": 4})[1]["words"]


def test_a_badge_of_signs_that_cannot_be_drawn_is_a_sentence():
    for words, odd in (
        ("fox \N{FOX FACE}", "\N{FOX FACE}"),
        ("\N{CJK UNIFIED IDEOGRAPH-96E8}", "\N{CJK UNIFIED IDEOGRAPH-96E8}"),
    ):
        with pytest.raises(LessonError, match=f"A badge takes letters, digits and plain signs; “{odd}” is none"):
            lesson.put_badge(words)
    assert lesson.put_badge("© Zoë & Möwe, 2026!").tracks


def test_the_key_is_not_in_the_record_as_the_teachers_page_says(log):
    lesson.write_mark(word="Owl", key="the third shelf", picture="yellow-car")
    lesson.bench_model().note()
    assert log.events() and "third shelf" not in log.path.read_text("utf-8")
    told = (NOTEBOOKS.parent / "docs" / "teaching" / "06-marks-that-fade.md").read_text("utf-8")
    assert "It is not saved" not in told and "notebook is saved with it" in told
