"""One writer at a time, across processes: two notebooks are two kernels with one record.

A small wrapper of what the operating system offers. The lock lies on the record itself, so no second file
appears beside it, and the system lifts it when a process dies, however it dies.
"""

from __future__ import annotations

import errno
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

_PAUSE = 0.005  # seconds between two attempts; an append holds the lock for a few milliseconds
_LOCKLESS = {errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP}


@contextmanager
def locked(descriptor: int, *, shared: bool = False, patience: float = 10.0) -> Iterator[None]:
    """Hold the lock of an open file for the length of a ``with`` block.

    Some network drives have no locks. There the block runs without one: each append is still a single
    write at the end of the file, which is the best such a drive can do.

    Parameters
    ----------
    descriptor : int
        An open file, as `os.open` gives it.
    shared : bool
        Readers may hold the lock together (where the system knows shared locks; Windows' `msvcrt` does not).
    patience : float
        Seconds to wait for another process.

    Raises
    ------
    TimeoutError
        Another process kept the lock for longer than `patience`.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryFile() as file, locked(file.fileno()):
    ...     "mine alone"
    'mine alone'
    """
    deadline = time.monotonic() + patience
    held = True
    while True:
        try:
            _acquire(descriptor, shared)
            break
        except OSError as error:
            if error.errno in _LOCKLESS:
                held = False
                break
            if error.errno not in (errno.EAGAIN, errno.EACCES, errno.EDEADLK):
                raise
            if time.monotonic() > deadline:
                raise TimeoutError(errno.ETIMEDOUT, os.strerror(errno.ETIMEDOUT)) from error
        time.sleep(_PAUSE)
    try:
        yield
    finally:
        if held:
            _release(descriptor)


if sys.platform == "win32":
    import msvcrt

    # Windows keeps others from even reading a locked byte, so the byte lies where no record ever reaches.
    _BYTE = 0x7FFF_0000

    def _acquire(descriptor: int, shared: bool) -> None:
        os.lseek(descriptor, _BYTE, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

    def _release(descriptor: int) -> None:
        os.lseek(descriptor, _BYTE, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _acquire(descriptor: int, shared: bool) -> None:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)

    def _release(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)
