import numpy as np
import pytest

from course import forensics, judgement, media
from course.lessons import clip_features
from course.lessons.clip_features import FEATURES
from course.lessons.lesson import free_items
from course.media.catalogue import data_folder
from course.media.releases import release


def test_nothing_that_the_trial_needs_unseen_is_learnt_from():
    forms = [judgement.load_form(path) for path in (data_folder() / "forms").glob("*.toml")]
    unseen = {name for form in forms for name in form.items}
    held = {release(media.catalogue()[name].generator) for form in forms for name in form.held_back}
    assert len(held) >= 4
    for kind in ("clip", "still"):
        items = free_items(kind=kind, purpose="parity")
        assert len(items) > 30 and {item.purpose for item in items} == {"parity"}
        assert not unseen & {item.id for item in items}
        assert not {release(item.generator) for item in items if item.generator} & held
        assert {item.origin for item in items} == {"camera", "generated"}


def test_a_source_is_a_package_or_a_family_of_generators():
    clips = free_items(kind="clip", purpose="parity")
    assert {clip_features.source(item) for item in clips if (item.generator or "").startswith("Wan")} == {"Wan"}
    assert all(clip_features.source(item) == item.package for item in clips if item.origin == "camera")
    made, filmed = (
        {clip_features.source(one) for one in clips if one.origin == side} for side in ("generated", "camera")
    )
    assert not made & filmed and min(len(made), len(filmed)) >= 9


def test_each_number_is_that_of_the_forensics_room():
    clip = media.load("wave-breaking")
    pairs = clip_features.pairs_of(clip)
    assert pairs.shape == (4, 2, 256, 256, 3)
    found = clip_features.measure(pairs)
    assert list(found) == list(FEATURES)
    starts = [2, 8, 13, 19]
    assert found["colour"] == pytest.approx(np.mean([forensics.saturation(clip.frames[n]) for n in starts]))
    assert found["sharpness"] == pytest.approx(np.mean([forensics.sharpness(clip.frames[n]) for n in starts]))
    speeds = [forensics.optical_flow(clip.frames[n : n + 2]).speed[0] for n in starts]
    assert found["movement"] == pytest.approx(np.mean(speeds))


def test_four_places_put_the_clips_in_nearly_the_order_of_all_frames():
    import json

    from scipy.stats import spearmanr

    written = json.loads((data_folder() / "forensics" / "null.json").read_text(encoding="utf-8"))["speed"]
    every = written["values"] | written["generated"]
    table = clip_features.table(features=["movement"])
    assert spearmanr(table.column("movement"), [every[item] for item in table.items]).statistic > 0.9


def test_a_still_is_one_picture():
    still = media.load("larch-slope")
    assert clip_features.pairs_of(still).shape == (1, 1, 384, 384, 3)
    found = clip_features.measure(clip_features.pairs_of(still), ["colour", "grain"])
    assert found == {"colour": forensics.saturation(still.pixels), "grain": forensics.noise_level(still.pixels)}


def test_only_the_side_that_was_changed_has_other_values():
    table = clip_features.table(features=["colour", "brightness"])
    grey = clip_features.remeasured(table, lambda frame: forensics.attacks.paler(frame, 0.01), "generated", ["colour"])
    for made, before, after in zip(table.generated, table.column("colour"), grey.column("colour"), strict=True):
        assert after < 0.2 * before + 0.02 if made else after == before
    assert grey.column("brightness") == table.column("brightness")  # was not asked for
    both = clip_features.remeasured(table, lambda frame: frame, "both", ["colour", "brightness"])
    assert both == table
