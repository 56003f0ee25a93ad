import pytest

from course import judgement, media, record, ui

TRUTH = {"wave-below": "camera", "puppy-pavement": "generated", "rotary-telephone": "camera"}
KINDS = {"wave-below": "clip", "puppy-pavement": "still", "rotary-telephone": "still"}
CHECKS = {"poster": "who posted it first"}


def _view(save, past=()):
    form = judgement.Form("t", tuple(TRUTH), "A trial")
    return ui.TrialView(judgement.Trial(form, TRUTH, KINDS, save, past, seed=1), media.load, CHECKS)


def _say(view, **message):
    view._said(view, message, [])


def _answer(view, **more):
    message = {
        "verdict": "camera",
        "confidence": 70,
        "check": "poster",
        "seconds": 1.5,
        "position": view.state["position"],
    }
    _say(view, type="answer", **{**message, **more})


def test_what_goes_to_the_browser_is_pixels_and_words(log):
    view = _view(log.append)
    assert view.track == {} and view.picture == b""  # nothing before the start
    _say(view, type="go")
    seen = []
    while view.state["phase"] == "asking":
        item = media.catalogue()[view._trial.current]
        sent = repr((view.state, view.track, view.checks, view.steps)) + repr(view.get_state().keys())
        for secret in (item.id, item.path.name, item.sha256, item.package, item.generator or "camera_recorded"):
            assert secret not in sent
        assert b"Exif" not in view.picture and b"http" not in view.picture
        assert set(view.track) == {"alt", "label", "role", "sizes", "width", "height", "fps"}
        assert (view.track["label"], view.track["role"]) == ("", "plain")
        seen.append(item.id)
        _answer(view)
    assert sorted(seen) == sorted(TRUTH)
    assert view.state["phase"] == "done"


def test_a_second_click_judges_nothing(log):
    view = _view(log.append)
    _say(view, type="go")
    position = view.state["position"]
    _answer(view)
    _answer(view, position=position)
    assert len(log.events("trial.answer")) == 1


def test_an_answer_that_cannot_be_saved_is_not_counted():
    saved = []

    def save(event):
        if event["kind"] == "trial.answer":
            raise record.RecordError("Your answer could not be saved: the disk is full.")
        saved.append(event)

    view = _view(save)
    _say(view, type="go")
    _answer(view)
    assert view.state["saved"] == 0
    assert view.state["trouble"] == "Your answer could not be saved: the disk is full."
    assert view.state["phase"] == "asking"


@pytest.mark.parametrize("wrong", [{"verdict": "maybe"}, {"confidence": 20}, {"confidence": None}, {"check": 3}])
def test_nonsense_is_refused_in_a_sentence(log, wrong):
    view = _view(log.append)
    _say(view, type="go")
    _answer(view, **wrong)
    assert view.state["saved"] == 0
    assert view.state["trouble"].endswith((".", "."))
    assert log.events("trial.answer") == ()


def test_pause_and_go_on(log):
    view = _view(log.append)
    _say(view, type="go")
    _answer(view)
    _say(view, type="pause")
    assert (view.state["phase"], view.picture) == ("paused", b"")
    _say(view, type="go")
    assert view.state["phase"] == "asking"
    assert view.state["done"] == 1


def test_a_damaged_picture_stops_the_trial_with_its_cure(log):
    def picture(name):
        raise media.MediaError("The item is damaged. Download the course again.")

    form = judgement.Form("t", tuple(TRUTH), "A trial")
    view = ui.TrialView(judgement.Trial(form, TRUTH, KINDS, log.append, seed=1), picture, CHECKS)
    _say(view, type="go")
    assert view.state["phase"] == "paused"
    assert "Download the course again" in view.state["trouble"]


def test_unknown_messages_are_passed_over(log):
    view = _view(log.append)
    _say(view, type="truth")
    _say(view)
    assert view.state["phase"] == "ready" and view.state["even"] is False
    assert log.events() == ()


def test_whoever_pauses_or_is_cut_off_before_the_first_answer_can_go_on(log):
    view = _view(log.append)
    _say(view, type="go")
    _say(view, type="pause")
    assert view.state["phase"] == "ready"
    _say(view, type="go")
    assert (view.state["phase"], view.state["trouble"]) == ("asking", "")
    again = _view(log.append, [dict(event.data) for event in log.events()])  # a new kernel, nothing answered yet
    _say(again, type="go")
    assert (again.state["phase"], again.state["trouble"]) == ("asking", "")
    assert again._trial.current == view._trial.current


def _two_windows(log):
    form = judgement.Form("t", tuple(TRUTH), "A trial")
    return [
        ui.TrialView(judgement.Trial(form, TRUTH, KINDS, log.append, log.following(), seed=1), media.load, CHECKS)
        for _ in range(2)
    ]


def test_a_second_window_says_what_was_done_in_the_first_and_moves_on(log):
    one, other = _two_windows(log)
    _say(one, type="go")
    _say(other, type="go")
    assert "in another window" in other.state["trouble"] and len(log.events("trial.begin")) == 1
    _say(other, type="go")
    _answer(one)
    _answer(other)  # the same item, still on the other's screen
    assert "You judged this item in another window" in other.state["trouble"]
    assert (other.state["phase"], other.state["saved"], other.state["position"]) == ("asking", 1, 1)
    assert len(log.events("trial.answer")) == 1
    while one.state["phase"] == "asking":
        _answer(one)
    _answer(other)
    assert other.state["phase"] == "done" and len(log.events("trial.answer")) == len(TRUTH)


def test_a_second_round_begun_in_one_window_is_not_begun_again_in_the_other(log):
    one, other = _two_windows(log)
    _say(one, type="go")
    while one.state["phase"] == "asking":
        _answer(one)
    _say(other, type="go")  # takes up where things stand
    _say(one, type="again")
    _say(other, type="again")
    assert "in another window" in other.state["trouble"] and other.state["earlier"] is True
    assert len(log.events("trial.begin")) == 2
