import logging
import random
from dataclasses import replace

import cv2
import numpy as np
import pytest

from course import media, ui
from course.errors import InputError
from course.ui.look import static
from course.ui.probe import LARGEST_AREA, OWN, encoded, number, placing
from course.ui.upload import LARGEST

STILL, CLIP = "rotary-telephone", "wave-below"


def _reading(value=1.0, pixels=None, **more):
    overlay = None if pixels is None else 255 - pixels
    return ui.Reading(overlay=overlay, value=value, unit="u", sentence="So much.", confounders=("Light.",), **more)


LEAST = ui.Parameter("least", "Least", 0, 250, 10, 100)
GAIN = ui.Parameter("gain", "Gain", 1, 4, 0.5, 1, "times", moves_value=False)
BRIGHT = ui.Gauge(
    key="bright",
    title="Brightness",
    explanation="Counts bright pixels.",
    measure=lambda pixels, least, gain: _reading(float((pixels > least).mean()), pixels),
    parameters=(LEAST, GAIN),
)
SLOW = ui.Gauge(
    key="slow",
    title="Slow",
    explanation="Takes its time.",
    prepare=lambda pixels: pixels.mean(),
    measure=lambda pixels, mean: _reading(float(mean)),
    live=False,
)
PAIR = ui.Gauge(
    key="pair",
    title="Change",
    explanation="From frame to frame.",
    measure=lambda pair: _reading(float(np.abs(np.diff(pair.astype(int), axis=0)).mean()), pair[0]),
    looks_at="pair",
)
WHOLE = ui.Gauge(
    key="whole",
    title="Length",
    explanation="Counts frames.",
    measure=lambda clip, frame: _reading(float(len(clip.frames) + frame)),
    looks_at="clip",
    fewest=3,
)
LARGE = replace(BRIGHT, key="large", title="Large only", smallest=64)


def _refuse(pixels):
    raise InputError("This picture has no sky. Choose another.")


REFUSES = ui.Gauge(key="refuses", title="Refuses", explanation="Refuses.", measure=_refuse, parameters=())
NO_NUMBER = replace(REFUSES, key="nan", measure=lambda pixels: _reading(float("nan")))
GAUGES = (BRIGHT, SLOW, PAIR, WHOLE, LARGE, REFUSES, NO_NUMBER)


def _still(*shape):
    return media.Still(np.random.default_rng(0).integers(0, 256, (*shape, 3), dtype=np.uint8))


@pytest.fixture
def probe(tmp_path):
    pictures = {
        "still": STILL,
        "clip": media.catalogue()[CLIP],
        "tiny": _still(8, 8),
        "plain": media.Still(np.zeros((80, 90, 3), np.uint8)),
        "huge": _still(1500, 2000),
        "two frames": media.Clip(np.zeros((2, 40, 40, 3), np.uint8), 12.0),
        "missing": tmp_path / "gone.png",
    }
    return ui.Probe(pictures, GAUGES)


def _png(height=70, width=90):
    return cv2.imencode(".png", _still(height, width).pixels)[1].tobytes()


def test_a_slider_moves_the_number_and_each_measurement_keeps_its_own(probe):
    values = []
    for least in (0, 100, 200):
        assert probe.choose(parameters={"least": least})
        values.append(probe.reading().value)
    assert values == sorted(values, reverse=True) and len(set(values)) == 3
    probe.choose(gauge="slow")
    assert probe.parameters == {}
    probe.choose(gauge="bright")
    assert probe.parameters == {"least": 200, "gain": 1}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"picture": "nothing"}, "no picture of that name"),
        ({"picture": 3}, "no picture of that name"),
        ({"picture": "missing"}, "no file"),
        ({"gauge": ["bright"]}, "no measurement of that name"),
        ({"frame": -1}, "whole number"),
        ({"frame": 1.5}, "whole number"),
        ({"part": [50, 101]}, "two whole numbers"),
        ({"part": "50"}, "two whole numbers"),
        ({"parameters": {"least": 1000}}, "Least goes from 0 to 250 in steps of 10."),
        ({"parameters": {"least": float("nan")}}, "Least goes from"),
        ({"parameters": {"least": 15}}, "Least goes from"),
        ({"parameters": {"gain": True}}, "Gain goes from 1 to 4 times in steps of 0.5."),
        ({"parameters": {"colour": 1}}, "no such slider"),
        ({"parameters": 5}, "no such slider"),
    ],
)
def test_a_wrong_choice_is_one_sentence_and_changes_nothing(probe, wrong, said):
    probe.choose(picture="clip", frame=3, parameters={"least": 40})
    before = (probe.picture, probe.gauge, probe.frame, probe.parameters, probe.reading().value)
    # What is right in the same breath is not done either.
    assert not probe.choose(**{"parameters": {"least": 50}, "frame": 5, **wrong})
    assert said in probe.sentence and probe.sentence.endswith(".")
    assert before == (probe.picture, probe.gauge, probe.frame, probe.parameters, probe.reading().value)
    assert probe.sentence == ""


