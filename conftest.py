"""What all layers of the tests share. It lies here so that it holds for a single notebook or docstring, too."""

from __future__ import annotations

import os
import tempfile
from collections import defaultdict
from pathlib import Path

import pytest

from course import lab

ROOT = Path(__file__).resolve().parent
NOTEBOOKS = ROOT / "notebooks"

# A page should run in 15 s. It fails at twice that, so that a busy machine is not taken for a slow page.
PAGE_SECONDS = 15.0
SLOW_PAGE_SECONDS = 30.0


class PageTimes:
    """Adds up how long each page of the course takes, and fails the run if one is far too slow."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        file = report.nodeid.split("::")[0]
        if file.startswith("notebooks/") and file.endswith(".ipynb"):
            self.seconds[file] += report.duration

    def slow(self) -> list[str]:
        return [file for file, seconds in self.seconds.items() if seconds > SLOW_PAGE_SECONDS]

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.slow() and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self.seconds:
            terminalreporter.section(f"pages (wanted: {PAGE_SECONDS:.0f} s, limit: {SLOW_PAGE_SECONDS:.0f} s)")
        for file, seconds in sorted(self.seconds.items()):
            remark = "  TOO SLOW" if seconds > SLOW_PAGE_SECONDS else ""
            terminalreporter.write_line(f"{seconds:5.1f} s  {file}{remark}", red=bool(remark))


def pytest_configure(config: pytest.Config) -> None:
    # Neither a record nor a Jupyter of whoever runs the tests is read or changed; kernels inherit this.
    home = tempfile.TemporaryDirectory(prefix="look-twice-tests-", ignore_cleanup_errors=True)
    config.add_cleanup(home.cleanup)
    os.environ["LOOK_TWICE_HOME"] = home.name
    os.environ.pop("LOOK_TWICE_NOTEBOOKS", None)
    os.environ.pop("LOOK_TWICE_PICTURES", None)
    (Path(home.name) / "lab").mkdir()
    os.environ.update(lab.environment(Path(home.name) / "lab"))
    if not hasattr(config, "workerinput"):  # with xdist, the one process that hears of all pages
        config.pluginmanager.register(PageTimes(), "page-times")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    whole = any(Path(argument).resolve() == NOTEBOOKS for argument in config.args)
    if whole and not any(NOTEBOOKS in item.path.parents for item in items):
        raise pytest.UsageError(f"no notebook was collected from {NOTEBOOKS}: a run without any proves nothing")
