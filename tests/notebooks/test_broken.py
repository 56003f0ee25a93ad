"""A runner that never fails proves nothing: one notebook is broken on purpose."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BROKEN = Path(__file__).with_name("broken.ipynb")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small copy of this project: the same settings of pytest, and a folder for notebooks."""
    for name in ("pyproject.toml", "conftest.py"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / "notebooks").mkdir()
    return tmp_path


def pytest_in(project: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-rA", "-p", "no:cacheprovider", "notebooks"],
        cwd=project,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )


def test_broken_notebook_fails(project: Path) -> None:
    shutil.copy(BROKEN, project / "notebooks")
    outcome = pytest_in(project)
    assert outcome.returncode == pytest.ExitCode.TESTS_FAILED, outcome.stdout
    # an exception in the cell itself, and one in a handler that the cell calls; not the cells beside them
    assert "2 failed, 2 passed" in outcome.stdout
    assert "this cell is meant to fail" in outcome.stdout
    assert "ZeroDivisionError" in outcome.stdout


def test_no_notebook_fails(project: Path) -> None:
    outcome = pytest_in(project)
    assert outcome.returncode == pytest.ExitCode.USAGE_ERROR, outcome.stdout
    assert "no notebook was collected" in outcome.stderr