@pytest.mark.parametrize(
    ("picture", "gauge", "said"),
    [
        ("still", "pair", "Choose a clip"),
        ("plain", "whole", "Choose a clip"),
        ("two frames", "whole", "needs 3 frames, and this clip has 2"),
        ("tiny", "large", "at least 64 × 64 pixels, and this one has 8 × 8"),
        ("still", "refuses", "has no sky"),
        ("still", "nan", "no number"),
    ],
)
def test_a_measurement_that_does_not_fit_says_why(probe, picture, gauge, said):
    assert probe.choose(picture=picture, gauge=gauge)
    assert probe.reading() is None
    assert said in probe.sentence
    assert not probe.waits


@pytest.mark.parametrize(
    ("fault", "name"),
    [
        (lambda pixels: [][1], "IndexError"),
        (lambda pixels: pixels + np.zeros((1, 2, 3, 4)), "could not be broadcast"),  # a ValueError, and not ours
    ],
)
def test_a_fault_of_ours_is_logged_and_the_learner_is_not_blamed(caplog, fault, name):
    broken = replace(REFUSES, measure=fault)
    probe = ui.Probe({"still": STILL}, [broken])
    with caplog.at_level(logging.ERROR):
        assert probe.reading() is None
    assert "ours, not yours" in probe.sentence
    assert "broadcast" not in probe.sentence
    assert name in caplog.text


def test_what_takes_long_waits_to_be_asked_and_is_kept(probe):
    probe.choose(gauge="slow")
    assert probe.reading() is None and probe.waits
    value = probe.reading(asked=True).value
    assert not probe.waits and probe.sentence == ""
    probe.choose(gauge="bright")
    probe.choose(gauge="slow")
    assert probe.reading().value == value  # kept
    probe.choose(picture="plain")
    assert probe.reading() is None and probe.waits


def test_frames_are_those_the_measurement_can_look_at(probe):
    probe.choose(picture="clip", frame=23)
    probe.reading()
    assert (probe.frame, probe.frames) == (23, 24)
    probe.choose(gauge="pair")
    assert (probe.frame, probe.frames) == (22, 23)
    assert probe.reading().value > 0
    probe.choose(frame=9999)
    assert probe.frame == 22
    probe.choose(picture="still")
    assert (probe.frame, probe.frames) == (0, 1)


def test_of_a_large_picture_a_part_is_measured_on_the_grid_of_blocks(probe):
    probe.choose(picture="huge")
    whole = media.Still(_still(1500, 2000).pixels).pixels
    assert probe.part == (50, 50)
    for part in ((0, 0), (50, 50), (100, 35)):
        probe.choose(part=part)
        shown = probe.shown()
        height, width = shown.shape[:2]
        assert height * width <= LARGEST_AREA and height % 8 == width % 8 == 0
        left, top = (
            round((n - m) * p / 100) // 8 * 8 for n, m, p in zip((2000, 1500), (width, height), part, strict=True)
        )
        assert np.array_equal(shown, whole[top : top + height, left : left + width])
    assert f"{width} × {height} of 2000 × 1500 pixels" in probe.size_note()
    probe.choose(picture="still")
    assert probe.part is None and probe.size_note() == ""


