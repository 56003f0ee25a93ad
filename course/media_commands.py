"""The commands ``course media list|show|credits|add|check``: what the course shows, and a teacher's own pictures."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

    from course import media

_ABOUT = """\
What the course shows, and a teacher's own pictures beside it. The answers tell
which picture is which: read them after the blind trials.
"""

_CHECK = """\
Ask of each form of your own whether it measures an eye: whether it has enough
items, whether colour or movement alone would pass it, whether something in it
is met elsewhere. It tells answers, so keep it from your class. What it says is
advice; the form can be used whatever it is. It takes about half a minute.
"""

_ADD = """\
Write an entry for a picture or a clip into the sheet pictures.toml of its folder.
What stands there already is left as it is. Fields that are not given are asked
for, or left as TODO. Then: course --pictures FOLDER
"""


def add_to(tasks: argparse._SubParsersAction) -> None:
    """Add ``media`` and its commands to the parser of ``course``."""
    raw = argparse.RawDescriptionHelpFormatter
    words = tasks.add_parser(
        "media", help="list, show and credit the pictures, add your own", description=_ABOUT, formatter_class=raw
    )
    commands = words.add_subparsers(dest="command", metavar="list|show|credits|add|check", required=True)

    listing = commands.add_parser("list", help="list the pictures")
    listing.add_argument("--folder", metavar="FOLDER", help="list your own pictures in this folder instead")
    listing.add_argument("--kind", choices=("clip", "still"))
    listing.add_argument("--origin", choices=("camera", "generated"))

    one = commands.add_parser("show", help="show all that is known of one picture")
    one.add_argument("id", metavar="ID")
    one.add_argument("--folder", metavar="FOLDER", help="look for it in this folder")

    thanks = commands.add_parser("credits", help="print authors and licences")
    thanks.add_argument("--write", action="store_true", help="write them to docs/credits.md (for maintainers)")

    asked = commands.add_parser(
        "check", help="ask what your own forms measure", description=_CHECK, formatter_class=raw
    )
    asked.add_argument("--folder", metavar="FOLDER", help="where the sheet is (the folder that --pictures names)")

    new = commands.add_parser("add", help="enter a file of your own", description=_ADD, formatter_class=raw)
    new.add_argument("file", metavar="FILE")
    new.add_argument("--folder", metavar="FOLDER", help="where the sheet is (the folder of the file)")
    new.add_argument("--origin", choices=("camera", "generated"))
    new.add_argument("--subject", metavar="WORD", help="what is in the picture, in one word")
    new.add_argument("--alt", metavar="TEXT", help="what is seen, without the origin")
    new.add_argument("--author", metavar="NAME")
    new.add_argument("--licence", metavar="LICENCE", help="such as CC-BY-4.0")
    new.add_argument("--known-from", metavar="TEXT", help="how you know where it comes from")
    new.add_argument("--generator", metavar="NAME", help="of a generated picture")
    new.add_argument("--date", dest="generated_on", metavar="DATE", help="of a generated picture, such as 2026-05")


def run(asked: argparse.Namespace) -> int:
    """Run one of the commands.

    Parameters
    ----------
    asked : argparse.Namespace
        As the parser gives it.

    Returns
    -------
    int
        0 if all went well, 1 if not (the reason has been printed).
    """
    from course import media

    commands: dict[str, Callable[[argparse.Namespace], int]] = {
        "list": _list,
        "show": _show,
        "credits": _credits,
        "add": _add,
        "check": _check,
    }
    try:
        return commands[asked.command](asked)
    except media.MediaError as error:
        print(error, file=sys.stderr, flush=True)
        return 1


def own_pictures_in_order(folder: Path, say: Callable[[str], None]) -> bool:
    """Check a teacher's folder before a class sees it: the sheet, and whether each file can be shown.

    Parameters
    ----------
    folder : Path
    say : callable
        Takes each sentence.

    Returns
    -------
    bool
        False if there are problems; they have been said.
    """
    from course import media

    try:
        own = media.own_pictures(folder)
        forms = media.own_forms(folder)
    except media.MediaError as error:
        say(str(error))
        return False
    say(f"Looking at {_count(len(own), 'picture')} in {folder} ...")
    problems = [problem for _, problem in media.verify(own) if problem]
    for problem in problems:
        say(problem)
    if not problems:
        for form in forms.values():
            say(f'In order. Lesson 1 shows them with lesson.trial("{form.name}") ({_count(len(form.items), "item")}).')
    return not problems


def _catalogue(folder: str | None) -> media.Catalogue:
    from course import media

    return media.own_pictures(folder) if folder else media.catalogue()


def _list(asked: argparse.Namespace) -> int:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    from course.media.sheet import shown

    wanted = {name: value for name in ("kind", "origin") if (value := getattr(asked, name))}
    items = _catalogue(asked.folder).where(**wanted)
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    for name in ("id", "kind", "origin", "subject", "shown in", "made with"):
        table.add_column(name, overflow="fold", no_wrap=name in ("kind", "origin"))
    places = {"parity": "trial"}
    for item in items:
        row = (item.id, item.kind, item.origin, item.subject, places.get(item.purpose, item.purpose), item.generator)
        table.add_row(*(Text(shown(cell or "")) for cell in row))
    console = _console()
    console.print(table)
    console.print(f"{_count(len(items), 'picture')}.")
    return 0


def _show(asked: argparse.Namespace) -> int:
    from rich.table import Table
    from rich.text import Text

    from course.media.sheet import shown

    items = _catalogue(asked.folder)
    if asked.id not in items:
        near = get_close_matches(asked.id, items, n=1, cutoff=0.5)
        hint = f"Did you mean “{near[0]}”?" if near else "The command course media list names them all."
        print(f"There is no picture “{shown(asked.id)}”. {hint}", file=sys.stderr, flush=True)
        return 1
    table = Table.grid(padding=(0, 1))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in _facts(items[asked.id]).items():
        table.add_row(name, Text(shown(value, 2000)))
    _console().print(table)
    return 0


def _facts(item: media.Item) -> dict[str, str]:
    """All that is known of an item, in words; what does not apply is left out."""
    size = f"{item.width} x {item.height} pixels" if item.width else "its own size"
    if item.kind == "clip" and item.frames:
        size += f", {item.frames} frames, {item.fps:g} a second"
    source = " ".join(part for part in (item.package, item.version) if part)
    facts = {
        "id": item.id,
        "kind": item.kind,
        "origin": item.origin,
        "subject": item.subject,
        "what is seen": item.alt,
        "generator": item.generator,
        "generated on": item.generated_on,
        "date known from": item.dated_by,
        "prompt": item.prompt,
        "author": item.author,
        "licence": item.licence,
        "source": f"{source} ({item.registry}, {item.publisher}): {item.member}",
        "known from": getattr(item, "known_from", None),
        "purpose": item.purpose,
        "size": f"{size}, {item.bytes:,} bytes",
        "file": str(item.path),
        "SHA-256": item.sha256,
        "looks odd, but": item.odd_reason,
        "difficulty": f"{item.difficulty} of 3, as judged by eye" if item.registry != "own" else None,
        "looks ordinary": "yes" if item.plain else None,
        "note": item.note,
    }
    for number, cue in enumerate(item.cues, start=1):
        left, top, width, height = (f"{share:.0%}" for share in cue.region)
        frames = f"frames {cue.frames[0] + 1} to {cue.frames[1] + 1}, " if item.kind == "clip" else ""
        facts[f"cue {number}"] = (
            f"{cue.reason} ({cue.family}; {frames}{left} from the left, {top} from the top, {width} x {height})"
        )
    facts["no cue because"] = item.nothing
    return {name: value for name, value in facts.items() if value}


def _credits(asked: argparse.Namespace) -> int:
    from course import media
    from course.media.catalogue import data_folder

    if not asked.write:
        print(media.credits_page(media.catalogue(), media.controlled(), media.whole_files()), end="", flush=True)
        return 0
    page = docs_folder() / "credits.md"
    # What ships, whatever folder of one's own is named just now.
    text = media.credits_page(media.catalogue(data_folder()), media.controlled(), media.whole_files())
    page.write_text(text, encoding="utf-8", newline="\n")
    print(f"Written: {page}", flush=True)
    return 0


def docs_folder() -> Path:
    """Return the folder ``docs`` of the checkout.

    Raises
    ------
    course.media.MediaError
        If the course was installed without it.
    """
    from course import media

    folder = Path(__file__).resolve().parent.parent / "docs"
    if not folder.is_dir():
        raise media.MediaError(
            f"There is no folder {folder} to write to. Run the command in a copy of the course's repository."
        )
    return folder


def _add(asked: argparse.Namespace) -> int:
    from course import media
    from course.media.adding import add_entry, draft
    from course.media.sheet import SHEET

    if asked.origin == "camera" and (asked.generator or asked.generated_on):
        raise media.MediaError("A camera picture has no generator: leave --generator and --date out.")
    new = draft(asked.file, asked.folder)
    print(f"{new.path.name}: a {new.kind} of {new.measured}.", flush=True)
    if not new.long_enough:
        print("It is too short for the blind trial, which shows 2 seconds; it is entered as an exhibit.", flush=True)
    names = ("origin", "subject", "alt", "author", "licence", "known_from", "generator", "generated_on")
    values = {name: value for name in names if (value := getattr(asked, name))}
    if sys.stdin is not None and sys.stdin.isatty():
        values = _asked(values)
    line = add_entry(new, values)
    print(f"Entered as “{new.id}” in {new.folder / SHEET}, line {line}.", flush=True)
    try:
        media.own_pictures(new.folder)
    except media.MediaError as error:
        print(f"\nStill to do:\n{error}\n\nThen, and after every change, run", flush=True)
    else:
        print("The sheet is in order. To open the course with these pictures, run", flush=True)
    print(f'\n    course --pictures "{new.folder}"', flush=True)
    return 0


def _asked(values: Mapping[str, str]) -> dict[str, str]:
    """Ask at the terminal for what has not been given. An empty answer leaves a field for later."""
    from course.media.fields import GENERATED_FIELDS, ITEM_FIELDS

    answers = dict(values)
    print("Press Enter to leave something for later.", flush=True)
    for name, what in (ITEM_FIELDS | GENERATED_FIELDS).items():
        if name in answers or name in ("id", "file"):
            continue
        if name in GENERATED_FIELDS and answers.get("origin") != "generated":
            continue
        answer = input(f"{name} ({what}): ").strip()
        while name == "origin" and answer not in ("", "camera", "generated"):
            answer = input("Write camera or generated: ").strip()
        if answer:
            answers[name] = answer
    return answers


def _check(asked: argparse.Namespace) -> int:
    from course import media, own_form_audit
    from course.media.own import own_folder

    folder = Path(asked.folder) if asked.folder else own_folder()
    if folder is None:
        raise media.MediaError("Name the folder with your pictures: course media check --folder FOLDER")

    def say(words: str) -> None:
        print(words, flush=True)

    if not own_pictures_in_order(folder, say):
        return 1
    say("Asking what the forms measure ...")
    remarks = own_form_audit.remarks(folder)
    for remark in remarks:
        say(remark)
    say("You can use them as they are." if remarks else "Nothing was found that stands against them.")
    return 0


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _console() -> Console:
    from rich.console import Console

    return Console(highlight=False, markup=False, emoji=False)
