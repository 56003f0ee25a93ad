"""Controlled pairs: what is said to be changed is changed, nothing else is, and the steps do what they say."""

import hashlib
import importlib.util
import io
import json
import shutil
import subprocess
import sys
import tomllib

import cv2
import numpy as np
import pytest
from PIL import Image

from course import media
from course.media.catalogue import data_folder

PAIRS = media.controlled()
FOLDER = data_folder() / "media"
EVERYWHERE = sorted(name for name, pair in PAIRS.items() if pair.whole)
SOMEWHERE = sorted(PAIRS.keys() - set(EVERYWHERE))


def load_script():
    sys.path.insert(0, str(FOLDER))  # the script imports build.py, which lies beside it
    try:
        spec = importlib.util.spec_from_file_location("look_twice_build_controlled", FOLDER / "build_controlled.py")
        module = importlib.util.module_from_spec(spec)
        sys.modules[spec.name] = module  # dataclasses look their module up
        spec.loader.exec_module(module)
        return module
    finally:
        sys.path.remove(str(FOLDER))


script = load_script()
BuildError = script.build.BuildError
RANDOM = np.random.default_rng(11)
TEXTURE = cv2.GaussianBlur(RANDOM.integers(0, 256, (120, 160, 3)).astype(np.uint8), (0, 0), 2)
TEXTURE = cv2.normalize(TEXTURE, None, 0, 255, cv2.NORM_MINMAX)
SQUARE = [[20, 30], [59, 30], [59, 69], [20, 69]]


def difference(first, second):
    return np.abs(first.astype(int) - second).max(axis=-1)


# --- what ships ------------------------------------------------------------------------------------------


def test_there_are_enough_and_the_promised_steps_are_among_them():
    assert len(PAIRS) >= 8
    promised = {"super-resolution", "style-transfer", "inpainting", "copy-move", "splice", "interpolation"}
    assert promised <= {pair.step for pair in PAIRS.values()} <= set(script.STEPS)
    assert list(PAIRS) == sorted(PAIRS)
    assert {pair.deceptive for pair in PAIRS.values()} == {True, False}


@pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS)
def test_every_pair_is_documented_and_says_that_it_is_simulated(pair):
    shown = media.catalogue()
    assert 1 <= len(pair.sources) <= 2
    for name in pair.sources:
        assert shown[name].origin == "camera"
        assert shown[name].author in pair.author
        if "-SA-" in shown[name].licence:
            assert pair.licence == shown[name].licence
    assert pair.credit.startswith("Simulated")
    assert pair.author in pair.credit and pair.licence in pair.credit
    for words in (pair.says, pair.look_for, pair.before_alt, pair.after_alt):
        assert 20 <= len(words) <= 240 and words.endswith((".", ")."))
    for words in (pair.says, pair.look_for):
        assert words.count(". ") == 0, "one sentence"
    assert pair.before_alt != pair.after_alt
    assert (pair.width, pair.height) in ((640, 640), (640, 480), (640, 272))


def test_no_form_of_the_blind_trial_uses_a_source():
    forms = sorted((data_folder() / "forms").glob("*.toml"))
    assert forms
    used = {name for pair in PAIRS.values() for name in pair.sources}
    for form in forms:
        assert not used & set(tomllib.loads(form.read_text(encoding="utf-8"))["items"]), form.name


def segments(jpeg):
    at, found = 2, []
    while jpeg[at + 1] != 0xDA:
        length = int.from_bytes(jpeg[at + 2 : at + 4], "big")
        found.append((jpeg[at + 1], jpeg[at + 4 : at + 2 + length]))
        at += 2 + length
    return found


@pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS)
def test_nothing_but_the_picture_differs(pair):
    before, after = (segments(path.read_bytes()) for path in (pair.before, pair.after))
    assert before == after, "quantisers, sampling, size and Huffman tables"
    assert {kind for kind, _ in before} == {0xE0, 0xDB, 0xC0, 0xC4}, "no metadata, no comment"
    with Image.open(pair.mask) as mask:
        assert (mask.mode, mask.size, mask.info) == ("1", (pair.width, pair.height), {})


@pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS)
def test_pixels_are_as_the_list_says(pair):
    changed = media.load_controlled(pair)
    assert changed.about is pair
    assert changed.before.shape == changed.after.shape == (pair.height, pair.width, 3)
    assert changed.before.dtype == changed.after.dtype == np.uint8
    assert changed.mask.shape == (pair.height, pair.width) and changed.mask.dtype == bool
    assert not any(pixels.flags.writeable for pixels in (changed.before, changed.after, changed.mask))
    assert changed.mask.mean() == pytest.approx(pair.changed_share, abs=1e-4)
    assert pair.whole == changed.mask.all()


@pytest.mark.parametrize("name", SOMEWHERE)
def test_outside_the_mask_nothing_is_changed(name):
    changed = media.load_controlled(name)
    off = difference(changed.before, changed.after)
    assert np.median(off[~changed.mask]) == 0
    # One JPEG on each side, with blocks of 16: what is further than a block from the mask is the same bit for bit
    # (two more pixels, because the decoder smooths colour across the edge of a block).
    near = cv2.dilate(changed.mask.astype(np.uint8), np.ones((37, 37), np.uint8)) > 0
    assert (~near).mean() > 0.5
    assert off[~near].max() == 0


@pytest.mark.parametrize("name", PAIRS)
def test_inside_the_mask_it_is_changed(name):
    changed = media.load_controlled(name)
    off = difference(changed.before, changed.after)[changed.mask]
    assert off.mean() > 5
    assert np.median(off) >= 2


def test_files_are_those_of_the_list():
    checked = list(media.verify_controlled())
    assert len(checked) == 3 * len(PAIRS)
    assert [problem for _, problem in checked if problem] == []
    listed = {getattr(pair, part) for pair in PAIRS.values() for part in ("before", "after", "mask")}
    assert listed == set((FOLDER / "controlled").iterdir())
    for pair in PAIRS.values():
        assert hashlib.sha256(pair.after.read_bytes()).hexdigest() == pair.sha256["after"]
    assert sum(path.stat().st_size for path in listed) < 3_000_000


def test_the_list_agrees_with_its_plans():
    listing = json.loads((FOLDER / "controlled.json").read_text(encoding="utf-8"))
    plans = script.read_plans()
    assert script.check(listing["controlled"], plans) == []
    assert list(listing["made_with"]) == ["python", "numpy", "opencv", "pillow", "pyav"]
    items = media.catalogue()
    for entry in listing["controlled"]:
        plan = plans[entry["name"]]
        for field in ("step", "title", "says", "look_for", "deceptive", "before_alt", "after_alt"):
            assert entry[field] == getattr(plan, field)
        assert entry["parameters"] == (plan.parameters or {})
        assert tuple(source["id"] for source in entry["sources"]) == plan.sources
        for source in entry["sources"]:
            assert source["sha256"] == items[source["id"]].source_sha256


def test_networks_are_pinned_packages():
    packages = script.build.read_packages()
    for step, keys in script.NETWORKS.items():
        assert step in script.STEPS
        assert all(packages[key].registry == "pypi" for key in keys)


# --- what the pairs are said to show -----------------------------------------------------------------------


def fineness(pixels):
    return cv2.Laplacian(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), cv2.CV_64F).var()


