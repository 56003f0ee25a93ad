"""The look that every view shares: the base widget, and the one figure that carries its text alternative.

JupyterLab shows inline plots and ``ipywidgets.Image`` as ``<img>`` without alternative text, so figures go out as
HTML from here, with their alternative, once drawn for a light page and once for a dark one.
"""

from __future__ import annotations

import base64
import html
import io
import logging
from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import cache
from importlib import import_module, resources
from threading import Thread
from typing import TYPE_CHECKING, Any

import anywidget

from course.errors import CourseError, InputError

if TYPE_CHECKING:
    from ipywidgets import VBox
    from matplotlib.figure import Figure

CAMERA = "#0072B2"
GENERATED = "#D55E00"
"""The series colours (Okabe and Ito, 2008): camera is blue, solid, round; generated is vermilion, dashed, square."""

INK = {"light": "#1a1a1a", "dark": "#e6e6e6"}
_STAYS = 0.95
"""How far a figure may shrink. Its smallest text, of 9 points, then has 11 CSS pixels; below that it rolls sideways."""

QUIET = {"light": "#616161", "dark": "#a8a8a8"}


@cache
def static(*names: str) -> str:
    """The text of files in ``course/ui/static``, one after the other (widgets have no build step)."""
    folder = resources.files("course.ui") / "static"
    return "\n".join((folder / name).read_text(encoding="utf-8") for name in names)


@cache
def warm() -> Thread:
    """Begin to load matplotlib, which takes a second or two, while the learner reads the first lines."""
    thread = Thread(target=import_module, args=("matplotlib.projections",), daemon=True)
    thread.start()
    return thread


OUR_FAULT = (
    "Something went wrong here, and it is the fault of the course, not yours. Nothing that was saved is lost. Run this "
    "box again; if the same happens again, go on with the next one."
)
"""What a learner reads in place of the words of an error that is not the course's own."""

_REMEMBERED = 8
"""So many answers are kept, for a page that asks once more because the first answer came too late."""

_log = logging.getLogger(__name__)

Reply = dict[str, Any] | tuple[dict[str, Any], Sequence[bytes]] | None
"""What a view may put into its answer: plain values, and bytes."""


class View(anywidget.AnyWidget):
    """A widget in the course's look. A view shows a model and tells it what the learner did; it decides nothing.

    The page asks through ``ask.js``, and each question that has a number is answered here, whatever becomes of it: the
    page waits for that answer, and says so if none comes. A subclass that listens defines ``_said``.
    """

    _css = static("look.css")

    def __init__(self, **traits: Any) -> None:
        self._answers: OrderedDict[str, tuple[dict[str, Any], list[bytes]]] = OrderedDict()
        super().__init__(**traits)
        self.on_msg(self._asked)

    def _said(self, view: View, message: dict, buffers: list) -> Reply:
        """Do what a message of the page asks for; returns what goes into the answer."""

    def _asked(self, _view: View, message: dict, buffers: list) -> None:
        """Pass a message on, and answer it: with the reply, or with a sentence on why nothing was done."""
        number = message.get("ask") if isinstance(message, dict) else None
        if isinstance(number, str) and number in self._answers:
            # The page asks once more, because the answer was late. It is done already, and must not be done twice.
            self.send(*self._answers[number])
            return
        if number is not None and message.get("quiet") is not True:
            self.send({"type": "heard", "ask": number})
        reply: Reply = None
        trouble = ""
        try:
            reply = self._said(self, message, buffers)
        except CourseError as problem:
            trouble = str(problem)
        except Exception:
            _log.exception("%s failed at a message of the page", type(self).__name__)
            trouble = OUR_FAULT
        if number is None:
            return
        values, sent = reply if isinstance(reply, tuple) else (reply or {}, [])
        answer = {"type": "answered", "ask": number, "trouble": trouble, "reply": values}, list(sent)
        if isinstance(number, str):
            self._answers[number] = answer
            while len(self._answers) > _REMEMBERED:
                self._answers.popitem(last=False)
        self.send(*answer)

    def __repr__(self) -> str:
        # What nbconvert, a log or a screen without widgets shows instead of a long list of traits.
        return f"<{type(self).__name__}>"


