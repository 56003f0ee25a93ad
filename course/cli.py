"""The command ``course``: open the course, check that all of it works, put pages back, look after the pictures."""

from __future__ import annotations

import argparse
import errno
import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from course import __version__, media_commands
from course.errors import CourseError
from course.trouble import in_words

_ABOUT = """\
Look Twice: a course on media literacy for the age of generated video.

Without further words this command opens the course in your browser, on the
welcome page. Everything stays on this computer: no account, no internet.
"""

_EXAMPLES = """\
examples:
  course                    open the course
  course --no-browser       do not open a browser window, only show the address
  course --port 9000        use another port than 8888
  course check              before a lesson: are all pictures there, does every
                            page run?
  course restore            put all pages back as the course has them (or one:
                            course restore 3); what you wrote is kept beside
  course media add FILE     enter a picture of your own
  course media list         list the pictures (then also: show, credits)
  course --pictures FOLDER  open the course with your own pictures of a folder

Answers are kept in one readable file on this computer, and your copies of the
pages beside it. To keep them in another folder, name it in the environment
variable LOOK_TWICE_HOME.
"""

_CHECK = """\
Check that the course is complete: every picture against its catalogue, and every
page of the course from top to bottom. Takes a minute or two. The answers that you
or your class have given are not touched.
"""

_RESTORE = """\
Put pages back as the course has them. You work on copies of your own; what you
have written there is kept beside, under a name with the date. A page that is open
in the browser shows this once you load it again; if you are asked, choose Revert.
"""

_SIMULATE = """\
Thousands of made-up classes whose true gain is known take the trial twice: is the
gain found again? Takes up to a minute. Nobody's answers are read.
"""

#: Names the folder of a teacher's own pictures, here and in every kernel that the lab starts.
_PICTURES = "LOOK_TWICE_PICTURES"

# Kernels start in other folders than this command: what it is told of folders must hold there too.
_FOLDERS = ("LOOK_TWICE_HOME", "LOOK_TWICE_NOTEBOOKS", "LOOK_TWICE_DATA", _PICTURES)


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
    words.add_argument(
        "--pictures", metavar="FOLDER", help="show the pictures of your own in this folder too (see course media add)"
    )
    tasks = words.add_subparsers(dest="task", metavar="check|restore|simulate|media")
    check = tasks.add_parser(
        "check",
        help="check that all pictures are there and every page runs",
        description=_CHECK,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    check.add_argument(
        "--parity", action="store_true", help="check instead that nothing but the picture tells the two origins apart"
    )
    check.add_argument("--write", action="store_true", help="with --parity: write docs/parity.md (for maintainers)")
    restore = tasks.add_parser(
        "restore",
        help="put pages back, and keep what you wrote",
        description=_RESTORE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    restore.add_argument("page", nargs="*", metavar="PAGE", help="its number or file name; without any, all pages")
    simulate = tasks.add_parser(
        "simulate",
        help="show on made-up classes what the trial can find out (for maintainers)",
        description=_SIMULATE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    simulate.add_argument("--write", action="store_true", help="write docs/simulations.md and its figure")
    media_commands.add_to(tasks)
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
        0 if all went well, 1 if not (the reason has been printed), 130 if it was stopped with Ctrl+C.
    """
    words = parser()
    asked = words.parse_args(arguments)
    if asked.task == "check" and asked.write and not asked.parity:
        words.error("--write goes with --parity")
    # A Windows console may not know every letter; a sentence with a question mark is better than a crash.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    if asked.pictures:
        os.environ[_PICTURES] = asked.pictures
    try:
        _make_absolute()
        return _run(asked)
    except CourseError as error:
        return _fail(str(error))
    except OSError as error:
        if isinstance(error, BrokenPipeError) or (
            os.name == "nt" and error.errno == errno.EINVAL and not error.filename
        ):
            # Whoever read along, such as the command head, has seen enough. Nothing may be written at the end either.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 1
        if (sentence := in_words(error)) is None:
            raise
        return _fail(sentence)
    except KeyboardInterrupt:
        return _fail("Stopped.", 130)


def _make_absolute() -> None:
    for name in _FOLDERS:
        if folder := os.environ.get(name):
            # Not Path.expanduser, which fails where nobody has that name.
            os.environ[name] = str(Path(os.path.expanduser(folder)).absolute())  # noqa: PTH111


def _run(asked: argparse.Namespace) -> int:
    if asked.task == "media":
        return media_commands.run(asked)
    if asked.task == "restore":
        return _restore(asked.page)
    if asked.task == "simulate":
        return _simulate(write=asked.write)
    if asked.task == "check":
        return _parity(write=asked.write) if asked.parity else _check()
    return _open(asked.port, browser=not asked.no_browser, pictures=bool(asked.pictures))


def _open(port: int, *, browser: bool, pictures: bool) -> int:
    from course import lab

    with ExitStack() as turn:
        turn.enter_context(lab.one_at_a_time())
        running = lab.find_running()
        if running is None:
            if not _own_pictures_in_order():
                return 1
            lab.start(port=port, browser=browser, say=_say, ready=turn.close)
            return 0
    if pictures:
        # Its kernels were started with other pictures, and nothing tells them of new ones.
        _say(
            f"The course is open already, at\n\n    {running.address}\n\nClose it first: press Ctrl+C in its "
            "window. Then run this command again."
        )
        return 1
    _say(f"The course is open already, at\n\n    {running.address}\n")
    if browser:
        lab.show(running.address, say=_say)
    return 0


def _restore(words: Sequence[str]) -> int:
    from course import pages

    chosen = [pages.find(each) for each in words] or [page.name for page in pages.overview()]
    for name in dict.fromkeys(chosen):
        _say(pages.put_back(name))
    if not chosen:
        return _fail(f"There is no page in {pages.shipped()}. Restore from a complete copy of the course.")
    return 0


def _own_pictures_in_order() -> bool:
    """Whether the teacher's own pictures, if there are any, can be shown. What is wrong has been said."""
    folder = os.environ.get(_PICTURES)
    if not folder or media_commands.own_pictures_in_order(Path(folder), _say):
        return True
    _say(f"\nPut this right, then run the command again. ({_PICTURES} names the folder {folder}.)")
    return False


def _parity(*, write: bool) -> int:
    from course import parity

    page = media_commands.docs_folder() / "parity.md" if write else None
    return 0 if parity.run(write=page) else 1


def _simulate(*, write: bool) -> int:
    from course import simulations

    return 0 if simulations.run(media_commands.docs_folder() if write else None) else 1


def _check() -> int:
    from course import check

    return 0 if check.run() else 1


def _port(text: str) -> int:
    if not text.isdecimal() or not 1024 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text} is not a port: choose a number from 1024 to 65535")
    return int(text)


def _say(sentence: str) -> None:
    # Whoever reads the address through a pipe must not wait for a full buffer.
    print(sentence, flush=True)


def _fail(sentence: str, code: int = 1) -> int:
    print(sentence, file=sys.stderr, flush=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