def test_the_fine_hairs_are_gone_and_others_are_there():
    dandelion = media.load_controlled("dandelion-detail")
    small_before, small_after = (
        cv2.resize(pixels, (80, 80), interpolation=cv2.INTER_AREA) for pixels in (dandelion.before, dandelion.after)
    )
    assert difference(small_before, small_after).mean() < 8, "seen from afar it is the same picture"
    assert fineness(dandelion.after) < 0.7 * fineness(dandelion.before)
    # More than what enlarging alone gives: the network drew edges.
    height, width = dandelion.mask.shape
    small = cv2.resize(dandelion.before, (width // 4, height // 4), interpolation=cv2.INTER_AREA)
    large = cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)
    assert fineness(dandelion.after) > 2 * fineness(large)


def test_the_second_fir_is_the_first_one():
    firs = media.load_controlled("second-fir")
    told = firs.about.parameters
    outline = np.array(told["outline"], float)
    centre = outline.mean(axis=0)
    matrix = cv2.getRotationMatrix2D(tuple(centre), told["turn"], told["scale"])
    matrix[:, 2] += told["shift"]
    back = cv2.warpAffine(firs.after, cv2.invertAffineTransform(matrix), firs.mask.shape[::-1])
    inside = cv2.erode(script.area(firs.mask.shape, outline).astype(np.uint8), np.ones((9, 9), np.uint8)) > 0
    grey = [cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)[inside] for pixels in (firs.before, back)]
    assert np.corrcoef(*grey)[0, 1] > 0.8


def test_error_level_analysis_sees_the_box_that_was_saved_again():
    houses = media.load_controlled("canal-resaved")

    def level(pixels, quality):
        return np.abs(script.through_jpeg(pixels, quality).astype(int) - pixels)[houses.mask].mean()

    for quality in (50, 75):
        assert level(houses.after, quality) < 0.5 * level(houses.before, quality)


def test_the_larches_turn_from_orange_to_green():
    wood = media.load_controlled("summer-larches")
    core = cv2.erode(wood.mask.astype(np.uint8), np.ones((31, 31), np.uint8)) > 0
    hue_before, hue_after = (
        np.median(cv2.cvtColor(pixels, cv2.COLOR_RGB2HSV)[..., 0][core]) * 2 for pixels in (wood.before, wood.after)
    )
    assert 10 < hue_before < 50
    assert 70 < hue_after < 120


def test_the_lone_dog_is_a_part_of_the_frame_and_softer():
    dog = media.load_controlled("dog-alone")
    x, y, w, h = dog.about.parameters["crop"]
    part = dog.before[y : y + h, x : x + w]
    shrunk = cv2.resize(dog.after, (w, h), interpolation=cv2.INTER_AREA)
    assert np.abs(shrunk.astype(int) - part).mean() < 6
    assert fineness(dog.after) < 0.5 * fineness(part)


def test_the_computed_frame_is_near_the_true_one_and_torn_at_edges():
    taxi = media.load_controlled("taxi-between")
    off = difference(taxi.before, taxi.after)
    assert np.median(off) < 6
    assert np.percentile(off, 98) > 30


# --- the module ----------------------------------------------------------------------------------------------


def test_reading_the_list_is_light():
    code = "import sys; from course import media; media.controlled(); print({'numpy', 'cv2', 'av'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def copied(tmp_path):
    folder = tmp_path / "data"
    (folder / "media" / "controlled").mkdir(parents=True)
    shutil.copy(FOLDER / "controlled.json", folder / "media")
    for part in ("before", "after", "mask"):
        path = getattr(PAIRS["car-door"], part)
        shutil.copy(path, folder / "media" / "controlled" / path.name)
    return folder


def test_a_missing_or_damaged_list_is_said_plainly(tmp_path):
    with pytest.raises(media.MediaError, match=r"missing.*git restore data/media"):
        media.controlled(tmp_path / "nowhere")
    for number, damage in enumerate(("", "{", "[]", '{"controlled": 3}', '{"controlled": [{"name": "fir"}]}')):
        folder = tmp_path / str(number)
        (folder / "media").mkdir(parents=True)
        (folder / "media" / "controlled.json").write_text(damage, encoding="utf-8")
        with pytest.raises(media.MediaError, match=r"damaged.*git restore data/media"):
            media.controlled(folder)


