"""The learner's own record: what was answered, when, and nothing about who answered.

A record is one file, ``record.jsonl``, that a person can read: one event a line, each line JSON, written to
the disk before :meth:`Record.append` returns, and never changed afterwards. It carries a random code such as
``heron-4821-birch`` and no name.

>>> import tempfile
>>> from course import record
>>> folder = tempfile.TemporaryDirectory()
>>> log = record.open(folder.name)
>>> _ = log.append({"kind": "question.answer", "question": "pan", "option": 2})
>>> [event.data["option"] for event in log.events("question.answer")]
[2]
>>> log.problems()
()
>>> folder.cleanup()
"""

from course.record.event import Event, RecordError
from course.record.store import Following, Record, open

__all__ = ["Event", "Following", "Record", "RecordError", "open"]
