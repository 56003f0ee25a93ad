import pytest

from course import pages, ui
from course.errors import CourseError

EYES = pages.Page("01-eyes.ipynb", "How sharp?", "changed")


def test_the_list_says_which_pages_the_learner_changed():
    states = ("as shipped", "changed", "outdated", "missing", "damaged")
    names = ("00-welcome.ipynb", "01-a.ipynb", "12-b.ipynb", "own.ipynb", "more/03-c.ipynb")
    view = ui.PutBack(lambda: [pages.Page(n, "Title", s) for n, s in zip(names, states, strict=True)], str)
    assert view.pages == [
        ["00-welcome.ipynb", "Title"],
        ["01-a.ipynb", "Lesson 1: Title (you changed it)"],
        ["12-b.ipynb", "Lesson 12: Title (you changed it, and there is a newer page)"],
        ["own.ipynb", "Title (it is not there)"],
        ["more/03-c.ipynb", "Title (it cannot be read)"],
    ]


def test_a_press_puts_the_page_back_and_says_where_the_old_one_is():
    now = [EYES]

    def put_back(name):
        now[0] = pages.Page(name, "How sharp?", "as shipped")
        return f"{name} is back."

    view = ui.PutBack(lambda: now, put_back)
    view._said(view, {"type": "put back", "name": EYES.name}, [])
    assert (view.note, view.pages) == ("01-eyes.ipynb is back.", [["01-eyes.ipynb", "Lesson 1: How sharp?"]])


@pytest.mark.parametrize("name", ["", None, "../record.jsonl", 3, ["01-eyes.ipynb"]])
def test_what_is_no_page_is_not_touched(name):
    view = ui.PutBack(lambda: [EYES], lambda name: pytest.fail("touched"))
    with pytest.raises(CourseError, match="Choose a page first"):
        view._said(view, {"type": "put back", "name": name}, [])
    view._said(view, {}, [])
