import errno
import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from course import record
from course.record import RecordError, store
from course.record.store import Record

ANSWER = {"kind": "question.answer", "question": "pan", "option": 2}


@pytest.fixture
def log(tmp_path):
    return Record(tmp_path / "home")


def lines(log):
    return log.path.read_bytes().split(b"\n")


# Opening


def test_opening_writes_nothing_and_gives_the_same_record_for_the_same_folder(tmp_path):
    first = record.open(tmp_path / "home")
    assert record.open(str(tmp_path / "elsewhere" / ".." / "home")) is first
    assert not (tmp_path / "home").exists()
    assert first.events() == () and first.problems() == () and first.learner is None


def test_the_environment_names_the_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("LOOK_TWICE_HOME", str(tmp_path / "mine"))
    assert record.open().folder == (tmp_path / "mine").resolve()


def test_a_relative_folder_of_the_environment_stays_where_it_was_first(tmp_path, monkeypatch):
    named = f"mine-{tmp_path.name}"
    monkeypatch.setenv("LOOK_TWICE_HOME", named)
    monkeypatch.chdir(tmp_path)
    log = record.open()
    log.append({"kind": "test.one"})
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert record.open() is log
    assert log.folder == (tmp_path / named).resolve()
    assert not list((tmp_path / "elsewhere").iterdir())
    assert record.open(named).folder == (tmp_path / "elsewhere" / named).resolve()  # a script's own word is as it says


def test_otherwise_it_is_the_place_for_a_users_data(monkeypatch):
    import platformdirs

    monkeypatch.delenv("LOOK_TWICE_HOME", raising=False)
    assert record.open().folder == platformdirs.user_data_path("look-twice", appauthor=False).resolve()


# Appending


def test_an_answer_is_on_the_disk_when_append_returns(log):
    event = log.append(ANSWER)
    begin, answer, rest = lines(log)
    assert rest == b""
    assert json.loads(begin)["kind"] == "record.begin"
    assert json.loads(answer) == {"at": event.at, "learner": event.learner, **ANSWER, "v": 1}
    assert list(json.loads(answer))[:3] == ["at", "learner", "kind"]
    assert event.data == ANSWER and event in log.events()


def test_one_answer_is_one_write_and_one_sync(log, monkeypatch):
    log.append(ANSWER)
    calls = []
    write, sync = os.write, os.fsync
    monkeypatch.setattr(os, "write", lambda fd, data: calls.append(bytes(data)) or write(fd, data))
    monkeypatch.setattr(os, "fsync", lambda fd: calls.append("sync") or sync(fd))
    log.append(ANSWER)
    assert calls == [lines(log)[-2] + b"\n", "sync"]


def test_the_code_stays_the_same_and_is_no_name(log):
    codes = {log.append(ANSWER).learner for _ in range(5)} | {log.learner, Record(log.folder).learner}
    assert len(codes) == 1
    assert log.events("record.begin")[0].learner == codes.pop()


def test_two_records_of_one_folder_see_each_other(log):
    other = Record(log.folder)
    mine, theirs = log.append(ANSWER), other.append({"kind": "preference", "name": "a", "value": 1})
    assert mine.learner == theirs.learner
    assert log.events() == other.events()
    assert [event.kind for event in log.events()] == ["record.begin", "question.answer", "preference"]


def test_threads_and_processes_may_write_at_once(log):
    code = (
        "import sys; from pathlib import Path; from course.record.store import Record\n"
        "log = Record(Path(sys.argv[1]))\n"
        "for n in range(100): log.append({'kind': 'a', 'who': sys.argv[2], 'n': n, 'text': 'ä' * 300})"
    )
    children = [subprocess.Popen([sys.executable, "-c", code, str(log.folder), str(k)]) for k in range(3)]
    threads = [
        threading.Thread(target=lambda k=k: [log.append({"kind": "b", "who": k, "n": n}) for n in range(50)])
        for k in range(2)
    ]
    for thread in threads:
        thread.start()
    for worker in [*threads]:
        worker.join()
    assert [child.wait(60) for child in children] == [0, 0, 0]
    assert log.problems() == ()
    assert len(log.events("a")) == 300 and len(log.events("b")) == 100
    assert len(log.events("record.begin")) == 1 and len({event.learner for event in log.events()}) == 1
    for k in range(3):  # each writer's own order is kept
        assert [e.data["n"] for e in log.events("a") if e.data["who"] == str(k)] == list(range(100))