def test_missing_changed_and_undecodable_files_are_said_plainly(tmp_path):
    folder = copied(tmp_path)
    pairs = media.controlled(folder)
    door = pairs["car-door"]
    assert media.load_controlled(door).mask.any()
    with pytest.raises(media.MediaError, match=r"“before” of the changed picture “second-fir” is missing.*git restore"):
        media.load_controlled(pairs["second-fir"])
    raw = bytearray(door.after.read_bytes())
    raw[-100] ^= 1
    door.after.write_bytes(raw)
    with pytest.raises(media.MediaError, match=r"“after” of the changed picture “car-door” is not the one"):
        media.load_controlled(door)
    problems = [problem for name, problem in media.verify_controlled({"car-door": door})]
    assert [bool(problem) for problem in problems] == [False, True, False]
    with pytest.raises(KeyError):
        media.load_controlled("no-such-pair")


def test_a_file_that_is_no_picture_is_said_plainly(tmp_path):
    folder = copied(tmp_path)
    listing = folder / "media" / "controlled.json"
    entries = json.loads(listing.read_text(encoding="utf-8"))
    (file,) = (entry["files"]["mask"] for entry in entries["controlled"] if entry["name"] == "car-door")
    (folder / file["path"]).write_bytes(b"no picture")
    file["sha256"] = hashlib.sha256(b"no picture").hexdigest()
    listing.write_text(json.dumps(entries), encoding="utf-8")
    with pytest.raises(media.MediaError, match=r"“mask”.*cannot be decoded.*git restore"):
        media.load_controlled(media.controlled(folder)["car-door"])


# --- the steps -------------------------------------------------------------------------------------------------


def test_a_feather_rises_inside_the_outline_only():
    inside = script.area((120, 160, 3), SQUARE)
    assert inside.sum() == 40 * 40
    weights = script.feathered(inside, 6)
    assert weights[~inside].max() == 0
    assert weights[50, 40] == pytest.approx(1, abs=1e-5)
    row = weights[50, 20:30]
    assert row[0] < 0.2 and np.all(np.diff(row) >= 0) and row[-1] > 0.99
    assert np.array_equal(script.feathered(inside, 0), inside)


def test_copy_move_repeats_the_region_and_touches_nothing_else():
    after, changed = script.copy_move(TEXTURE, SQUARE, shift=(70, 20), feather=0)
    assert np.array_equal(changed, script.area(TEXTURE.shape, np.add(SQUARE, (70, 20))))
    assert np.array_equal(after[50:90, 90:130], TEXTURE[30:70, 20:60])
    assert np.array_equal(after[~changed], TEXTURE[~changed])


def test_copy_move_scales_and_turns():
    _, half = script.copy_move(TEXTURE, SQUARE, shift=(70, 20), scale=0.5, feather=0)
    assert half.sum() == pytest.approx(400, rel=0.1)
    turned, changed = script.copy_move(TEXTURE, SQUARE, shift=(70, 20), turn=90, feather=0)
    inner = turned[55:85, 95:125]
    assert np.array_equal(inner, np.rot90(TEXTURE[30:70, 20:60])[5:35, 5:35])
    assert changed.sum() == pytest.approx(1600, rel=0.03)


def test_splice_pastes_and_matches_the_light():
    street = np.full((120, 160, 3), 60, np.uint8)
    donor = np.full((200, 200, 3), 180, np.uint8)
    donor[60:140, 60:140] = (200, 160, 40)
    outline = [[60, 60], [139, 60], [139, 139], [60, 139]]
    plain, changed = script.splice(street, donor, outline, at=(80, 60), scale=0.5, feather=0, light=0)
    assert changed.sum() == pytest.approx(1600, rel=0.06)
    assert np.array_equal(plain[~changed], street[~changed])
    assert np.abs(plain[60, 80].astype(int) - (200, 160, 40)).max() <= 1
    lit, _ = script.splice(street, donor, outline, at=(80, 60), scale=0.5, feather=0, light=1)
    lightness = [cv2.cvtColor(shown, cv2.COLOR_RGB2LAB)[60, 80, 0] for shown in (street, plain, lit)]
    assert abs(int(lightness[2]) - lightness[0]) <= 2 < lightness[1] - lightness[0]
    assert lit[60, 80, 0] > lit[60, 80, 2] + 20, "it keeps its colour"


