from pathlib import Path

from course.lessons import welcome

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


def test_the_tour_names_no_origin():
    view = welcome.tour()
    assert [track["label"] for track in view.tracks] == ["The bird", "The fox"]
    assert all(track["role"] == "plain" for track in view.tracks)


def test_preferences_are_kept_and_shown_again(log):
    view = welcome.path()
    view.choose("short")
    assert view.note.startswith("Kept.")
    assert log.preference("path") == "short"
    assert welcome.path().value == "short"
    welcome.confidence().choose("words")
    from course.lessons import how_sharp_are_your_eyes

    assert how_sharp_are_your_eyes.trial().steps[0] == [50, "a pure guess"]


def test_the_timetable_links_what_is_there_and_follows_the_path(log):
    page = welcome.timetable(NOTEBOOKS)._repr_html_()
    assert page.count("<a href=") == len(list(NOTEBOOKS.glob("*.ipynb")))
    assert page.count("being written") == 10
    welcome.path().choose("short")
    assert repr(welcome.timetable(NOTEBOOKS)) == "A table of 7 lessons."


def test_keep_says_how_much_there_is_to_save(log):
    assert welcome.keep().note == "Nothing to save yet."
    welcome.path().choose("full")
    assert "2 entries" in welcome.keep().note