def test_a_malformed_event_leaves_no_trace(log):
    with pytest.raises(TypeError):
        log.append({"kind": "a", "pixels": object()})
    with pytest.raises(ValueError):
        log.append({"question": "pan"})
    assert not log.path.exists()


def test_an_endless_answer_is_refused_kindly(log):
    with pytest.raises(RecordError, match=r"too long. Shorten it"):
        log.append({"kind": "a", "text": "x" * 300_000})
    assert log.events() == ()


def test_the_code_is_known_before_the_first_event_and_stays(log):
    coming = log.code
    assert log.learner is None and not log.path.exists()
    assert log.append(ANSWER).learner == coming == log.code == log.learner
    assert Record(log.folder).code == coming


def test_a_code_that_was_given_first_by_another_program_counts(log):
    assert log.code
    theirs = Record(log.folder).append(ANSWER).learner
    assert log.code == theirs == log.append(ANSWER).learner


def test_deleting_the_file_in_mid_course_keeps_the_learner(log):
    code = log.append(ANSWER).learner
    log.path.unlink()
    assert log.events() == ()
    assert log.append(ANSWER).learner == code
    assert [event.kind for event in log.events()] == ["record.begin", "question.answer"]


# Torn lines


def test_torn_at_any_byte_nothing_else_is_lost(tmp_path):
    log = Record(tmp_path / "whole")
    log.append(ANSWER)
    kept = log.path.read_bytes()
    log.append({"kind": "trial.answer", "next_check": "Größe? 🐦"})
    content = log.path.read_bytes()
    for cut in range(len(kept) + 1, len(content)):
        torn = Record(tmp_path / str(cut))
        torn.folder.mkdir()
        torn.path.write_bytes(content[:cut])
        before = torn.events()
        whole = cut == len(content) - 1  # the line break alone is missing: the answer itself is complete
        assert len(before) == (3 if whole else 2)
        assert len(torn.problems()) == (0 if whole else 1)
        torn.append({"kind": "after"})
        assert torn.path.read_bytes().startswith(content[:cut] + b"\n")
        assert [event.kind for event in torn.events()] == [*(event.kind for event in before), "after"]
        assert Record(torn.folder).events() == torn.events()


def test_the_problem_is_told_in_one_sentence(log):
    for _ in range(3):
        log.append(ANSWER)
    with log.path.open("ab") as file:
        file.write(b'{"at":"2026')
    expected = "Line 5 could not be read and was left as it is (the line is not JSON in UTF-8); "
    assert log.problems() == (expected + "the other 4 lines are fine.",)
    log.append(ANSWER)
    assert log.problems() == (expected + "the other 5 lines are fine.",)


def test_a_torn_beginning_gets_a_new_one(log):
    log.folder.mkdir()
    log.path.write_bytes(b'{"at":"2026-11-22T09:3')
    log.append(ANSWER)
    assert [event.kind for event in log.events()] == ["record.begin", "question.answer"]


@pytest.mark.parametrize("junk", [b"\x00" * 4096, b"\xff\xfe\n", b"[1,2]\n", b'"' * 10 + b"\n", b"[" * 5000])
def test_junk_in_the_file_is_passed_over_and_stays(log, junk):
    log.append(ANSWER)
    with log.path.open("ab") as file:
        file.write(junk)
    log.append(ANSWER)
    assert len(log.events("question.answer")) == 2
    assert len(log.problems()) == 1
    assert junk in log.path.read_bytes()


def test_a_record_that_went_through_notepad_is_read(log):
    log.append(ANSWER)
    log.path.write_bytes(b"\xef\xbb\xbf" + log.path.read_bytes().replace(b"\n", b"\r\n"))
    fresh = Record(log.folder)
    assert len(fresh.events()) == 2 and fresh.problems() == () and fresh.learner == log.learner


