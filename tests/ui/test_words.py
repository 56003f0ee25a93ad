"""Numbers on a page: no zero below zero, one of a thing without a plural, confidence in the learner's own language."""

import re

import pytest

from course.lessons import does_time_hold_together, how_sharp_are_your_eyes, leave_the_page
from course.ui import confidence
from course.ui.words import emphasised, fixed, many, plain, signed


@pytest.mark.parametrize("value", [0.0, -0.0, -0.004, 0.004, -1e-12])
def test_zero_has_no_sign(value):
    assert (fixed(value, 2), signed(value, 2)) == ("0.00", "0.00")


@pytest.mark.parametrize(("value", "said"), [(0.005, "+0.01"), (-0.006, "−0.01"), (12.0, "+12.00")])
def test_what_is_not_zero_has_one(value, said):
    assert signed(value, 2) == said


def test_one_has_no_plural():
    assert [many(count, "pixel") for count in (0, 1, 1.0, 1.5, 2)] == [
        "0 pixels", "1 pixel", "1 pixel", "1.5 pixels", "2 pixels",
    ]  # fmt: skip


@pytest.mark.parametrize("language", confidence.LANGUAGES)
def test_what_was_chosen_is_said_as_it_was_chosen(language):
    for value, text in confidence.steps(language):
        said = confidence.said(value, language)
        assert text.startswith(said.removesuffix(" sure")) if language == "percent" else said == text
        assert ("%" in said) == (language == "percent")


def test_nobody_who_chose_words_reads_per_cent(log):
    log.append({"kind": "preference", "name": "confidence", "value": "words"})
    view = leave_the_page.case("b")
    assert ["70", "fairly sure"] in [[str(value), text] for value, text in view.setup["sure"]]
    assert "%" not in repr(view.setup["sure"])
    view.act({"type": "tool", "act": "registration"})
    view.act({"type": "judge", "verdict": "false", "confidence": 80})
    page = leave_the_page.trail("b")._repr_html_()
    assert "; quite sure." in page and "80 %" not in page


def test_one_pixel_is_no_pixels(log):
    said = repr(does_time_hold_together.clear_by_shaking(pixels=1))
    assert "by up to 1 pixel (" in said


def test_no_lean_is_no_lean_below_zero():
    assert "Lean c = 0.00:" in repr(how_sharp_are_your_eyes.sharpness(9, 3))


def test_emphasis_is_shown_as_emphasis_and_never_as_asterisks():
    assert emphasised("*Merlin* <b> and 2 * 3 * 4") == "<em>Merlin</em> &lt;b&gt; and 2 * 3 * 4"
    assert plain("The *Merlin*.") == "The Merlin."


def test_no_trail_of_the_course_shows_asterisks(log):
    view = leave_the_page.case("e")
    view.act({"type": "tool", "act": "registration"})
    view.act({"type": "judge", "verdict": "false", "confidence": 80})
    page = "".join(leave_the_page.trail("e", expert)._repr_html_() for expert in (1, 2))
    assert "The Merlin, red" in page
    assert "*" not in re.sub(r"<style>.*?</style>", "", page, flags=re.S)
    for case in "abdef":
        for expert in (1, 2):
            view = leave_the_page.watch(case, expert)
            for number in range(view.setup["guide"]["steps"]):
                view.act({"type": "guide", "number": number})
                assert "*" not in repr(view.state["guide"])
