import os
import threading

import pytest

from course.record.lock import locked


@pytest.fixture
def two(tmp_path):
    """The same file, opened twice: to the system these are two holders, as two processes are."""
    path = tmp_path / "record.jsonl"
    path.write_bytes(b"line\n")
    first, second = os.open(path, os.O_RDWR), os.open(path, os.O_RDWR)
    yield first, second
    os.close(first)
    os.close(second)


def test_a_second_writer_waits_in_vain(two):
    with locked(two[0]), pytest.raises(TimeoutError), locked(two[1], patience=0.05):
        pass


def test_a_second_writer_gets_its_turn(two):
    release = threading.Event()
    inside = threading.Event()
    turns = []

    def hold():
        with locked(two[0]):
            inside.set()
            release.wait(5)
            turns.append("first")

    holder = threading.Thread(target=hold)
    holder.start()
    assert inside.wait(5)
    threading.Timer(0.05, release.set).start()
    with locked(two[1]):
        turns.append("second")
    holder.join()
    assert turns == ["first", "second"]


def test_the_lock_is_lifted_when_the_block_fails(two):
    with pytest.raises(KeyError), locked(two[0]):
        raise KeyError
    with locked(two[1], patience=0.05):
        pass


@pytest.mark.skipif(os.name == "nt", reason="msvcrt knows no shared locks")
def test_readers_share_and_a_writer_does_not(two):
    with locked(two[0], shared=True):
        with locked(two[1], shared=True, patience=0.05):
            pass
        with pytest.raises(TimeoutError), locked(two[1], patience=0.05):
            pass


def test_the_content_can_be_read_while_it_is_locked(two):
    with locked(two[0]):
        os.lseek(two[1], 0, os.SEEK_SET)
        assert os.read(two[1], 10) == b"line\n"


def test_a_drive_without_locks_still_takes_answers(two, monkeypatch):
    import errno

    from course.record import lock

    def none(descriptor, shared):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(lock, "_acquire", none)
    with locked(two[0]):
        assert os.write(two[0], b"x") == 1


def test_any_other_failure_is_told(two, monkeypatch):
    import errno

    from course.record import lock

    def broken(descriptor, shared):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(lock, "_acquire", broken)
    with pytest.raises(OSError, match="Input/output"), locked(two[0]):
        pass
