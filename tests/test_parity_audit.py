"""The audit finds what is planted, and the page in the docs says what the audit finds."""

from __future__ import annotations

import hashlib
import io
import re
from dataclasses import replace

import av
import cv2
import numpy as np
import pytest
from PIL import Image

from course import form_audit, media, parity
from course.forensics import picture_numbers
from course.judgement import Form
from course.lessons import clip_features
from course.lessons.lesson import free_items
from course.media.catalogue import data_folder

CATALOGUE = media.catalogue(data_folder())
FEW = 8


@pytest.fixture(scope="session")
def whole():
    """The audit of the pack that ships."""
    return parity.audit()


def some(kind, origin):
    return CATALOGUE.where(kind=kind, purpose="parity", origin=origin)[:FEW]


@pytest.fixture
def files_only(monkeypatch):
    """Leave the pictures out, which take most of the time, where a test is about the files."""
    monkeypatch.setattr(picture_numbers, "clip_numbers", lambda frames: {})


def copied(folder, kind, change=lambda raw, item: raw):
    """A small pack of one kind whose files went through `change`, with a catalogue that knows it."""
    items = {}
    for item in some(kind, "camera") + some(kind, "generated"):
        raw = change(item.path.read_bytes(), item)
        path = folder / item.path.name
        path.write_bytes(raw)
        items[item.id] = replace(item, path=path, bytes=len(raw), sha256=hashlib.sha256(raw).hexdigest())
    return media.Catalogue(items)


def changing(origin, change):
    return lambda raw, item: change(raw) if item.origin == origin else raw


def rows_of(found):
    return {row.feature: row for row in found.rows}


def problems_with(folder, kind, change):
    """The features a planted change is found in, among those that tell nothing without it."""
    found = rows_of(parity.audit(copied(folder, kind, change)))
    return {name for name, row in found.items() if row.problem and parity.FEATURES[name].fixed}


# planted leaks: files


def one_byte_more(raw):
    """An MP4 whose last box, the filling, is one byte longer."""
    at = len(raw) - int.from_bytes(raw[raw.rindex(b"free") - 4 : raw.rindex(b"free")], "big")
    return raw[:at] + (len(raw) - at + 1).to_bytes(4, "big") + raw[at + 4 :] + b"\0"


def commented(raw, text=b"made by hand"):
    """A JPEG of the same length with a word in its filling."""
    at = raw.index(b"\xff\xfe") + 4
    return raw[:at] + text + raw[at + len(text) :]


def at_rate(raw, rate):
    """The same frames coded again at another rate, filled up to the same size."""
    with av.open(io.BytesIO(raw)) as container:
        frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=rate)
        stream.height, stream.width = frames[0].shape[:2]
        stream.pix_fmt = "yuv420p"
        stream.options = {"preset": "veryfast"}
        for frame in frames:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(frame)))
        container.mux(stream.encode())
    made = out.getvalue()
    missing = len(raw) - len(made)
    return made + missing.to_bytes(4, "big") + b"free" + bytes(missing - 8)


@pytest.mark.parametrize("kind", ["clip", "still"])
def test_an_honest_copy_has_no_leak_in_what_the_pipeline_sets(tmp_path, kind, files_only):
    assert problems_with(tmp_path, kind, lambda raw, item: raw) == set()


@pytest.mark.parametrize("origin", ["camera", "generated"])
def test_one_byte_more_is_found_in_either_half(tmp_path, origin, files_only):
    found = problems_with(tmp_path, "clip", changing(origin, one_byte_more))
    assert found == {"file size", "bit rate"}


def test_one_byte_more_is_an_area_of_one(tmp_path, files_only):
    row = rows_of(parity.audit(copied(tmp_path, "clip", changing("generated", one_byte_more))))["file size"]
    assert row.leaks
    assert row.auc.value == row.auc.high == 1
    assert row.auc.low > 0.6
    assert row.generated_median - row.camera_median == 1


def test_one_single_file_of_its_own_is_found_though_the_interval_holds_a_half(tmp_path, files_only):
    odd = some("clip", "camera")[0].id
    found = parity.audit(copied(tmp_path, "clip", lambda raw, item: one_byte_more(raw) if item.id == odd else raw))
    row = rows_of(found)["file size"]
    assert not row.leaks
    assert row.problem in found.problems