def test_another_file_put_in_its_place_is_read_anew(log, tmp_path):
    log.append(ANSWER)
    other = Record(tmp_path / "other")
    for _ in range(5):
        other.append(ANSWER)
    log.events()
    os.replace(other.path, log.path)  # noqa: PTH105
    assert len(log.events("question.answer")) == 5


# When the disk will not


def refuse(number, times=1):
    """A system call that fails so many times with this error."""
    left = [times]

    def call(*_, **__):
        left[0] -= 1
        raise OSError(number, os.strerror(number))

    return call


FULL = "Your answer could not be saved: the disk is full. Free some space, then press the button again."


def test_a_full_disk_is_said_and_leaves_nothing(log, monkeypatch):
    log.append(ANSWER)
    before = log.path.read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", refuse(errno.ENOSPC))
        with pytest.raises(RecordError) as caught:
            log.append(ANSWER)
    assert str(caught.value) == FULL
    assert log.path.read_bytes() == before
    log.append(ANSWER)
    assert len(log.events("question.answer")) == 2 and log.problems() == ()


def test_half_a_write_is_taken_back(log, monkeypatch):
    log.append(ANSWER)
    before = log.path.read_bytes()
    write = os.write
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", lambda fd, data: write(fd, bytes(data)[:20]))
        with pytest.raises(RecordError, match="disk is full"):
            log.append(ANSWER)
    assert log.path.read_bytes() == before


def test_half_a_write_that_cannot_be_taken_back_is_passed_over(log, monkeypatch):
    log.append(ANSWER)
    write = os.write
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", lambda fd, data: write(fd, bytes(data)[:20]))
        patch.setattr(os, "ftruncate", refuse(errno.EIO))
        with pytest.raises(RecordError, match="disk is full"):
            log.append(ANSWER)
    log.append(ANSWER)
    assert len(log.events("question.answer")) == 2 and len(log.problems()) == 1


def test_an_answer_that_cannot_be_synced_is_not_acknowledged(log, monkeypatch):
    log.append(ANSWER)
    before = log.path.read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", refuse(errno.EIO))
        with pytest.raises(RecordError, match="cannot be used"):
            log.append(ANSWER)
    assert log.path.read_bytes() == before


@pytest.mark.skipif(os.name == "nt", reason="file size limits are a POSIX thing")
def test_a_real_limit_of_the_system_cuts_a_write_short_and_nothing_is_lost(log):
    log.append(ANSWER)
    code = (
        "import resource, sys; from pathlib import Path; from course.record.store import Record\n"
        "limit = Path(sys.argv[1], 'record.jsonl').stat().st_size + 500\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))\n"
        "log = Record(Path(sys.argv[1]))\n"
        "for n in range(100):\n"
        "    log.append({'kind': 'a', 'n': n}); print(n, flush=True)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(log.folder)], capture_output=True, text=True)
    assert done.returncode == 1 and FULL in done.stderr
    acknowledged = [int(line) for line in done.stdout.split()]
    assert acknowledged and [event.data["n"] for event in log.events("a")] == acknowledged
    assert log.problems() == ()


def test_a_folder_that_is_a_file_is_said(tmp_path):
    (tmp_path / "home").write_text("in the way", encoding="utf-8")
    with pytest.raises(RecordError, match=r"something else lies where .*home.* Set LOOK_TWICE_HOME"):
        Record(tmp_path / "home").append(ANSWER)
    with pytest.raises(RecordError, match="Your saved answers could not be read"):
        Record(tmp_path / "home").events()


def test_a_record_that_is_a_folder_is_said(log):
    log.path.mkdir(parents=True)
    with pytest.raises(RecordError, match="Your answer could not be saved"):
        log.append(ANSWER)
    with pytest.raises(RecordError, match="Your saved answers could not be read"):
        log.events()


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="needs a folder that is closed to this user")
def test_a_read_only_folder_is_said(log):
    log.folder.mkdir(mode=0o500)
    with pytest.raises(RecordError, match=r"does not let you use the folder .* Set LOOK_TWICE_HOME"):
        log.append(ANSWER)


