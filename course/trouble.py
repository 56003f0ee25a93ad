"""What the operating system reports of files and drives, as a sentence for the learner."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from course.errors import CourseError

_FULL = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}
_IN_THE_WAY = {errno.ENOTDIR, errno.EEXIST, errno.EISDIR, errno.ENOTEMPTY}
_NO_NAME = {errno.ENAMETOOLONG, errno.EINVAL, errno.ELOOP}
_NO_DRIVE = {
    getattr(errno, name)
    for name in ("EIO", "ESTALE", "ENODEV", "ENXIO", "EHOSTDOWN", "EHOSTUNREACH", "ETIMEDOUT", "ENOTCONN")
    if hasattr(errno, name)
}


def in_words(error: OSError) -> str | None:
    """Say what is wrong, and what to do.

    Parameters
    ----------
    error : OSError
        As the system gave it.

    Returns
    -------
    str or None
        A sentence or two; None if the error is of no kind that a person at the computer could mend.

    Examples
    --------
    >>> in_words(OSError(errno.ENOSPC, "No space left on device", "record.jsonl"))
    'The disk is full. Free some space, then try again.'
    >>> in_words(OSError(errno.EACCES, "Permission denied", "record.jsonl"))
    'The system does not let the course use record.jsonl. Allow it, or choose another folder, then try again.'
    """
    file = str(error.filename) if error.filename else ""
    if error.errno in _FULL:
        return "The disk is full. Free some space, then try again."
    if error.errno == errno.ENOENT and not file and "temporary directory" in str(error):
        return "There is no place for passing files: the disk is full, or the folder for them cannot be written."
    if error.errno in _FORBIDDEN:
        return (
            f"The system does not let the course use {file or 'a file that it needs'}. Allow it, or choose another "
            "folder, then try again."
        )
    if error.errno == errno.ENOENT and file:
        return f"There is no file or folder {file}. Check its name and its folder."
    if error.errno in _IN_THE_WAY and file:
        return f"Something else lies where {file} belongs. Move it away, or choose another folder."
    if error.errno in _NO_NAME and file:
        return f"{file} is no name that this drive can use. Choose another one."
    if error.errno in _NO_DRIVE:
        return f"The drive{f' with {file}' if file else ''} does not answer. Look whether it is still there."
    return None


@contextmanager
def explaining(kind: type[CourseError], failure: str) -> Iterator[None]:
    """Turn what the system reports within a ``with`` block into an error that speaks to the learner.

    Parameters
    ----------
    kind : type of CourseError
        What is raised.
    failure : str
        What could not be done; the cause is added to it.

    Examples
    --------
    >>> with explaining(CourseError, "The page could not be put back"):
    ...     raise OSError(errno.ENOSPC, "No space left on device")
    Traceback (most recent call last):
    ...
    course.errors.CourseError: The page could not be put back. The disk is full. Free some space, then try again.
    """
    try:
        yield
    except OSError as error:
        if (words := in_words(error)) is None:
            raise
        raise kind(f"{failure}. {words}") from error
