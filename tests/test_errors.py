"""Whatever speaks to learners is a CourseError, and only that is shown to them."""

import importlib
import inspect
import pkgutil

import pytest

import course
from course import errors

NOT_SHOWN = {"NotAnEvent", "Damaged", "_NoPlainFile"}  # inside the record, on the way to the words of a RecordError


def _exceptions():
    for module in pkgutil.walk_packages(course.__path__, "course."):
        for name, kind in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
            if issubclass(kind, Exception) and kind.__module__ == module.name:
                yield name, kind


def test_all_exceptions_of_the_course_are_of_one_family():
    found = dict(_exceptions())
    assert {"MediaError", "RecordError", "SourcesError", "ProvenanceError", "LabError"} <= set(found)
    strangers = {name for name, kind in found.items() if not issubclass(kind, errors.CourseError)}
    assert strangers == NOT_SHOWN


def test_a_script_may_catch_what_it_passed_wrongly_as_a_value_error():
    with pytest.raises(ValueError, match="as it is"):
        raise errors.InputError("as it is")