def test_another_rate_is_found(tmp_path, files_only):
    found = problems_with(tmp_path, "clip", changing("generated", lambda raw: at_rate(raw, 15)))
    assert {"frame rate", "duration", "bit rate", "header"} <= found
    assert "file size" not in found


def test_another_encoder_is_found_though_size_and_rate_agree(tmp_path, files_only):
    found = problems_with(tmp_path, "clip", changing("camera", lambda raw: at_rate(raw, 12)))
    assert {"header", "metadata", "encoder's words"} <= found
    assert found.isdisjoint({"file size", "frame rate", "duration", "bit rate"})


def test_a_word_in_the_filling_is_found_and_moves_no_number_of_the_picture(tmp_path):
    assert problems_with(tmp_path, "still", changing("generated", commented)) == {"metadata"}
    planted = rows_of(parity.audit(copied(tmp_path, "still", changing("generated", commented))))
    honest = rows_of(parity.audit(copied(tmp_path, "still")))
    for name, row in honest.items():
        assert (row.group == "picture") <= (planted[name].auc == row.auc), name


def test_another_quality_and_a_camera_s_metadata_are_found(tmp_path):
    def saved_again(raw):
        out = io.BytesIO()
        exif = Image.Exif()
        exif[0x0110] = "A phone"
        Image.open(io.BytesIO(raw)).save(out, "JPEG", quality=80, subsampling="4:4:4", exif=exif)
        return out.getvalue()

    found = problems_with(tmp_path, "still", changing("camera", saved_again))
    assert {"file size", "codec", "order of parts", "header", "metadata"} <= found


def test_longer_names_and_descriptions_are_found():
    def longer(item):
        return replace(item, id=f"{item.id}-and-more-of-it", alt=f"{item.alt} " + "And so on and on. " * 5)

    items = [*some("still", "camera"), *map(longer, some("still", "generated"))]
    found = parity.audit(media.Catalogue({item.id: item for item in items}))
    rows = rows_of(found)
    for name in ("name length", "description length"):
        assert rows[name].leaks
        assert rows[name].problem in found.problems


# planted leaks: pictures


def test_a_blur_a_tint_and_a_caption_are_disclosed_and_no_failure(tmp_path):
    def marked(raw):
        pixels = cv2.imdecode(np.frombuffer(raw, np.uint8), cv2.IMREAD_COLOR)
        pixels = cv2.GaussianBlur(pixels, (0, 0), 3)
        pixels = cv2.addWeighted(pixels, 0.5, np.full_like(pixels, (0, 60, 255)), 0.5, 0)
        cv2.putText(pixels, "MADE BY HAND", (6, 376), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (255, 255, 255), 2)
        coded = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, 90])[1].tobytes()
        return coded

    rows = rows_of(parity.audit(copied(tmp_path, "still", changing("generated", marked))))
    for name, more in {"saturation": True, "fine detail": False, "sharpness": False, "corner text": True}.items():
        assert rows[name].leaks, name
        assert (rows[name].auc.value > 0.5) == more
        assert rows[name].problem is None


# what is measured


def test_facts_of_a_clip_come_from_the_file_and_not_from_the_catalogue(tmp_path):
    honest = some("clip", "camera")[0]
    path = tmp_path / "other.mp4"
    path.write_bytes(at_rate(honest.path.read_bytes(), 10))
    raw = path.read_bytes()
    told = replace(honest, path=path, bytes=len(raw), sha256=hashlib.sha256(raw).hexdigest())
    facts = parity.measure(told)
    assert told.fps == 12
    assert facts["frame rate"] == 10
    assert facts["duration"] == pytest.approx(2.4)
    assert facts["bit rate"] == pytest.approx(len(raw) * 8 / 2.4 / 1000)


