"""Check that the course is whole: its pictures, its offline web, and every page from top to bottom.

The pages are run by the same runner as in the tests, nbval, so that what passes here passes there. They run with
an empty record in a temporary folder: no answer of a learner is read or changed.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from course import lab, media, pages, sources
from course.errors import CourseError
from course.media.catalogue import data_folder
from course.trouble import explaining

if TYPE_CHECKING:
    import pytest
    from rich.console import Console
    from rich.progress import Progress

#: Seconds after which a cell counts as stuck.
CELL_TIMEOUT = 60

# What all pages together write, and some more.
_ROOM = 32 << 20  # bytes


class CheckError(CourseError):
    """There is nothing to check; the message says why and what to do."""


@dataclass
class Page:
    """How the run of one notebook went.

    Attributes
    ----------
    name : str
        File name.
    cells : int
        Code cells that ran.
    seconds : float
        How long they took, kernel start included.
    failures : list of str
        What went wrong, cell by cell.
    """

    name: str
    cells: int = 0
    seconds: float = 0.0
    failures: list[str] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Whether at least one cell ran and none failed."""
        return self.cells > 0 and not self.failures


def run(console: Console | None = None) -> bool:
    """Check pictures (a teacher's own among them), the offline web and pages, and print what was found.

    Parameters
    ----------
    console : rich.console.Console, optional
        Where to print; the terminal by default.

    Returns
    -------
    bool
        True if everything is in order.

    Raises
    ------
    CheckError
        If there is no notebook, or no room to run one.
    """
    from rich.console import Console

    console = console or Console(highlight=False)
    notebooks = find_notebooks(pages.shipped())
    with _progress(console) as progress:
        pictures, problems = _check_pictures(progress)
        faults = _check_web(progress)
        ran = _run_with_progress(notebooks, progress)
    console.print(_table(ran))
    for page in ran:
        for failure in page.failures:
            console.rule(page.name)
            console.print(failure, markup=False, soft_wrap=True)
    for problem in problems + faults:
        console.print(problem, markup=False, soft_wrap=True)
    failed = [page.name for page in ran if not page.passed]
    if not problems and not faults and not failed:
        console.print(f"Everything is in order: {pictures} pictures and {len(ran)} pages.")
        return True
    if problems:
        console.print(f"Not in order: {len(problems)} of {pictures} pictures, or their list (see above).")
    if faults:
        console.print("Not in order: the offline web (see above).")
    if failed:
        console.print(f"Not in order: {', '.join(failed)}. What went wrong is printed above.", soft_wrap=True)
    return False


def find_notebooks(folder: Path) -> list[Path]:
    """Return the notebooks of a folder, by name.

    Parameters
    ----------
    folder : pathlib.Path

    Returns
    -------
    list of pathlib.Path

    Raises
    ------
    CheckError
        If there is none.
    """
    notebooks = sorted(folder.glob("*.ipynb"))
    if not notebooks:
        raise CheckError(f"There is no notebook in {folder}. Start the check from a complete copy of the course.")
    return notebooks


def run_notebooks(notebooks: list[Path], runner: Runner | None = None) -> list[Page]:
    """Run notebooks from top to bottom, each in a kernel of its own.

    Parameters
    ----------
    notebooks : list of pathlib.Path
    runner : Runner, optional
        Hears of each cell; to show progress.

    Returns
    -------
    list of Page
        One for each notebook, in their order.

    Raises
    ------
    CheckError
        If there is no room to run one.
    """
    import pytest

    runner = runner or Runner()
    with tempfile.TemporaryDirectory(prefix="look-twice-") as home, _isolated(Path(home)):
        with explaining(CheckError, f"The pages cannot be run in the folder for passing files, {Path(home).parent}"):
            lab.make_sure_of_room(Path(home), _ROOM)
        pytest.main(
            [
                # Neither the settings nor the plugins of a project around the course take part.
                *("-c", os.devnull, "--rootdir", str(notebooks[0].parent), "--noconftest"),
                *("-p", "nbval.plugin", "-p", "no:cacheprovider", "-p", "no:doctest"),
                *("--quiet", "--color", "no", "--capture", "no", "--continue-on-collection-errors"),
                *("--nbval-lax", f"--nbval-cell-timeout={CELL_TIMEOUT}"),
                *map(str, notebooks),
            ],
            plugins=[runner],
        )
    return [runner.pages[notebook.name] for notebook in _named(runner, notebooks)]