def test_inpainting_takes_the_thing_out():
    slope = np.repeat(np.linspace(60, 200, 160).astype(np.uint8)[None, :, None], 120, axis=0).repeat(3, axis=2)
    spotted = slope.copy()
    cv2.circle(spotted, (80, 60), 8, (0, 0, 0), -1)
    outline = [[69, 49], [91, 49], [91, 71], [69, 71]]
    after, changed = script.take_out(spotted, outline, 5)
    assert np.array_equal(after[~changed], spotted[~changed])
    assert difference(spotted, slope)[changed].max() > 100
    assert difference(after, slope)[changed].max() < 12


def test_interpolation_finds_the_middle_of_a_steady_move():
    wide = cv2.resize(TEXTURE, (320, 240), interpolation=cv2.INTER_CUBIC)
    first, true, last = (wide[20:220, 40 - shift : 280 - shift] for shift in (0, 4, 8))
    middle, changed = script.interpolate(first, last)
    assert changed.all()
    inner = np.s_[20:-20, 20:-20]
    blend = ((first.astype(int) + last) / 2)[inner]
    assert np.abs(middle[inner].astype(int) - true[inner]).mean() < 0.2 * np.abs(blend - true[inner]).mean()


def test_interpolation_fails_where_something_is_covered():
    ground = cv2.resize(TEXTURE, (320, 240), interpolation=cv2.INTER_CUBIC)
    frames = []
    for x in (60, 100, 140):
        frame = ground.copy()
        frame[90:150, x : x + 50] = (250, 20, 20)
        frames.append(frame)
    middle, _ = script.interpolate(frames[0], frames[2])
    off = difference(middle, frames[1])
    assert np.median(off) < 5
    assert off[90:150, 60:190].max() > 60


def test_recompression_stays_in_its_box():
    noise = RANDOM.integers(0, 256, (120, 160, 3)).astype(np.uint8)
    after, changed = script.recompress(noise, (16, 32, 64, 48), 50)
    assert changed.sum() == 64 * 48
    assert np.array_equal(after[~changed], noise[~changed])
    assert np.array_equal(after[32:80, 16:80], script.through_jpeg(noise[32:80, 16:80], 50))
    assert difference(after, noise)[changed].mean() > 10


def test_reframing_and_everyday_changes():
    halves = np.zeros((120, 160, 3), np.uint8)
    halves[:, 80:] = 200
    right, changed = script.reframe(halves, (90, 10, 60, 45))
    assert changed.all() and right.shape == halves.shape and right.min() == 200
    whole, _ = script.reframe(TEXTURE, (0, 0, 160, 120))
    assert np.array_equal(whole, TEXTURE)
    with pytest.raises(media.MediaError, match="leaves the picture"):
        script.reframe(halves, (100, 10, 80, 60))
    brighter, changed = script.everyday(halves, (90, 10, 60, 45), gain=1.1, quality=70)
    assert changed.all() and abs(int(brighter.mean()) - 220) <= 1


def test_recolouring_turns_one_range_of_colours_only():
    flat = np.full((120, 160, 3), 128, np.uint8)
    flat[:, :80] = (200, 120, 40)  # orange, 30 degrees
    flat[80:] = (40, 60, 200)  # blue
    after, changed = script.recolour(flat, [[0, 0], [159, 0], [159, 119], [0, 119]], (12, 52), turn=90, feather=0)
    assert tuple(after[40, 40]) == (40, 200, 40)
    assert np.array_equal(after[~changed], flat[~changed])
    assert changed[40, 40] and not changed[40, 120] and not changed[110, 40]