def test_coded_size_and_filling_make_up_the_file():
    still = some("still", "camera")[0]
    raw = still.path.read_bytes()
    filling = re.match(rb"(?:\xff\xfe..\0*)+", raw[2:], re.DOTALL)[0]
    assert parity.measure(still)["coded size"] == len(raw) - len(filling)

    clip = some("clip", "camera")[0]
    raw = clip.path.read_bytes()
    at = raw.index(b"mdat")
    assert parity.measure(clip)["coded size"] == int.from_bytes(raw[at - 4 : at], "big") - 8


def test_one_origin_alone_cannot_be_compared():
    items = some("still", "camera")
    with pytest.raises(ValueError, match="one origin"):
        parity.audit(media.Catalogue({item.id: item for item in items}))


def test_a_damaged_file_is_named(tmp_path):
    pack = copied(tmp_path, "still")
    victim = next(iter(pack.values()))
    victim.path.write_bytes(victim.path.read_bytes()[:-1])
    with pytest.raises(media.MediaError, match=victim.id):
        parity.audit(pack)


# the pack that ships, and the page


def test_every_feature_is_measured_and_explained(whole):
    for kind in ("clip", "still"):
        for origin in ("camera", "generated"):
            assert whole.counts[kind, origin] == len(CATALOGUE.where(kind=kind, purpose="parity", origin=origin))
    assert {row.feature for row in whole.rows} == set(parity.FEATURES)
    assert set(parity.WHY) == {name for name, feature in parity.FEATURES.items() if feature.group == "picture"}


def test_nothing_in_the_files_of_the_pack_tells_the_origin(whole):
    assert whole.file_problems == ()


def test_the_forms_measure_an_eye_and_nothing_else(whole):
    assert whole.forms.problems == ()
    assert set(whole.problems) == set()


def test_the_forms_of_the_pack_are_asked_about_all_that_is_measured_and_shown(whole):
    forms = form_audit.load_forms()
    assert whole.forms.names == tuple(form.name for form in forms)
    for kind in ("clip", "still"):
        features = {name for name, one in parity.FEATURES.items() if one.group == "picture"}
        measured = set(whole.forms.singles[kind, form_audit.TOGETHER])
        assert measured == (features if kind == "clip" else features - {"motion", "flicker"})
        assert set(whole.forms.detectors[kind, form_audit.TOGETHER]) == {"linear", "tree", "forest"}
        for origin in ("camera", "generated"):
            free = free_items(kind=kind, purpose="parity", origin=origin)
            assert whole.forms.learned[kind, origin] == len(free)
    assert {item.id for item in free_items()} <= set(whole.looks)


def test_the_detector_of_lesson_4_looks_at_nothing_that_the_audit_leaves_out():
    """By the function that measures; only where a clip is looked at differs."""
    measuring = {feature.of_picture for feature in clip_features.FEATURES.values()} - {None}
    assert measuring <= set(picture_numbers.OF_A_PICTURE.values())
    needs_two = {key for key, feature in clip_features.FEATURES.items() if feature.of_picture is None}
    assert needs_two == {"movement"} and "motion" in picture_numbers.OF_A_STEP


def test_statistics_are_what_is_measured_of_the_picture():
    item = some("clip", "camera")[0]
    facts = parity.measure(item)
    assert parity.statistics(item) == {
        name: facts[name] for name, feature in parity.FEATURES.items() if feature.group == "picture"
    }


# shortcuts and siblings planted in the real pack


def planted(whole, change, **more):
    """What an audit of changed forms says that it does not say of those that ship."""
    forms = {form.name: list(form.items) for form in form_audit.load_forms()}
    change(forms)
    unseen = {name for items in forms.values() for name in items}
    shown = [item for item in free_items() if item.id not in unseen] + list(more.get("shown", ()))
    catalogue = media.Catalogue({**CATALOGUE, **{item.id: item for item in more.get("shown", ())}})
    found = form_audit.audit_forms(
        [Form(name, tuple(items), name) for name, items in forms.items()],
        catalogue,
        shown,
        {**whole.looks, **more.get("looks", {})},
        form_audit.elsewhere(),
    )
    return set(found.problems) - set(whole.forms.problems)


@pytest.fixture
def no_cuts(monkeypatch):
    monkeypatch.setattr(form_audit, "_cuts", lambda asked, known: {})