def test_only_what_is_alike_is_placed_among_the_camera_pictures():
    null = (0.0, 0.2, 0.4, 1.0)
    gauges = [replace(BRIGHT, null=null), replace(PAIR, null=null), replace(WHOLE, null=null)]
    probe = ui.Probe({"still": STILL, "clip": CLIP, "other": _still(384, 384)}, gauges)
    reading = probe.reading()
    assert reading.place.count == 4 and reading.place.value == reading.value
    probe.choose(parameters={"gain": 3})  # moves the drawing alone
    assert probe.reading().place is not None
    probe.choose(parameters={"least": 200})
    reading = probe.reading()
    assert reading.place is None and "measured at least 100" in reading.unplaced
    probe.choose(parameters={"least": 100})
    for picture in ("other", "clip"):
        probe.choose(picture=picture)
        reading = probe.reading()
        assert reading.place is None and "one size" in reading.unplaced
    probe.choose(gauge="whole")
    assert probe.reading().place is not None
    probe.choose(gauge="pair")  # two frames are no clip
    assert probe.reading().place is None


def test_the_learners_own_file(probe, tmp_path):
    assert probe.open_own(_png())
    assert (probe.picture, probe.pictures[-1]) == (OWN, OWN)
    first = probe.reading().value
    seen = probe.seen
    assert probe.open_own(_png(60, 50))  # another takes its place, and nothing of the first is left
    assert probe.shown().shape == (60, 50, 3)
    assert probe.seen != seen and probe.reading().value != first
    assert probe.pictures.count(OWN) == 1


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (b"<html><script>alert(1)</script></html>", "“your file”"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "“your file”"),
        (_png()[:1000], "damaged"),
        (b"\0" * (LARGEST + 1), "at most 64 MB"),
    ],
)
def test_a_bad_file_is_one_sentence_and_what_was_there_stays(probe, data, said):
    before = probe.reading().value
    assert not probe.open_own(data)
    assert said in probe.sentence and probe.sentence.endswith(".")
    assert probe.picture == "still" and OWN not in probe.pictures
    assert probe.reading().value == before


def _random_act(probe, rng):
    numbers = [0, 1, 2.5, 10, -3, 40, 250, 1e9, float("nan"), float("inf"), True, "5", None, [1]]
    wild = [None, "", "x", 7, -1, 3.5, [], {}, [50, 50], (0, 100), True, float("nan")]
    if rng.random() < 0.05:
        return probe.open_own(rng.choice([b"", b"abc", _png(), _png()[:500], _png(8, 8), _png(9, 700)]))
    wanted = {}
    for name, good in (
        ("picture", probe.pictures),
        ("gauge", [gauge.key for gauge in probe.gauges]),
        ("frame", range(30)),
        ("part", [[0, 0], (100, 50), [35, 70]]),
        ("parameters", [{"least": 20}, {"gain": 2.5}, {"least": 250, "gain": 1}, {}]),
    ):
        if rng.random() < 0.5:
            wanted[name] = rng.choice(list(good)) if rng.random() < 0.8 else rng.choice(wild)
    if rng.random() < 0.2:
        wanted["parameters"] = {rng.choice(["least", "gain", "q", 3]): rng.choice(numbers)}
    return probe.choose(**wanted)


@pytest.mark.parametrize("seed", range(4))
def test_two_hundred_random_acts_end_in_a_reading_or_a_sentence(probe, seed, caplog):
    rng = random.Random(seed)
    done = 0
    for _ in range(200):
        was = (probe.picture, probe.gauge.key, probe.parameters)
        ok = _random_act(probe, rng)
        assert ok == (probe.sentence == "")
        if not ok:
            assert was == (probe.picture, probe.gauge.key, probe.parameters)
        done += ok
        reading = probe.reading(asked=rng.random() < 0.5)
        assert (reading is None) == (probe.sentence != "")
        assert not probe.waits or reading is None
        if reading is not None:
            assert np.isfinite(reading.value)
            if reading.overlay is not None:
                assert reading.overlay.shape == probe.shown().shape
        assert 0 <= probe.frame < probe.frames
    assert 20 < done < 200
    assert not caplog.records


# the view


def _ask(view, choice=None, **more):
    return view.answer({"type": "ask", "choice": choice or {}, **more})


def _decoded(data):
    return cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)[..., ::-1]