class Page:
    """A piece of HTML made by the course, shown where a cell ends. Text must be escaped by whoever builds it."""

    def __init__(self, markup: str, text: str):
        self._markup = markup
        self._text = text

    def _repr_html_(self) -> str:
        return f'<style>{static("look.css")}</style><div class="lt">{self._markup}</div>'

    def __repr__(self) -> str:
        return self._text


def together(*parts: View | Page) -> VBox | Page:
    """What one cell shows below each other: either views alone, or pages alone.

    Examples
    --------
    >>> together(Page("<p>One.</p>", "One."), Page("<p>Two.</p>", "Two."))
    One. Two.
    """
    if all(isinstance(part, Page) for part in parts):
        return Page("".join(part._markup for part in parts), " ".join(repr(part) for part in parts))
    from ipywidgets import VBox

    box = VBox(list(parts))
    box.add_class("lt-together")
    return box


def figure(
    draw: Callable[[Figure], None], alt: str, *, caption: str = "", size: tuple[float, float] = (7.6, 3.6)
) -> Page:
    """A matplotlib figure as a page element with a text alternative, in a light and a dark version.

    Parameters
    ----------
    draw : callable
        Called with an empty ``Figure`` once a theme; draws into it. Colours of text and axes are set already.
    alt : str
        What the figure shows, in one or two sentences: numbers included.
    caption : str, optional
        One sentence under the figure, or more; a line break begins a new line.
    size : tuple of float
        Width and height in inches (72 CSS pixels each).

    Examples
    --------
    >>> figure(lambda fig: fig.subplots().plot([0, 1]), "A line that rises from 0 to 1.")
    A line that rises from 0 to 1.
    """
    if not alt.strip():
        raise InputError("A figure needs a text alternative: say in a sentence what it shows.")
    alt = " ".join(alt.split())
    width = size[0] * 72 * 1.3
    widths = f"width:{width:.0f}px;min-width:{width * _STAYS:.0f}px"
    pictures = "".join(
        f'<img class="lt-{theme}" alt="{html.escape(alt, quote=True)}" style="{widths}" '
        f'src="data:image/png;base64,{_png(draw, size, theme)}">'
        for theme in ("light", "dark")
    )
    lines = html.escape(caption).replace("\n", "<br>")
    words = f"<figcaption>{lines}</figcaption>" if caption else ""
    # Whatever can roll must be reached by keys, and keep them: JupyterLab would move on to the next box with them.
    return Page(
        '<figure class="lt-figure"><div class="lt-roll" tabindex="0" role="group" aria-label="Figure" '
        f'data-lm-suppress-shortcuts="true">{pictures}</div>{words}</figure>',
        alt,
    )


def _png(draw: Callable[[Figure], None], size: tuple[float, float], theme: str) -> str:
    warm().join()  # two threads must not import the same package at once
    import matplotlib
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    ink, quiet = INK[theme], QUIET[theme]
    style = {
        "text.color": ink,
        "axes.labelcolor": ink,
        "axes.edgecolor": quiet,
        "axes.facecolor": "none",
        "axes.titlelocation": "left",
        "axes.titlesize": 11,
        "axes.titleweight": "bold",
        "axes.spines.top": False,
        "axes.spines.right": False,
        "figure.facecolor": "none",
        "font.size": 10,
        "lines.linewidth": 2,
        "xtick.color": quiet,
        "xtick.labelcolor": ink,
        "ytick.color": quiet,
        "ytick.labelcolor": ink,
    }
    with matplotlib.rc_context(style):
        # A Figure of our own, not pyplot's: no global state, nothing left open.
        fig = Figure(figsize=size, layout="constrained")
        FigureCanvasAgg(fig)
        draw(fig)
        buffer = io.BytesIO()
        fig.savefig(buffer, format="png", dpi=160, transparent=True, pil_kwargs={"compress_level": 3})
    return base64.b64encode(buffer.getvalue()).decode("ascii")