@pytest.mark.usefixtures("no_cuts")
def test_a_form_of_the_most_moving_generated_and_the_calmest_camera_clips_is_found(whole):
    name = whole.forms.names[-1]

    def change(forms):
        taken = {one for other, items in forms.items() if other != name for one in items}
        clips = {
            origin: sorted(
                (item.id for item in CATALOGUE.where(kind="clip", purpose="parity", origin=origin)),
                key=lambda one: whole.looks[one].numbers["motion"] if one in whole.looks else 0.0,
            )
            for origin in ("camera", "generated")
        }
        free = {origin: [one for one in names if one not in taken] for origin, names in clips.items()}
        stills = [one for one in forms[name] if CATALOGUE[one].kind == "still"]
        forms[name] = [*free["camera"][:4], *free["generated"][-4:], *stills]

    found = planted(whole, change)
    area = 1.0
    assert any(
        one.startswith(f"In form {name} the motion of the clips tells the origin: AUC {area:.3f}") for one in found
    )


@pytest.mark.usefixtures("no_cuts")
def test_a_generator_that_only_one_form_shows_is_found(whole):
    first = whole.forms.names[0]
    held = next(one for item in whole.forms.held_back.values() for one in item)
    found = planted(whole, lambda forms: forms[first].append(held))
    assert any("which no lesson shows" in one and held in one for one in found)
    assert any(f"“{held}” is in form {first} and in form" in one for one in found)


