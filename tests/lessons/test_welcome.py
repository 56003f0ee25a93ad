import html
import re
import shutil
from pathlib import Path

from course import media, pages, ui
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
    written = len(list(NOTEBOOKS.glob("*.ipynb")))
    assert page.count("<a href=") == written
    assert page.count("being written") == 13 - written
    welcome.path().choose("short")
    assert repr(welcome.timetable(NOTEBOOKS)) == "A table of 7 lessons."


def test_credits_thank_everybody_and_give_no_picture_away():
    page = welcome.credits()
    markup, items = page._repr_html_().split("</style>")[1], media.catalogue()
    for item in items.values():
        assert html.escape(item.author) in markup and html.escape(item.licence) in markup
        assert not re.search(rf"(?<![\w-]){item.id}(?![\w-])", markup) and html.escape(item.alt) not in markup
        assert not item.generator or item.generator not in markup
    assert "generated" not in markup
    assert repr(page).startswith(f"The {len(items)} pictures and clips of the course come from ")
    assert markup.count("<details") == 1 and "docs/credits.md" in repr(page)
    assert sum(int(found) for found in re.findall(r"\((\d+) items?\)", markup)) == len(items)
    assert '<a href="https://creativecommons.org/licenses/by-sa/4.0/"' in markup


def test_a_teachers_own_pictures_are_thanked_too(tmp_path, monkeypatch):
    shutil.copy(media.catalogue().where(kind="still")[0].path, tmp_path / "harbour.jpg")
    (tmp_path / "pictures.toml").write_text(
        '[[item]]\nid = "harbour-morning"\nfile = "harbour.jpg"\norigin = "camera"\nsubject = "water"\n'
        'alt = "Boats lie in a harbour under a grey sky."\nauthor = "<b>Jürgen"\nlicence = "<i>mine"\n'
        'known_from = "I took it."\n',
        encoding="utf-8",
    )
    monkeypatch.setenv("LOOK_TWICE_PICTURES", str(tmp_path))
    markup = welcome.credits()._repr_html_()
    line = "<strong>your own folder</strong> (1 item). Authors: &lt;b&gt;Jürgen. Licence: &lt;i&gt;mine."
    assert line in markup


def test_keep_says_how_much_there_is_to_save(log):
    assert welcome.keep().note == "Nothing to save yet."
    welcome.path().choose("full")
    assert "2 entries" in welcome.keep().note


def test_a_page_is_put_back_where_the_learner_has_copies(log, monkeypatch):
    pages.lay_out()
    monkeypatch.chdir(pages.folder())
    (pages.folder() / "01-how-sharp-are-your-eyes.ipynb").unlink()
    view = welcome.put_back()
    assert isinstance(view, ui.PutBack)
    assert ["01-how-sharp-are-your-eyes.ipynb", "Lesson 1: How sharp are your eyes? (it is not there)"] in view.pages
    view.put_back("01-how-sharp-are-your-eyes.ipynb")
    assert (pages.folder() / "01-how-sharp-are-your-eyes.ipynb").is_file()


def test_where_the_pages_are_the_courses_own_there_is_no_button(log, monkeypatch):
    monkeypatch.chdir(NOTEBOOKS)
    assert "nothing to put back" in repr(welcome.put_back())