class Runner:
    """A pytest plugin that listens to nbval and keeps a `Page` for each notebook.

    Attributes
    ----------
    pages : dict of str to Page
        By file name.
    """

    def __init__(self) -> None:
        self.pages: defaultdict[str, Page] = defaultdict(lambda: Page(""))

    def collected(self, cells: int) -> None:
        """Hear how many cells will run. Does nothing unless a subclass shows it."""

    def finished(self, notebook: str) -> None:
        """Hear that a cell has run. Does nothing unless a subclass shows it."""

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        # pytest's own report; nbval needs its options, so it cannot be left out from the beginning
        session.config.pluginmanager.unregister(name="terminalreporter")

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self.collected(len(session.items))

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            name = Path(report.nodeid).name
            self.pages[name].failures.append(f"{name} cannot be read as a notebook.\n{_in_short(report.longreprtext)}")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        name = Path(report.nodeid.split("::")[0]).name
        page = self.pages[name]
        page.seconds += report.duration
        if report.failed:
            page.failures.append(_in_short(report.longreprtext))
        if report.when == "call":
            page.cells += 1
        if report.when == "teardown":
            self.finished(name)


def _in_short(report: str) -> str:
    """Return what nbval says of a cell, with the last line for the whole traceback, and without colours."""
    plain = re.sub(r"\x1b\[[0-9;]*m", "", report).strip()
    before, traceback, steps = plain.partition("\nTraceback:\n")
    return before + "\n" + steps.strip().splitlines()[-1] if traceback and steps.strip() else plain


def _named(runner: Runner, notebooks: list[Path]) -> Iterator[Path]:
    for notebook in notebooks:
        page = runner.pages[notebook.name]
        page.name = notebook.name
        if not page.cells and not page.failures:
            page.failures.append(f"No cell of {notebook.name} was run.")
        yield notebook


@contextmanager
def _isolated(home: Path) -> Iterator[None]:
    before = dict(os.environ)
    (home / "lab").mkdir()
    os.environ.update(lab.environment(home / "lab"))
    os.environ["LOOK_TWICE_HOME"] = str(home)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    # The folder is its owner's alone; on a drive without permissions Jupyter would else refuse to keep its keys there.
    os.environ["JUPYTER_ALLOW_INSECURE_WRITES"] = "1"
    os.environ.pop("PYTEST_ADDOPTS", None)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _progress(console: Console) -> Progress:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    return Progress(
        TextColumn("{task.description:<34}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
    )


def _check_pictures(progress: Progress) -> tuple[int, list[str]]:
    task = progress.add_task("Pictures")
    problems = []
    try:
        catalogue = media.catalogue()
    except media.MediaError as error:
        problems.append(str(error))
        if not os.environ.get("LOOK_TWICE_PICTURES"):
            return 0, problems
        # The mistake may be in the teacher's own sheet alone; the pictures of the course are looked at all the same.
        try:
            catalogue = media.catalogue(data_folder())
        except media.MediaError:  # it was not: what was said first says it
            return 0, problems
    total = len(catalogue)
    try:
        pairs, files = media.controlled(), media.whole_files()
        total += 3 * len(pairs) + len(files)
        checked = chain(media.verify(catalogue), media.verify_controlled(pairs), media.verify_whole_files(files))
    except media.MediaError as error:
        problems.append(str(error))
        checked = media.verify(catalogue)
    problems += [problem for _, problem in progress.track(checked, total=total, task_id=task) if problem]
    return total, problems


def _check_web(progress: Progress) -> list[str]:
    task = progress.add_task("Offline web", total=1)
    try:
        faults = list(sources.problems(sources.web(), media.catalogue()))
    except (sources.SourcesError, media.MediaError) as error:
        # What is wrong with the pictures has been said; of the web nothing more can be told then.
        faults = [str(error)] if isinstance(error, sources.SourcesError) else []
    progress.update(task, advance=1)
    return faults


def _run_with_progress(notebooks: list[Path], progress: Progress) -> list[Page]:
    task = progress.add_task("Pages: getting ready", total=None)

    class Shown(Runner):
        def collected(self, cells: int) -> None:
            progress.update(task, total=cells)

        def finished(self, notebook: str) -> None:
            progress.update(task, advance=1, description=notebook.removesuffix(".ipynb"))

    ran = run_notebooks(notebooks, Shown())
    progress.update(task, description="Pages")
    return ran


def _table(ran: list[Page]) -> object:
    from rich.table import Table

    table = Table("Page", title_justify="left")
    table.add_column("Cells", justify="right")
    table.add_column("Seconds", justify="right")
    table.add_column("Result")
    for page in ran:
        table.add_row(page.name, str(page.cells), f"{page.seconds:.1f}", "in order" if page.passed else "failed")
    table.add_section()
    table.add_row("All", str(sum(page.cells for page in ran)), f"{sum(page.seconds for page in ran):.1f}", "")
    return table
