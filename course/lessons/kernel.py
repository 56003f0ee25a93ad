"""What the kernel of a page does besides running its boxes: the lesson is there, and a slip gets one plain sentence.

This is an IPython extension. It is loaded in each kernel of the course's environment by the settings in
``course/kernelsettings``, and once more when a lesson is imported, for kernels that do not read them. It changes
nothing in the notebooks of other people that run in the same environment.

Two things make it needed. After "Restart Kernel" nobody remembers that the first box has to run again, and Python
answers a missing bracket with a page for programmers.
"""

from __future__ import annotations

import logging
import os
import re
import traceback
from contextlib import suppress
from importlib import import_module
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import ModuleType, TracebackType
from typing import TYPE_CHECKING, Any

from course.errors import CourseError
from course.lessons.arguments import did_you_mean

if TYPE_CHECKING:
    from IPython.core.interactiveshell import ExecutionInfo, InteractiveShell

LOG = "course.log"
"""Name of the file beside the record that keeps what went wrong in the course itself."""

TRACEBACKS = "LOOK_TWICE_TRACEBACKS"
"""Environment variable for whoever works on the course: set, it brings Python's own words back."""

OURS = (
    "Something went wrong in the course itself, not in what you did. What you have answered is saved. "
    "Run this box once more. If that does not help, choose Kernel, then Restart Kernel in the menu, and run it again."
)

_LESSONS = Path(__file__).resolve().parent
_PAGE = re.compile(r"\d\d-([a-z-]+)")
_FIRST_BOX = "Run the first box of this page first, then this one again."

