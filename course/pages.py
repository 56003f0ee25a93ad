"""The learner's own copies of the pages, beside the record.

The pages of the course are never written: a lesson is done on a copy in the folder ``pages`` beside the record. A slip
in a copy, such as a box that was deleted, touches neither the course nor anybody else, and the page can be put back;
what the learner had written is then kept beside it.

Each copy carries a stamp in its metadata: which page it was made from, and a fingerprint of its words. So it can be
told whether the learner has changed it, also after the course itself has changed.
"""

from __future__ import annotations

import filecmp
import hashlib
import json
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from course import record
from course.errors import CourseError, InputError
from course.trouble import explaining, in_words

#: The page that is in front when the course opens.
WELCOME = "00-welcome.ipynb"

#: Names the folder of a teacher's own selection of pages.
VARIABLE = "LOOK_TWICE_NOTEBOOKS"

_COURSE = Path(__file__).resolve().parent.parent / "notebooks"
_STAMP = "look_twice"


class PageError(CourseError):
    """A page cannot be shown or put back; the message says why and what to do."""


@dataclass(frozen=True)
class Page:
    """A page of the course, and the copy of it that a learner works on.

    Attributes
    ----------
    name : str
        File name, with the folders before it if there are any: ``"03-does-time-hold-together.ipynb"``.
    title : str
        Its first heading.
    state : str
        What is known of the copy: ``"missing"``, ``"damaged"`` (it cannot be read), ``"as shipped"`` (results apart),
        ``"changed"`` by the learner, or ``"outdated"``: changed by the learner, and the course has a newer page.
    """

    name: str
    title: str
    state: str


def shipped() -> Path:
    """Return the folder of the pages as the course, or a teacher, made them.

    Returns
    -------
    pathlib.Path
        ``notebooks/`` of the repository, beside the package; or the folder that the environment variable
        ``LOOK_TWICE_NOTEBOOKS`` names, as for a teacher's own selection.

    Examples
    --------
    >>> shipped().is_absolute()
    True
    """
    chosen = os.environ.get(VARIABLE)
    return Path(chosen).expanduser().resolve() if chosen else _COURSE


def folder(source: Path | None = None) -> Path:
    """Return the folder of the learner's copies. It may not exist yet.

    Parameters
    ----------
    source : pathlib.Path, optional
        The pages that are copied; by default `shipped`.

    Returns
    -------
    pathlib.Path
        ``pages`` beside the record. A teacher's own selection has one of its own there, with its name.

    Examples
    --------
    >>> folder(shipped()).name
    'pages'
    """
    source = (source or shipped()).resolve()
    return record.open().folder / ("pages" if source == _COURSE else f"pages-{source.name or 'own'}")


def lay_out(source: Path | None = None) -> list[str]:
    """Make every page ready for a sitting: copy what is missing, renew what the learner has not changed.

    Results of an earlier sitting are taken off: a widget lives as long as its kernel, and what it leaves in the file
    shows only an error the next time. Notebooks that the learner has made are left alone.

    Parameters
    ----------
    source : pathlib.Path, optional
        The pages to copy; by default `shipped`. Nothing is written there.

    Returns
    -------
    list of str
        Sentences for the learner, where something is worth saying.

    Raises
    ------
    PageError
        The copies cannot be written.
    """
    source = source or shipped()
    own, said, outdated = folder(source), [], []
    with explaining(PageError, "Your copies of the pages could not be made"):
        own.mkdir(parents=True, exist_ok=True)
        names = set()
        for name in _files(source, without=own.parent):
            if not name.endswith(".ipynb"):
                said += _lay_beside(source / name, own / name)
                continue
            names.add(name)
            original = _read(source / name)
            if original is None:
                said.append(f"The page {name} of the course cannot be read. Get the course once more.")
                continue
            try:
                state = _state(original, own / name)
                if state in ("changed", "outdated"):
                    outdated += [name] if state == "outdated" else []
                    clear_outputs(own / name)
                elif state == "damaged":
                    said.append(_put_back(original, name, own / name))
                else:
                    _write_if_other(own / name, _stamped(original, name))
            except OSError as error:
                if not (own / name).is_file():
                    raise
                # it can still be read, and so can all others
                said.append(f"{name} stays as it was left. {in_words(error) or 'It cannot be written.'}")
        _tidy(own, names)
    if outdated:
        these, them = ("There is a newer page", "it") if len(outdated) == 1 else ("There are newer pages", "them")
        said.append(
            f"{these} than your own changed {_listed(outdated)}. To get {them}: uv run course restore "
            f"{' '.join(_short(name) for name in outdated)}. What you wrote is kept beside."
        )
    return said