@pytest.mark.parametrize("number", [errno.EACCES, errno.EPERM, errno.EROFS])
def test_what_may_not_be_written_is_said(log, monkeypatch, number):
    log.append(ANSWER)
    monkeypatch.setattr(os, "open", refuse(number))
    with pytest.raises(RecordError, match=r"does not let you use the folder .* Set LOOK_TWICE_HOME"):
        log.append(ANSWER)


def test_a_record_that_another_process_holds_is_said(log, monkeypatch):
    log.append(ANSWER)
    waiting = store.locked
    monkeypatch.setattr(store, "locked", lambda fd, **more: waiting(fd, **more, patience=0.05))
    descriptor = os.open(log.path, os.O_RDWR)
    try:
        with waiting(descriptor), pytest.raises(RecordError, match="keeps the record busy"):
            log.append(ANSWER)
    finally:
        os.close(descriptor)


# Reading


def test_events_can_be_had_by_kind(log):
    log.append(ANSWER)
    log.append({"kind": "other"})
    assert [event.kind for event in log.events("other")] == ["other"]
    assert log.events("unheard-of") == ()


def test_the_last_preference_counts(log):
    assert log.preference("path", "short") == "short"
    log.prefer("path", "full")
    log.prefer("words", {"sure": "certain"})
    log.prefer("path", "short")
    assert log.preference("path") == "short" and log.preference("words") == {"sure": "certain"}
    assert Record(log.folder).preference("path") == "short"


def test_ten_thousand_events_are_read_once(log, monkeypatch):
    first = log.append(ANSWER)
    with log.path.open("ab") as file:
        file.write(first.line() * 10_000)
    assert len(log.events(ANSWER["kind"])) == 10_001
    read = []
    parse = store._parsed
    monkeypatch.setattr(store, "_parsed", lambda line: read.append(line) or parse(line))
    for count in range(1, 21):
        log.append({"kind": "more"})
        assert len(log.events()) == 10_002 + count
    assert len([line for line in read if line]) == 20


# Carrying away, bringing back


def test_a_copy_brings_everything_back(log, tmp_path):
    log.append(ANSWER)
    log.append({"kind": "trial.answer", "next_check": "<b>Größe</b>? 🐦"})
    path = log.export(tmp_path / "copy.jsonl")
    assert path.read_bytes() == log.export_bytes() == log.path.read_bytes()
    fresh = Record(tmp_path / "fresh")
    assert fresh.restore(path) == 3
    assert fresh.events()[:3] == log.events()
    assert fresh.learner == log.learner == fresh.append(ANSWER).learner


def test_a_copy_goes_into_a_folder_under_a_name_of_its_own(log, tmp_path):
    code = log.append(ANSWER).learner
    assert log.export(tmp_path) == tmp_path / f"look-twice-{code}.jsonl"
    assert sorted(tmp_path.iterdir()) == [log.folder, tmp_path / f"look-twice-{code}.jsonl"]


def test_restoring_twice_adds_nothing(log, tmp_path):
    log.append(ANSWER)
    copy = log.export_bytes()
    assert log.restore(copy) == 0
    assert log.path.read_bytes() == copy
    fresh = Record(tmp_path / "fresh")
    assert fresh.restore(copy) == 2
    after = fresh.path.read_bytes()
    assert fresh.restore(copy) == 0 and fresh.path.read_bytes() == after


def test_restoring_merges_and_goes_on_under_the_restored_code(log, tmp_path):
    other = Record(tmp_path / "other")
    mine, theirs = log.append(ANSWER).learner, other.append({"kind": "a"}).learner
    assert log.restore(memoryview(other.export_bytes())) == 2
    kinds = ["record.begin", "question.answer", "record.begin", "a", "record.restored"]
    assert [event.kind for event in log.events()] == kinds
    assert log.learner == theirs != mine
    assert Record(log.folder).learner == theirs


def test_going_back_to_an_earlier_code_is_possible(log, tmp_path):
    other = Record(tmp_path / "other")
    mine = log.append(ANSWER).learner
    other.append({"kind": "a"})
    copy = log.export_bytes()
    log.restore(other.export_bytes())
    assert log.restore(copy) == 0
    assert log.learner == mine