def test_an_answer_holds_the_pixels_once_and_the_overlay_each_time(probe):
    view = ui.ProbeView(probe)
    answer, (picture, overlay) = _ask(view)
    assert np.abs(_decoded(picture).astype(int) - probe.shown()).mean() < 2
    assert np.abs(_decoded(overlay).astype(int) - (255 - probe.shown())).mean() < 3
    assert answer["sentence"] == ""
    again, (only,) = _ask(view, {"parameters": {"least": 200}}, has=answer["seen"])
    assert "picture" not in again and only
    assert again["state"]["parameters"]["least"] == 200
    other, pictures = _ask(view, {"picture": "clip"}, has=answer["seen"])
    assert len(pictures) == 2 and other["seen"] != answer["seen"]


def test_a_refused_choice_keeps_the_state_and_says_why(probe):
    view = ui.ProbeView(probe)
    answer, _ = _ask(view, {"parameters": {"least": -5}})
    assert answer["refused"] and "Least goes from" in answer["sentence"]
    assert answer["state"]["parameters"]["least"] == 100
    answer, _ = _ask(view, {"gauge": "pair"})
    assert not answer["refused"] and "Choose a clip" in answer["sentence"] and "number" not in answer


@pytest.mark.parametrize(
    "message", [{}, {"type": "x"}, {"type": "ask", "choice": 5}, {"type": "ask", "choice": {"x": 1}}]
)
def test_odd_messages_are_answered_with_what_is(probe, message):
    answer, _ = ui.ProbeView(probe).answer(message)
    assert answer["state"]["picture"] == "still" and answer["sentence"] == ""


def test_what_goes_to_the_browser_tells_no_origin():
    probe = ui.Probe({"A": STILL, "B": "puppy-pavement"}, [replace(BRIGHT, null=(0.5, 0.1))])
    view = ui.ProbeView(probe)
    for label, name in (("A", STILL), ("B", "puppy-pavement")):
        item = media.catalogue()[name]
        answer, pictures = _ask(view, {"picture": label})
        sent = repr(answer) + repr(view.get_state())
        for secret in (item.id, item.path.name, item.sha256, item.package, item.generator or "camera_recorded"):
            assert secret not in sent
        assert all(b"Exif" not in one and b"http" not in one for one in pictures)


def test_a_file_arrives_in_pieces(probe):
    view = ui.ProbeView(probe)
    data = _png()
    for start in range(0, len(data), 5000):
        piece = memoryview(data[start : start + 5000])
        message = {"type": "piece", "start": start, "size": len(data)}
        answer, pictures = view.answer(message, [piece])
        assert pictures == []
        assert answer["type"] == ("opened" if start + 5000 >= len(data) else "more")
    assert not answer["refused"] and probe.picture == OWN
    assert OWN in view.setup["pictures"]
    answer, _ = view.answer({"type": "piece", "start": 0, "size": 3}, [b"abc"])
    assert answer["refused"] and "your file" in answer["sentence"]
    assert probe.picture == OWN and probe.reading() is not None  # the good one stays


def test_pictures_for_the_screen_are_small_enough():
    assert _decoded(encoded(_still(900, 1600).pixels)).shape == (405, 720, 3)
    assert _decoded(encoded(_still(1, 3000).pixels)).shape == (1, 720, 3)


def test_numbers_and_places_read_like_a_person_wrote_them():
    from course import forensics

    assert [number(value) for value in (1e-9, 9.999, 99.96, 123456.0, -0.5)] == [
        "0",
        "10.00",
        "100.0",
        "123456",
        "−0.500",
    ]
    assert placing(forensics.place(0.0, [1.0, 2.0])).startswith("Higher than none of our 2 camera pictures.")


def test_a_probe_without_choice_and_a_wrong_table_are_refused():
    for pictures, gauges in (({}, GAUGES), ({"A": STILL}, ()), ({"A": "no-such-item"}, GAUGES)):
        with pytest.raises(ValueError):
            ui.Probe(pictures, gauges)
    with pytest.raises(ValueError, match="needs prepare"):
        replace(BRIGHT, live=False)
    with pytest.raises(ValueError, match="default"):
        ui.Parameter("q", "Q", 0, 10, 3, 10)


def test_the_script_loads_nothing_and_writes_no_markup():
    script = static("parts.js", "probe.js")
    assert "innerHTML" not in script and "eval(" not in script and "fetch(" not in script
    assert script.rstrip().endswith("export default { render };")
