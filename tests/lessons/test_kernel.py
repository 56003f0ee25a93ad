"""No learner sees a traceback: whatever is typed into a box of the course, the answer is a result or a sentence."""

from __future__ import annotations

import ast
import json
import os
import re
from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell
from jupyter_client.manager import start_new_kernel
from traitlets.config import Config

from course.errors import InputError
from course.lessons import kernel

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
PAGES = sorted(NOTEBOOKS.glob("*.ipynb"))
PYTHON = re.compile(r"Traceback|File \"|\.py|^\w+Error\b|During handling", re.M)


def _plain_shell():
    # One of its own, and not the one that get_ipython() gives: nothing of other tests may speak through it.
    return InteractiveShell(config=Config(HistoryManager={"enabled": False}))


@pytest.fixture
def shell():
    shell = _plain_shell()
    kernel.speak_plainly(shell)
    return shell


@pytest.fixture
def said(shell, capsys):
    def run(code):
        capsys.readouterr()
        result = shell.run_cell(code)
        error = result.error_before_exec or result.error_in_exec
        return capsys.readouterr().out.strip() if error else None

    return run


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("lesson.hook()", "Run the first box of this page first, then this one again."),
        (
            "x = zebra",
            'There is nothing called “zebra” on this page. If it is a word, put it between quotation marks: "zebra".',
        ),
        ("number = 3\nnumbr", "There is nothing called “numbr” on this page. Did you mean “number”?"),
        ("x = true", "Write True with a capital letter."),
        ("import math as lesson\nlesson.sine(1)", "There is nothing called “sine” in this lesson. Did you mean “sin”?"),
        ("import math as lesson\nlesson()", "Say what the lesson should do"),
        ("from course.lessons import welcom", "The course has no “welcom”. Did you mean “welcome”?"),
        ("import course.lessns", "The course has no “lessns”."),
        ("1 / 0", "Python stopped in line 1 of this box. In its own words: ZeroDivisionError: division by zero"),
        ("y = 1\n1 + 'a'", "Python stopped in line 2 of this box."),
        ("x = (1,\ny = 2", "bracket"),
        ("x = 1)", "A bracket is missing or one too many in line 1"),
        ("x = 'swans", "A quotation mark is missing in line 1"),
        ("x = “swans”", 'Quotation marks are straight: "swans".'),
        ('x = "C:\\Users\\kim\\photo.jpg"', "Put an r before the quotation marks of a Windows path"),
        ("x = 05", "Write 5, not 05"),
        ("x = 1,3,\n  y = 2", "blanks at the beginning of line 2"),
        ("dict(a=1, 3)", "Give each value in line 1 of this box its name"),
        ("x ==== 3", "Python cannot read line 1 of this box"),
    ],
)
def test_the_commonest_slips_get_a_sentence_each(said, code, words):
    answer = said(code)
    assert words in answer
    assert not PYTHON.search(answer.replace("ZeroDivisionError", ""))


@pytest.fixture(autouse=True)
def log(tmp_path, monkeypatch):
    """A log of this test's own: without this, the first shell of a run would keep the course's logger for itself."""
    monkeypatch.setenv("LOOK_TWICE_HOME", str(tmp_path))
    mine = kernel.logging.getLogger(f"course.{tmp_path.name}")
    monkeypatch.setattr(kernel, "_log", mine)
    yield mine
    for handler in mine.handlers:
        handler.close()


def test_a_fault_of_the_course_is_called_one_and_its_words_stay_off_the_page(said, shell, tmp_path):
    exec(compile("def broken(word): return {}[word]", "/somewhere/lesson.py", "exec"), inside := {})
    shell.user_ns["broken"] = inside["broken"]
    answer = said("broken('a secret word')")
    assert answer.startswith(kernel.OURS) and kernel.LOG in answer
    assert "KeyError" not in answer and "secret" not in answer
    log = (tmp_path / kernel.LOG).read_text(encoding="utf-8")
    assert "KeyError" in log and "lesson.py:1 broken" in log
    assert "secret" not in log  # what was typed or answered is nobody's business


def test_what_a_handler_of_a_widget_logs_goes_to_the_same_file_and_not_to_the_page(shell, tmp_path, log, capsys):
    try:
        raise KeyError("a secret word")
    except KeyError:
        log.exception("A view failed")
    written = (tmp_path / kernel.LOG).read_text(encoding="utf-8")
    assert "A view failed" in written and "KeyError" in written and "test_kernel.py:" in written
    assert "secret" not in written
    assert capsys.readouterr() == ("", "")


def test_a_disk_that_takes_no_log_changes_nothing(monkeypatch, tmp_path, capsys):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("LOOK_TWICE_HOME", str(tmp_path / "file" / "below"))
    shell = _plain_shell()
    kernel.speak_plainly(shell)
    shell.run_cell("1 / 0")
    assert "Python stopped in line 1" in capsys.readouterr().out