def test_a_torn_copy_brings_back_what_is_sound(log, tmp_path):
    log.append(ANSWER)
    log.append({"kind": "a"})
    fresh = Record(tmp_path / "fresh")
    assert fresh.restore(log.export_bytes()[:-9]) == 2
    assert fresh.problems() == ()


def test_a_copy_that_went_through_notepad_is_understood(log, tmp_path):
    log.append(ANSWER)
    copy = b"\xef\xbb\xbf" + log.export_bytes().replace(b"\n", b"\r\n")
    assert Record(tmp_path / "fresh").restore(copy) == 2
    assert log.restore(copy) == 0


def foreign():
    begin = {"at": "2026-11-22T09:30:00Z", "learner": "heron-4821-birch", "kind": "record.begin", "v": 1}
    as_line = lambda values: json.dumps(values).encode() + b"\n"  # noqa: E731
    good = as_line(begin)
    yield "empty", b""
    yield "a picture", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40
    yield "zeros", b"\x00" * 5000
    yield "a web page", b"<!doctype html>\n<html></html>\n"
    yield "a notebook", json.dumps({"cells": [], "nbformat": 4}, indent=1).encode()
    yield "other JSON lines", b'{"a":1}\n{"b":2}\n'
    yield "numbers", b"1\n2\n3\n"
    yield "deep nesting", b"[" * 200_000
    yield "no beginning", as_line(begin | {"kind": "trial.answer"})
    yield "other JSON after a sound line", good + b'{"a":1}\n'
    yield "markup for a code", good + as_line(begin | {"learner": "<img src=x onerror=alert(1)>"})
    yield "markup for a kind", good + as_line(begin | {"kind": "<script>"})
    yield "markup for a time", good + as_line(begin | {"at": "<b>Z"})
    yield "a line of a megabyte", good + as_line(begin | {"text": "x" * 1_000_000})
    yield "text in UTF-16", good.decode().encode("utf-16")


@pytest.mark.parametrize("content", [pytest.param(content, id=name) for name, content in foreign()])
def test_a_wrong_file_changes_nothing(log, content, tmp_path):
    log.append(ANSWER)
    before = log.path.read_bytes()
    path = tmp_path / "wrong"
    path.write_bytes(content)
    for source in (content, path):
        with pytest.raises(RecordError, match=r"not a Look Twice record, so nothing was changed. Choose the"):
            log.restore(source)
    assert log.path.read_bytes() == before


def test_a_record_of_the_future_asks_for_an_update(log):
    log.append(ANSWER)
    with pytest.raises(RecordError, match="Update the course"):
        log.restore(log.export_bytes().replace(b'"v":1', b'"v":2'))


def test_a_file_of_three_gigabytes_is_not_read(log, tmp_path):
    path = tmp_path / "film.mp4"
    with path.open("wb") as file:
        file.truncate(3 * 1024**3)  # a hole: no byte of it lies on the disk
    began = time.perf_counter()
    with pytest.raises(RecordError, match="larger than any record"):
        log.restore(path)
    assert time.perf_counter() - began < 1
    with pytest.raises(RecordError, match="larger than any record"):
        log.restore(bytes(store.LARGEST_FILE + 1))


def test_a_file_that_is_not_there_and_a_folder_are_said(log, tmp_path):
    with pytest.raises(RecordError, match="There is no file"):
        log.restore(tmp_path / "nothing.jsonl")
    with pytest.raises(RecordError, match="not a Look Twice record"):
        log.restore(tmp_path)
    with pytest.raises(RecordError, match="cannot be read"):
        log.restore("a\0b")
    assert not log.path.exists()


def test_no_room_for_what_is_brought_back_changes_nothing(log, tmp_path, monkeypatch):
    log.append(ANSWER)
    other = Record(tmp_path / "other")
    other.append(ANSWER)
    copy, before, write = other.export_bytes(), log.path.read_bytes(), os.write
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", lambda fd, data: write(fd, bytes(data)[:100]))
        with pytest.raises(RecordError, match="could not be brought back: the disk is full"):
            log.restore(copy)
    assert log.path.read_bytes() == before and log.learner == log.events()[0].learner