@pytest.mark.parametrize("kind", ["clip", "still"])
@pytest.mark.parametrize("change", ["mirrored", "cut", "saved again"])
def test_a_copy_that_passes_for_another_scene_is_found(whole, kind, change, monkeypatch):
    """What was done to the copy, and which of the two looks finds it."""
    if change != "cut":
        monkeypatch.setattr(form_audit, "_cuts", lambda asked, known: {})
    name = whole.forms.names[0]
    item = next(CATALOGUE[one] for one in form_audit.load_forms()[0].items if CATALOGUE[one].kind == kind)
    shown = media.load(item)
    frames = shown.frames if kind == "clip" else shown.pixels[None]
    side = frames.shape[1]
    if change == "mirrored":
        frames = frames[:, :, ::-1]
    if change == "cut":
        frames = frames[:, side // 8 : side * 7 // 8, side // 6 : side * 11 // 12]
    coded = [
        cv2.imencode(".jpg", cv2.resize(frame[:, :, ::-1], (200, 200)), [cv2.IMWRITE_JPEG_QUALITY, 70])[1]
        for frame in frames
    ]
    frames = np.stack([cv2.imdecode(one, cv2.IMREAD_COLOR)[:, :, ::-1] for one in coded])
    copy = replace(item, id="the-copy", scene="something else")
    again = media.Clip(frames, 12.0) if kind == "clip" else media.Still(frames[0])
    looks = {"the-copy": form_audit.look(again, whole.looks[item.id].numbers)}
    found = [one for one in planted(whole, lambda forms: None, shown=[copy], looks=looks) if "the-copy" in one]
    assert len(found) == 1
    assert found[0].startswith(f"“{item.id}” of form {name} shows the same as “the-copy” (shown openly): ")
    assert found[0].endswith(
        {"mirrored": ", mirrored.", "cut": "one is cut out of the other.", "saved again": " bits apart."}[change]
    )


def test_the_reasons_on_the_page_fit_the_direction_of_the_numbers(whole):
    rows = {(row.kind, row.feature): row for row in whole.rows}
    for feature in ("saturation", "motion", "flicker"):
        row = rows["clip", feature]
        assert not row.leaks or row.auc.value > 0.5


def test_an_interval_that_just_leaves_out_a_half_does_not_look_as_if_it_held_it():
    row = parity.Row("clip", "flicker", "picture", 1.0, 2.0, parity.judgement.Auc(0.65, 0.503, 0.8), 40)
    text = parity.page(parity.Audit((row,), {("clip", "camera"): 20, ("clip", "generated"): 20}))
    assert text.count("0.503 to 0.800") == 2
    held = replace(row, auc=parity.judgement.Auc(0.64, 0.498, 0.79))
    assert "0.50 to 0.79 | no |" in parity.page(
        parity.Audit((held,), {("clip", "camera"): 20, ("clip", "generated"): 20})
    )


def test_what_is_printed_ends_with_the_verdict(whole, monkeypatch, tmp_path):
    from rich.console import Console

    monkeypatch.setattr(parity, "audit", lambda: whole)
    out = io.StringIO()
    good = parity.run(write=tmp_path / "page.md", console=Console(file=out, width=120))
    said = out.getvalue()
    assert good == (not whole.problems)
    assert all(problem in said for problem in whole.problems)
    assert said.count("Tells?") == 2
    assert (tmp_path / "page.md").read_bytes().decode("utf-8") == parity.page(whole)


def test_a_leak_in_a_file_makes_the_command_fail(whole, monkeypatch, tmp_path, files_only):
    from rich.console import Console

    planted = parity.audit(copied(tmp_path, "clip", changing("generated", one_byte_more)))
    monkeypatch.setattr(parity, "audit", lambda: planted)
    out = io.StringIO()
    assert parity.run(console=Console(file=out, width=120)) is False
    assert "The file size of the clips tells the origin" in out.getvalue()
    assert "must not" in parity.page(planted)


def table(text):
    """Rows of a page by kind and feature: medians, area, ends of the interval, verdict."""
    found, kind = {}, None
    for line in text.splitlines():
        if line.startswith("#"):
            heading = re.match(r"### .*: (clip|still)s$", line)
            kind = heading and heading[1]
        elif kind and line.startswith("| ") and not line.startswith("| Feature"):
            name, _, camera, generated, area, ends, tells = (cell.strip() for cell in line.strip("|").split("|"))
            found[kind, name] = (camera, generated, float(area), *map(float, ends.split(" to ")), "yes" in tells)
    return found


def test_the_page_in_the_docs_is_the_one_that_the_command_writes_now(whole):
    written, now = table(parity.PAGE.read_text(encoding="utf-8")), table(parity.page(whole))
    assert written.keys() == now.keys()
    for key, (*medians, area, low, high, tells) in now.items():
        *medians_then, area_then, low_then, high_then, tells_then = written[key]
        # Another decoder may round another way.
        assert (area, low, high) == pytest.approx((area_then, low_then, high_then), abs=0.02), key
        for value, then in zip(medians, medians_then, strict=True):
            if value[0].isdigit() and "kinds" not in value:
                value, then = (float(text.replace(",", "")) for text in (value, then))
                assert value == pytest.approx(then, rel=0.05, abs=0.02), key
            else:
                assert value == then, key
        if min(abs(low - 0.5), abs(high - 0.5)) > 0.02:
            assert tells == tells_then, key
    for kind in ("clip", "still"):
        for origin in ("camera", "generated"):
            assert f"{whole.counts[kind, origin]} {origin}" in parity.PAGE.read_text(encoding="utf-8")


def test_the_page_says_of_the_forms_what_is_found_now(whole):
    """All but the figures word for word; those of areas may round another way with another decoder."""
    written, now = (
        text[text.index("## The forms of the blind trial") :]
        for text in (parity.PAGE.read_text(encoding="utf-8"), parity.page(whole))
    )
    figure = r"\d\.\d{2,3}"
    assert re.sub(rf"\**{figure} \({figure} to {figure}\)\**", "", written) == re.sub(
        rf"\**{figure} \({figure} to {figure}\)\**", "", now
    )
    then = [float(one) for one in re.findall(figure, written)]
    assert then == pytest.approx([float(one) for one in re.findall(figure, now)], abs=0.07)


def test_the_page_has_no_number_that_the_table_lacks(whole):
    text = parity.page(whole)
    told = re.findall(r"\*\*([\w' ]+), (clip|still)s\*\*: AUC (\d\.\d\d)", text)
    telling = [row for row in whole.rows if row.group == "picture" and row.leaks]
    assert [(name, kind) for name, kind, _ in told] == [(row.feature, row.kind) for row in telling]
    for (_, _, area), row in zip(told, telling, strict=True):
        assert float(area) == pytest.approx(row.auc.value, abs=0.005)
