"""The command ``course``: open the course, or check that all of it works."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from course import __version__

_ABOUT = """\
Look Twice: a course on media literacy for the age of generated video.

Without further words this command opens the course in your browser, on the
welcome page. Everything stays on this computer: no account, no internet.
"""

_EXAMPLES = """\
examples:
  course                  open the course
  course --no-browser     do not open a browser window, only show the address
  course --port 9000      use another port than 8888
  course check            before a lesson: are all pictures there, does every page run?

Answers are kept in one readable file on this computer. To keep them in another
folder, name it in the environment variable LOOK_TWICE_HOME.
"""

_CHECK = """\
Check that the course is complete: every picture against its catalogue, and every
page of the course from top to bottom. Takes a minute or two. The answers that you
or your class have given are not touched.
"""


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line.

    Returns
    -------
    argparse.ArgumentParser

    Examples
    --------
    >>> parser().parse_args(["--no-browser", "--port", "9000"]).port
    9000
    """
    words = argparse.ArgumentParser(
        prog="course",
        description=_ABOUT,
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    words.add_argument("--version", action="version", version=f"Look Twice {__version__}")
    words.add_argument("--no-browser", action="store_true", help="show the address, but do not open a browser window")
    words.add_argument(
        "--port",
        type=_port,
        default=8888,
        metavar="NUMBER",
        help="where the course listens on this computer (8888); if taken, the next free one is used",
    )
    tasks = words.add_subparsers(dest="task", metavar="check")
    tasks.add_parser(
        "check",
        help="check that all pictures are there and every page runs",
        description=_CHECK,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    return words


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Parameters
    ----------
    arguments : sequence of str, optional
        The words after ``course``; those of the command line by default.

    Returns
    -------
    int
        0 if all went well, 1 if not (the reason has been printed).
    """
    asked = parser().parse_args(arguments)
    # A Windows console may not know every letter; a sentence with a question mark is better than a crash.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    return _check() if asked.task == "check" else _open(asked.port, browser=not asked.no_browser)


def _open(port: int, *, browser: bool) -> int:
    from course import lab

    try:
        running = lab.find_running()
        if running is None:
            lab.start(port=port, browser=browser, say=_say)
            return 0
        _say(f"The course is open already, at\n\n    {running.address}\n")
        if browser:
            lab.show(running.address, say=_say)
    except lab.LabError as error:
        return _fail(error)
    return 0


def _check() -> int:
    from course import check

    try:
        return 0 if check.run() else 1
    except check.CheckError as error:
        return _fail(error)


def _port(text: str) -> int:
    if not text.isdecimal() or not 1024 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text} is not a port: choose a number from 1024 to 65535")
    return int(text)


def _say(sentence: str) -> None:
    # Whoever reads the address through a pipe must not wait for a full buffer.
    print(sentence, flush=True)


def _fail(error: Exception) -> int:
    print(error, file=sys.stderr, flush=True)
    return 1


if __name__ == "__main__":
    sys.exit(main())