def test_there_must_be_something_to_save(log, tmp_path):
    with pytest.raises(RecordError, match="nothing to save yet"):
        log.export(tmp_path / "copy.jsonl")
    assert not (tmp_path / "copy.jsonl").exists()


def test_a_copy_never_overwrites_the_record(log):
    log.append(ANSWER)
    before = log.path.read_bytes()
    with pytest.raises(RecordError, match="the record itself"):
        log.export(log.path)
    assert log.path.read_bytes() == before


def test_a_copy_that_cannot_be_written_leaves_the_old_one(log, tmp_path, monkeypatch):
    log.append(ANSWER)
    target = tmp_path / "copy.jsonl"
    target.write_bytes(b"old")
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", refuse(errno.ENOSPC))
        with pytest.raises(RecordError, match="Your work could not be saved: the disk is full"):
            log.export(target)
    assert target.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["copy.jsonl"]
    with pytest.raises(RecordError, match="Choose another folder for the copy"):
        log.export(Path(tmp_path, "no", "such", "folder.jsonl"))


# What may lie where the record belongs


def _things():
    yield "a link", lambda path: path.symlink_to(path.parent / "elsewhere.txt")
    yield "a link", lambda path: path.symlink_to("/dev/zero")
    yield "a folder", lambda path: path.mkdir()
    if hasattr(os, "mkfifo"):
        yield "a pipe", os.mkfifo


@pytest.mark.parametrize(("what", "make"), list(_things()))
def test_what_is_no_file_is_said_at_once_and_left_as_it_is(log, what, make):
    log.folder.mkdir(parents=True)
    other = log.folder / "elsewhere.txt"
    other.write_bytes(b"somebody else's\n")
    make(log.path)
    acts = (lambda: log.append(ANSWER), log.events, lambda: log.learner, lambda: log.preference("path"))
    acts += (log.export_bytes, lambda: log.export(log.folder / "copy.jsonl"), lambda: log.alone().__enter__())
    for act in acts:
        began = time.perf_counter()
        with pytest.raises(RecordError, match=rf"is {what}.* Move it away, then try again\.$") as said:
            act()
        assert time.perf_counter() - began < 2 and "\n" not in str(said.value)
    assert other.read_bytes() == b"somebody else's\n"


POSIX = pytest.mark.skipif(os.name == "nt", reason="Windows has no pipes and no devices among its files")


@POSIX
def test_a_device_is_said_at_once(log, monkeypatch):
    monkeypatch.setattr(log, "path", Path("/dev/zero"))
    with pytest.raises(RecordError, match="is a device"):
        log.events()


@POSIX
def test_a_pipe_or_a_device_is_not_brought_back(log, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/zero")):
        with pytest.raises(RecordError, match="not a Look Twice record"):
            log.restore(path)


def test_a_folder_that_is_a_link_is_a_home_like_any_other(tmp_path):
    (tmp_path / "drive").mkdir()
    (tmp_path / "home").symlink_to(tmp_path / "drive")
    Record(tmp_path / "home").append(ANSWER)
    assert len(Record(tmp_path / "drive").events()) == 2


def test_two_hundred_megabytes_go_out_and_come_back(log, tmp_path):
    log.append({"kind": "writing.text", "text": "x" * 200_000, "number": 0})
    line = log.path.read_bytes().splitlines(keepends=True)[-1]
    with log.path.open("ab") as file:
        for number in range(1, 1050):
            file.write(line.replace(b'"number":0', b'"number":%d' % number))
    assert log.path.stat().st_size > 200_000_000
    other = Record(tmp_path / "other")
    assert other.restore(log.export(tmp_path)) == 1051
    assert len(other.events("writing.text")) == 1050 and other.learner == log.learner


def test_what_could_not_be_brought_back_is_not_saved_either(log, monkeypatch):
    log.append(ANSWER)
    whole = log.export_bytes()
    monkeypatch.setattr(store, "LARGEST_FILE", len(whole))
    assert log.restore(log.export_bytes()) == 0
    log.append(ANSWER)
    with pytest.raises(RecordError, match=r"too large to be saved here .* by hand\.$"):
        log.export_bytes()
    with pytest.raises(RecordError, match="larger than any record"):
        log.restore(log.path)