def overview(source: Path | None = None) -> tuple[Page, ...]:
    """Say of each page whether the learner's copy is still as the course has it.

    Parameters
    ----------
    source : pathlib.Path, optional
        The pages of the course; by default `shipped`.

    Returns
    -------
    tuple of Page
        In the order of their names.

    Examples
    --------
    >>> overview()[0].title
    'Welcome to Look Twice'
    """
    source = source or shipped()
    own = folder(source)
    originals = {name: _read(source / name) for name in _files(source, own.parent) if name.endswith(".ipynb")}
    return tuple(
        Page(name, _title(original) or name, _state(original, own / name))
        for name, original in originals.items()
        if original is not None
    )


def find(words: str, source: Path | None = None) -> str:
    """Return the name of the page that is meant.

    Parameters
    ----------
    words : str
        The number of a lesson, the name of a file, or the beginning of one.
    source : pathlib.Path, optional
        The pages of the course; by default `shipped`.

    Raises
    ------
    InputError
        There is no such page, or more than one.

    Examples
    --------
    >>> find("3"), find("07-signed")
    ('03-does-time-hold-together.ipynb', '07-signed-at-birth.ipynb')
    """
    source = source or shipped()
    names = [name for name in _files(source, folder(source).parent) if name.endswith(".ipynb")]
    wanted = Path(words).name.removesuffix(".ipynb") if words.endswith(".ipynb") else words
    number = f"{int(words):02d}-" if words.isdecimal() else None
    for fits in (
        lambda name: name in (words, f"{wanted}.ipynb"),
        lambda name: bool(number) and name.startswith(number),
        lambda name: bool(wanted) and name.startswith(wanted),
    ):
        if len(found := [name for name in names if fits(name)]) == 1:
            return found[0]
    listed = ", ".join(_short(name) for name in names) or "none"
    raise InputError(f"There is no page “{words}”. Name one by its number or its file: {listed}.")


def put_back(name: str, source: Path | None = None) -> str:
    """Put a page back as the course has it. What the learner has changed is kept beside, under a name of its own.

    Parameters
    ----------
    name : str
        A page, as `overview` names it.
    source : pathlib.Path, optional
        The pages of the course; by default `shipped`. Nothing is written there.

    Returns
    -------
    str
        A sentence for the learner: what was done, and where the old page is now.

    Raises
    ------
    PageError
        There is no such page, or it cannot be written. Then the copy is what it was before.
    """
    source = source or shipped()
    if name not in _files(source, folder(source).parent) or not (original := _read(source / name)):
        raise PageError(f"The course has no page “{name}”.")
    with explaining(PageError, f"{name} could not be put back"):
        return _put_back(original, name, folder(source) / name)


def clear_outputs(notebook: Path) -> bool:
    """Take the results of an earlier sitting out of a notebook; its words and cells stay.

    Parameters
    ----------
    notebook : pathlib.Path
        A notebook file (nbformat 4).

    Returns
    -------
    bool
        True if there was something to clear. If not, the file is left untouched.

    Raises
    ------
    PageError
        If the file is not a notebook.

    Examples
    --------
    >>> import json, tempfile
    >>> cell = {"cell_type": "code", "source": "1 + 1", "execution_count": 1, "outputs": [{}], "metadata": {}}
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     page = Path(folder, "page.ipynb")
    ...     _ = page.write_text(json.dumps({"cells": [cell]}), encoding="utf-8")
    ...     clear_outputs(page), clear_outputs(page)
    (True, False)
    """
    content = _read(notebook)
    if content is None:
        raise PageError(f"{notebook.name} is damaged and cannot be read as a notebook.")
    if used := _without_results(content):
        _write(notebook, _text(content))
    return used


# One page


def _read(notebook: Path) -> dict[str, Any] | None:
    """The content of a notebook, or None if it is none."""
    # nbformat would do this too, but importing it takes seconds that the learner waits for.
    try:
        content = json.loads(notebook.read_text(encoding="utf-8"))
        sound = all(isinstance(cell["cell_type"] + _source(cell), str) for cell in content["cells"])
        return content if sound and isinstance(content.setdefault("metadata", {}), dict) else None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _source(cell: dict[str, Any]) -> str:
    return "".join(cell.get("source", ""))


def _without_results(content: dict[str, Any]) -> bool:
    """Take the results out; tell whether there were any."""
    used = [
        cell
        for cell in content["cells"]
        if cell["cell_type"] == "code" and (cell.get("outputs") or cell.get("execution_count") is not None)
    ]
    for cell in used:
        cell["outputs"], cell["execution_count"] = [], None
    return bool(used)


def _title(content: dict[str, Any]) -> str:
    texts = (_source(cell) for cell in content["cells"] if cell["cell_type"] == "markdown")
    return next((found[1].strip() for text in texts if (found := re.search(r"^# (.+)", text, re.MULTILINE))), "")


