from course.lessons import signed_at_birth as lesson


def _states(view) -> dict[str, str]:
    return {label: told["word"] for label, told in view.state["files"]}


def test_the_same_files_come_to_other_states(log):
    view = lesson.trust()
    assert view.state["on"] == []
    assert set(_states(view).values()) == {"Signer unknown", "Broken"}
    view.choose("register", True)
    assert _states(view)["Two swans"] == "Trusted" and view.state["spoken"] == "Two swans: Trusted"
    view.choose("gazette", True)
    view.choose("stranger", True)
    assert [word for word in _states(view).values()] == ["Trusted", "Trusted", "Trusted", "Broken"]
    view.choose("register", False)
    assert _states(view)["Two swans"] == "Signer unknown"
    assert log.events("trust.choose")[-1].data["on"] == ["gazette", "stranger"]
    assert lesson.trust().state["on"] == ["gazette", "stranger"]  # run again


def test_what_changes_nothing_is_said_too():
    view = lesson.trust()
    view.choose("register", False)
    assert view.state["spoken"] == "No state has changed."


def test_junk_is_answered_in_a_sentence(log):
    view = lesson.trust()
    for name in (None, "nobody", 7, ["register"]):
        view.choose(name, True)
        assert view.state["trouble"].endswith(".")
    assert log.events("trust.choose") == ()