def test_a_sentence_of_the_course_stands_as_it_is(said, shell):
    def refuse():
        raise InputError("There is no such pair. Choose another.")

    shell.user_ns["refuse"] = refuse
    assert said("refuse()") == "There is no such pair. Choose another."


def test_a_stop_is_a_stop(said, shell):
    def stop():
        raise KeyboardInterrupt

    shell.user_ns["stop"] = stop
    assert "Stopped" in said("stop()")


def test_whoever_works_on_the_course_can_have_tracebacks(monkeypatch, capsys):
    monkeypatch.setenv(kernel.TRACEBACKS, "1")
    shell = _plain_shell()
    kernel.speak_plainly(shell)
    shell.run_cell("1 / 0")
    assert "Traceback" in capsys.readouterr().out


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_lesson_is_there_before_the_first_box_has_run(page, monkeypatch, said, shell):
    monkeypatch.setenv("JPY_SESSION_NAME", str(page))
    assert kernel.lesson_of_page() is not None
    assert said("lesson.done") is None
    assert shell.user_ns["lesson"].__name__ == f"course.lessons.{kernel.lesson_of_page()}"


@pytest.mark.parametrize("name", ["", "tax.ipynb", "99-nothing.ipynb", "01-.ipynb", "00-lesson-x.ipynb"])
def test_other_pages_are_left_alone(name, monkeypatch):
    monkeypatch.setenv("JPY_SESSION_NAME", name)
    assert kernel.lesson_of_page() is None
    shell = _plain_shell()
    kernel.load_ipython_extension(shell)
    assert not hasattr(shell, "_look_twice")


def _calls(page):
    for cell in json.loads(page.read_text(encoding="utf-8"))["cells"]:
        code = "".join(cell["source"])
        if cell["cell_type"] == "code" and not code.startswith("from "):
            for call in ast.walk(ast.parse(code)):
                if (
                    isinstance(call, ast.Call)
                    and (call.args or call.keywords)
                    and ast.unparse(call.func) != "lesson.together"
                ):
                    yield call


def _slips(call):
    """A box as a learner may leave it: a value deleted, misspelt, unquoted, doubled, of another kind."""
    values = [*call.args, *(one.value for one in call.keywords)]
    names = [None] * len(call.args) + [one.arg for one in call.keywords]
    written = [ast.unparse(value) for value in values]
    name = ast.unparse(call.func)

    def box(parts, names=names, name=name):
        both = zip(names, parts, strict=True)
        return f"{name}({', '.join(part if key is None else f'{key}={part}' for key, part in both)})"

    yield box(written, name=name[:-1])
    yield box([*written, "3"], [*names, "more"])
    for place, one in enumerate(written):
        rest = [*written[:place], *written[place + 1 :]]
        yield box(rest, [*names[:place], *names[place + 1 :]])
        if names[place]:
            yield box(written, [*names[:place], names[place] + "x", *names[place + 1 :]])
        for other in (
            one.strip("'\""),
            f"{one}x",
            '"zebra"',
            "-7",
            "1, 3",
            "2.5",
            "None",
            "[]",
            'r"C:\\Users\\kim\\a.jpg"',
            '"C:\\new\\table.jpg"',
            '""',
            "10**30",
        ):
            yield box([*written[:place], other, *written[place + 1 :]])
    yield box(written)[:-1]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_no_slip_in_a_box_ends_in_pythons_own_words(page, said, monkeypatch):
    monkeypatch.setenv("JPY_SESSION_NAME", str(page))
    # what a function does with a value that fits is the page's own test; here it would only take long
    bad = {}
    for call in _calls(page):
        for box in _slips(call):
            answer = said(box)
            if answer is not None and (PYTHON.search(answer) or "In its own words" in answer or kernel.OURS in answer):
                bad[box] = answer
    assert not bad


def test_a_real_kernel_of_this_environment_reads_the_settings(monkeypatch, tmp_path):
    monkeypatch.setenv("JPY_SESSION_NAME", str(NOTEBOOKS / "00-welcome.ipynb"))
    monkeypatch.setenv("LOOK_TWICE_HOME", str(tmp_path))
    manager, client = start_new_kernel(kernel_name="python3", cwd=str(tmp_path), env=dict(os.environ))
    try:
        reply = client.execute("lessn.path()", reply=True, timeout=60)
        assert reply["content"]["status"] == "error"  # so that a test, or "run all", still stops there
        lines = []
        while True:
            message = client.get_iopub_msg(timeout=60)
            if message["msg_type"] == "error":
                lines = message["content"]["traceback"]
                break
        assert lines == ["There is nothing called “lessn” on this page. Did you mean “lesson”?"]
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