def _fingerprint(content: dict[str, Any]) -> str:
    """Of what is read and run. Running the last box adds an empty one, and Enter for Shift+Enter a line: no changes."""
    words = [[cell["cell_type"], _source(cell).rstrip()] for cell in content["cells"]]
    return _digest([each for each in words if each[1]])


def _digest(content: object) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode("utf-8")).hexdigest()


def _stamp(content: dict[str, Any]) -> dict[str, Any]:
    stamp = content["metadata"].get(_STAMP)
    return stamp if isinstance(stamp, dict) else {}


def _stamped(original: dict[str, Any], name: str) -> str:
    """The text of a fresh copy."""
    content = json.loads(json.dumps(original))
    content["metadata"][_STAMP] = {"page": name, "words": _fingerprint(original), "made_from": _digest(original)}
    _without_results(content)
    return _text(content)


def _text(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _state(original: dict[str, Any], copy: Path) -> str:
    if not copy.is_file():
        return "missing"
    content = _read(copy)
    if content is None:
        return "damaged"
    stamp, words = _stamp(content), _fingerprint(content)
    if words in (stamp.get("words"), _fingerprint(original)):
        return "as shipped"
    return "changed" if stamp.get("made_from") == _digest(original) else "outdated"


def _put_back(original: dict[str, Any], name: str, copy: Path) -> str:
    state = _state(original, copy)
    kept = _keep_beside(copy) if state in ("changed", "outdated", "damaged") and copy.stat().st_size else None
    _write(copy, _stamped(original, name))
    if state == "damaged":
        back = f"{name} could not be read, so a fresh one is in its place."
    elif state == "as shipped":
        back = f"{name} was as the course has it; its results are off the page."
    else:
        back = f"{name} is back as the course has it."
    return f"{back} What was there is kept as “{kept.name}”." if kept else back


def _keep_beside(file: Path) -> Path:
    """Copy a file to a name of its own, which says whose it is and when it was kept. Nothing is overwritten."""
    content = _read(file) if file.suffix == ".ipynb" else None
    used = content is not None and _without_results(content)  # with no kernel behind them they would show as errors
    kept = _text(content).encode("utf-8") if used else file.read_bytes()
    for number in range(1, 1000):
        again = f", {number}" if number > 1 else ""
        beside = file.with_name(f"{file.stem} (yours, {datetime.now():%Y-%m-%d %H.%M}{again}){file.suffix}")
        try:
            with beside.open("xb") as out:
                try:
                    out.write(kept)
                    out.flush()
                    os.fsync(out.fileno())
                except OSError:
                    out.close()
                    beside.unlink(missing_ok=True)
                    raise
            return beside
        except FileExistsError:
            continue
    raise PageError(f"There are too many kept copies of {file.name}. Delete some, then try again.")


# The folder


def _files(source: Path, without: Path) -> Iterator[str]:
    """Names of all files of a folder and the folders in it, in order, without hidden ones and without the record."""
    for path in sorted(source.rglob("*")):
        inside = path.relative_to(source)
        hidden = any(part.startswith(".") or part == "__pycache__" for part in inside.parts)
        if not hidden and path.is_file() and without not in path.parents:
            yield inside.as_posix()


def _lay_beside(original: Path, copy: Path) -> list[str]:
    """Copy a file that is no page, such as a picture that a page shows. A changed one of the learner's is kept."""
    if copy.is_file() and filecmp.cmp(original, copy, shallow=False):
        return []
    kept = _keep_beside(copy) if copy.is_file() else None
    _write(copy, original.read_bytes())
    return [f"{copy.name} is back as the course has it. What was there is kept as “{kept.name}”."] if kept else []


def _tidy(own: Path, names: set[str]) -> None:
    """Take results off all other copies, and away what the course no longer has and the learner never changed."""
    for name in list(_files(own, own / "nowhere")):
        if name in names or not name.endswith(".ipynb"):
            continue
        with suppress(OSError):  # a file that cannot be read or written is no reason not to begin
            content = _read(own / name)
            if not content or not _stamp(content):
                continue  # the learner's own
            if _stamp(content).get("page") == name and _stamp(content).get("words") == _fingerprint(content):
                (own / name).unlink()
            else:
                clear_outputs(own / name)


def _write_if_other(file: Path, text: str) -> None:
    if not file.is_file() or file.read_bytes() != text.encode("utf-8"):
        _write(file, text)


def _write(file: Path, content: str | bytes) -> None:
    """Write beside `file` and move it there, so that a crash leaves the one or the other, whole."""
    data = content.encode("utf-8") if isinstance(content, str) else content
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f".{secrets.token_hex(8)}.part")
    try:
        draft.write_bytes(data)
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)


def _short(name: str) -> str:
    """How a page is named on the command line."""
    return found[1] if (found := re.match(r"0?(\d+)-[^/]*$", name)) else f'"{name}"'


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]
