"""Each test gets a learner of its own."""

import pytest

from course import record


@pytest.fixture(autouse=True)
def log(tmp_path, monkeypatch):
    """An empty record that the lessons write to."""
    monkeypatch.setenv("LOOK_TWICE_HOME", str(tmp_path))
    return record.open()