@pytest.mark.parametrize(
    "step",
    [
        lambda: script.copy_move(TEXTURE, SQUARE, (50, 10), scale=0.8, turn=5),
        lambda: script.splice(TEXTURE, TEXTURE[::-1], SQUARE, (90, 60), scale=0.6),
        lambda: script.take_out(TEXTURE, SQUARE),
        lambda: script.interpolate(TEXTURE, np.roll(TEXTURE, 4, axis=1)),
        lambda: script.recompress(TEXTURE, (16, 16, 64, 64)),
        lambda: script.everyday(TEXTURE, (8, 6, 140, 105)),
        lambda: script.recolour(TEXTURE, SQUARE, (0, 180), 60),
    ],
)
def test_the_same_step_gives_the_same_bytes(step):
    (after, changed), (again, changed_again) = step(), step()
    assert script.build.encode_still(after) == script.build.encode_still(again)
    assert script.encode_mask(changed) == script.encode_mask(changed_again)
    assert after.dtype == np.uint8 and changed.dtype == bool


def test_super_resolution_refuses_a_size_it_cannot_quarter():
    with pytest.raises(BuildError, match="quarter"):
        script.super_resolve(TEXTURE[:119], {})


# --- the builder ------------------------------------------------------------------------------------------------


def test_a_mask_keeps_every_pixel():
    inside = script.area((50, 61), [[3, 4], [50, 8], [30, 44]])
    with Image.open(io.BytesIO(script.encode_mask(inside))) as mask:
        assert mask.mode == "1"
        assert np.array_equal(np.asarray(mask), inside)


def test_share_alike_decides_the_licence():
    assert script.licence_of(["MIT", "MIT"]) == "MIT"
    assert script.licence_of(["MIT", "Apache-2.0"]) == "Apache-2.0 AND MIT"
    assert script.licence_of(["MIT", "CC-BY-SA-4.0"]) == "CC-BY-SA-4.0"
    with pytest.raises(BuildError, match="cannot be joined"):
        script.licence_of(["CC-BY-SA-3.0", "CC-BY-SA-4.0"])


@pytest.mark.parametrize(
    "old, new, complaint",
    [
        ('step = "copy-move"', 'step = "magic"', "step 'magic' is not known"),
        ('name = "dog-alone"', 'name = "car-door"', "car-door is used twice"),
        ("deceptive = false", "deceptive = false\ncolour = 3", "unknown field colour"),
    ],
)
def test_a_wrong_plan_is_refused(tmp_path, old, new, complaint):
    sheet = (FOLDER / "controlled.toml").read_text(encoding="utf-8")
    assert old in sheet
    (tmp_path / "controlled.toml").write_text(sheet.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(BuildError, match=complaint):
        script.read_plans(tmp_path / "controlled.toml")


def test_a_check_names_what_does_not_agree():
    listing = json.loads((FOLDER / "controlled.json").read_text(encoding="utf-8"))["controlled"]
    plans = script.read_plans()
    broken = json.loads(json.dumps(listing))
    broken[0]["files"]["mask"]["sha256"] = "0" * 64
    broken[1]["files"]["after"]["path"] = "media/controlled/nothing.jpg"
    gone = broken.pop()
    wrong = script.check(broken, plans)
    assert f"{gone['name']}: planned but not built" in wrong
    assert any("is not the file that was built" in line for line in wrong)
    assert any("nothing.jpg is missing" in line for line in wrong)
    assert len(wrong) == 3


def test_the_builder_says_what_it_cannot_do(capsys):
    assert script.main(["--only", "no-such-pair"]) == 1
    assert "no such pair: no-such-pair" in capsys.readouterr().err
    assert script.main(["--check"]) == 0
    assert "agree" in capsys.readouterr().out