_log = logging.getLogger("course")


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Make the kernel of a page of the course speak plainly; leave every other kernel as it is.

    Parameters
    ----------
    shell : IPython.core.interactiveshell.InteractiveShell
        The kernel's shell. IPython calls this when the kernel starts.
    """
    if lesson_of_page() is not None:
        speak_plainly(shell)


def speak_plainly(shell: InteractiveShell) -> None:
    """Show one sentence where Python would show a traceback, and open the lesson where the first box has not run.

    Parameters
    ----------
    shell : IPython.core.interactiveshell.InteractiveShell
        The kernel's shell. A second call changes nothing.
    """
    if getattr(shell, "_look_twice", False) or os.environ.get(TRACEBACKS):
        return
    shell._look_twice = True
    if not _log.handlers:
        _keep_log()
    show = shell._showtraceback

    def show_sentence(kind: type[BaseException], error: BaseException, lines: list[str]) -> None:
        # The one way by which a shell shows an error: of a box, of its display, of a handler of a widget.
        show(kind, error, [_sentence(error, shell.user_ns)])

    shell._showtraceback = show_sentence
    shell.events.register("pre_run_cell", lambda info: bring_lesson(info, shell.user_ns))


def lesson_of_page() -> str | None:
    """Name of the module behind the page whose kernel this is; None outside the course, or where nothing tells.

    Examples
    --------
    >>> import os
    >>> os.environ["JPY_SESSION_NAME"] = "/home/kim/notebooks/03-does-time-hold-together.ipynb"
    >>> lesson_of_page()
    'does_time_hold_together'
    >>> os.environ["JPY_SESSION_NAME"] = "/home/kim/tax.ipynb"
    >>> lesson_of_page()
    >>> del os.environ["JPY_SESSION_NAME"]
    """
    page = Path(os.environ.get("JPY_SESSION_NAME", "")).name  # Jupyter tells each kernel for whom it was started
    found = _PAGE.match(page)
    name = found.group(1).strip("-").replace("-", "_") if found else ""
    return name if name and (_LESSONS / f"{name}.py").is_file() else None


def bring_lesson(info: ExecutionInfo, names: dict[str, Any]) -> None:
    """Open the lesson of this page for a box that speaks of it before the first box has run."""
    module = lesson_of_page()
    box = str(info.raw_cell or "")
    if module is None or "lesson" in names or not re.search(r"\blesson\b", box) or "import" in box:
        return
    with suppress(Exception):  # whatever is wrong with it shows when the box runs
        names["lesson"] = import_module(f"course.lessons.{module}")


def sentence(error: BaseException, names: dict[str, Any] | None = None) -> str:
    """What to say of an error that ended a box.

    Parameters
    ----------
    error : BaseException
        What was raised. Its traceback tells whether the fault lies in the box or in the course.
    names : dict, optional
        The names that the page knows; they are the globals of its boxes.

    Returns
    -------
    str
        One or two plain sentences. Words of a library are only among them where the learner wrote code of their own.

    Examples
    --------
    >>> sentence(NameError("name 'lesson' is not defined", name="lesson"))
    'Run the first box of this page first, then this one again.'
    """
    names = names if names is not None else {}
    if isinstance(error, CourseError):
        return str(error)
    if isinstance(error, KeyboardInterrupt):
        return "Stopped. Run the box again when you like."
    if isinstance(error, SyntaxError):
        return _of_syntax(error)
    line = _line_of_box(error.__traceback__, names)
    if isinstance(error, ImportError) and (error.name or "").startswith("course"):
        return _of_import(error)
    if line is None:
        return OURS
    if isinstance(error, NameError):
        return _of_name(str(error.name), names)
    if isinstance(error, AttributeError) and isinstance(error.obj, ModuleType):
        return _of_attribute(error)
    if isinstance(error, TypeError) and "'module' object is not callable" in str(error):
        return "Say what the lesson should do: a point and a word, as in lesson.hook()"
    return f"Python stopped in line {line} of this box. In its own words: {type(error).__name__}: {error}"


def _sentence(error: BaseException, names: dict[str, Any]) -> str:
    words = sentence(error, names)
    if words == OURS:
        _log.error("A box failed.", exc_info=(type(error), error, error.__traceback__))
        return f"{words} What happened is written down in {LOG}, beside your answers."
    return words


def _of_syntax(error: SyntaxError) -> str:
    said = error.msg or ""
    line = f"line {error.lineno or 1} of this box"
    undo = "Ctrl+Z takes back what you typed."
    if isinstance(error, IndentationError):
        return f"There are blanks at the beginning of {line}, or too few. {undo}"
    if "unicodeescape" in said or "escape" in said:
        return (
            "Python reads a \\ as a sign of its own. Put an r before the quotation marks of a Windows path, "
            'as in r"C:\\Users\\kim\\photo.jpg", or write / instead.'
        )
    if "invalid character" in said or "invalid non-printable" in said:
        return f'A character in {line} is not one that Python reads. Quotation marks are straight: "swans". {undo}'
    if "unterminated" in said or "EOL while" in said:
        return f"A quotation mark is missing in {line}. Words stand between two of them. {undo}"
    if "never closed" in said or "unmatched" in said or "does not match" in said or "unexpected EOF" in said:
        return f"A bracket is missing or one too many in {line}. {undo}"
    if "leading zeros" in said or "decimal literal" in said:
        return f"There is a number in {line} that Python cannot read. Write 5, not 05, and 1.3 with a point. {undo}"
    if "positional argument follows keyword" in said:
        return f"Give each value in {line} its name, as in caught=11, wrongly_accused=7. {undo}"
    return f"Python cannot read {line}: a comma, a bracket or a quotation mark may be missing there. {undo}"


def _of_name(name: str, names: dict[str, Any]) -> str:
    if name == "lesson":
        return _FIRST_BOX
    if name in ("true", "false", "none"):
        return f"Write {name.capitalize()} with a capital letter."
    near = did_you_mean(name, [*(one for one in names if not one.startswith("_")), "lesson"])
    if near:
        return f"There is nothing called “{name}” on this page. {near}"
    return f'There is nothing called “{name}” on this page. If it is a word, put it between quotation marks: "{name}".'


def _of_attribute(error: AttributeError) -> str:
    known = [name for name, one in vars(error.obj).items() if callable(one) and not name.startswith("_")]
    near = did_you_mean(str(error.name), known)
    more = near or "Look how the page had it: Ctrl+Z takes back what you typed."
    return f"There is nothing called “{error.name}” in this lesson. {more}"


def _of_import(error: ImportError) -> str:
    wanted = re.search(r"cannot import name '(\w+)'", str(error))
    name = wanted.group(1) if wanted else str(error.name).split(".")[-1]
    known = [one.stem for one in _LESSONS.glob("*.py")]
    more = did_you_mean(name, known) or "Look how the page had it: Ctrl+Z takes back what you typed."
    return f"The course has no “{name}”. {more}"


def _line_of_box(trace: TracebackType | None, names: dict[str, Any]) -> int | None:
    """Line of the box in which an error was raised; None if that was further in, in the course or below it."""
    if trace is None:
        return 1
    while trace.tb_next is not None:
        trace = trace.tb_next
    return trace.tb_lineno if trace.tb_frame.f_globals is names else None


class _Places(logging.Formatter):
    """Writes where it happened. What was typed or answered could stand in the words of an error, so they stay out."""

    def formatException(self, ei: Any) -> str:
        kind, _, trace = ei
        places = [f"  {Path(one.filename).name}:{one.lineno} {one.name}" for one in traceback.extract_tb(trace)]
        return "\n".join([kind.__name__, *places])


def _keep_log() -> None:
    """Let faults of the course go to a file beside the record, and no longer to the page."""
    from course import record

    folder = record.open().folder
    with suppress(OSError):  # a disk that is full takes no log
        folder.mkdir(parents=True, exist_ok=True)
        keeper = RotatingFileHandler(folder / LOG, maxBytes=500_000, backupCount=1, encoding="utf-8", delay=True)
        keeper.setFormatter(_Places("%(asctime)s %(message)s"))
        keeper.handleError = lambda record: None
        _log.addHandler(keeper)
    _log.propagate = False
