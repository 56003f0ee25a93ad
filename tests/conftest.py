"""What tests of several rooms share."""

import importlib.util
import sys
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def shown_files():
    """``tests/media/shown_files.py``: files that say in many ways how they are to be shown."""
    path = Path(__file__).parent / "media" / "shown_files.py"
    spec = importlib.util.spec_from_file_location("look_twice_shown_files", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module
