"""The record on the disk: append, read, carry away, bring back."""

from __future__ import annotations

import errno
import os
import stat
import threading
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import cache
from pathlib import Path

from course.record.code import new_code
from course.record.event import LONGEST_LINE, Damaged, Event, NotAnEvent, RecordError, checked
from course.record.lock import locked

FILE_NAME = "record.jsonl"
LARGEST_FILE = 1 << 30
"""Bytes that :meth:`Record.restore` reads at most. A whole course makes well under one million, but whatever could be
saved must be brought back as well; more than this the memory of a small machine does not hold."""

BEGIN = "record.begin"
RESTORED = "record.restored"
PREFERENCE = "preference"

_FULL = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}
_IN_THE_WAY = {errno.ENOTDIR, errno.EEXIST, errno.EISDIR}
# Windows translates line ends and hands open files to child processes unless told not to.
_PLAIN = getattr(os, "O_BINARY", 0) | getattr(os, "O_NOINHERIT", 0) | getattr(os, "O_CLOEXEC", 0)
_WRONG_FILE = (
    "This file is not a Look Twice record, so nothing was changed. "
    "Choose the .jsonl file that you saved with the save button."
)


class Record:
    """The events of one learner, in one file that only ever grows.

    Several kernels may use the same file at once. Lines that cannot be read stay where they are.

    Parameters
    ----------
    folder : pathlib.Path
        Where ``record.jsonl`` lies or will lie; made at the first append.

    Notes
    -----
    Whose code counts: a record can hold lines of two codes once a file was restored into it. All are the same
    person's; the last ``record.begin`` or ``record.restored`` says under which code that person goes on.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     log = Record(Path(folder))
    ...     _ = log.append({"kind": "question.answer", "question": "pan", "option": 2})
    ...     [event.kind for event in log.events()]
    ['record.begin', 'question.answer']
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / FILE_NAME
        self._gate = threading.RLock()
        self._held: int | None = None  # the open file while this thread is in `alone`
        self._learner: str | None = None
        self._coming = new_code()
        self._forget()

    def __repr__(self) -> str:
        return f"Record({str(self.path)!r})"

    # Writing

    def append(self, event: Mapping[str, object]) -> Event:
        """Write one event, and come back only when it is on the disk.

        Parameters
        ----------
        event : Mapping[str, object]
            Plain JSON values under string keys; ``"kind"`` is required. The record adds ``at``, ``learner``
            and ``v``.

        Returns
        -------
        Event
            As it was written.

        Raises
        ------
        RecordError
            The event is not on the disk: no room, no permission, no folder. Nothing is left of it there.
        TypeError, ValueError
            The event itself is malformed; see :func:`course.record.event.checked`.
        """
        data = checked(event)
        with self._gate, self._writing("Your answer could not be saved") as descriptor:
            learner = self._learner or self._coming
            begin = b"" if self._begun else Event.now(learner, {"kind": BEGIN}).line()
            added = Event.now(learner, data)
            line = added.line()
            if len(line) > LONGEST_LINE:
                raise RecordError(
                    "Your answer could not be saved: it is too long. Shorten it, then press the button again."
                )
            self._write(descriptor, begin + line)
            self._learner = learner
        return added

    def prefer(self, name: str, value: object) -> Event:
        """Remember a preference, such as the path a learner picked: an event of kind ``"preference"``."""
        return self.append({"kind": PREFERENCE, "name": name, "value": value})

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep all other windows from writing for the length of a ``with`` block, to look first and then to write.

        Raises
        ------
        RecordError
            The file cannot be written, or another window keeps it.

        Examples
        --------
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     log = Record(Path(folder))
        ...     with log.alone():
        ...         if not log.events("trial.begin"):
        ...             _ = log.append({"kind": "trial.begin"})
        ...     len(log.events("trial.begin"))
        1
        """
        with self._gate, self._writing("Your answer could not be saved") as descriptor:
            before, self._held = self._held, descriptor
            try:
                yield
            finally:
                self._held = before

    def following(self) -> Following:
        """The events as they come, for a tool that other windows may work beside."""
        return Following(self)

    # Reading

    @property
    def learner(self) -> str | None:
        """The random code, or None before the first event."""
        with self._gate:
            self._read()
            return self._learner

    @property
    def code(self) -> str:
        """The random code; before the first event, the one that will come with it.

        What is mixed by it keeps its order when the first answer is saved.
        """
        return self.learner or self._coming

    def events(self, kind: str | None = None) -> tuple[Event, ...]:
        """All events that can be read, in the order of the file.

        Only what was added since the last call is read from the disk.

        Parameters
        ----------
        kind : str, optional
            Return events of this kind alone.

        Raises
        ------
        RecordError
            The file is there and the system will not let us read it.
        """
        with self._gate:
            self._read()
            known = self._events if kind is None else self._by_kind.get(kind, [])
            # A last line without its line break counts when it is whole: an editor may have cut it off.
            last = self._tail if isinstance(self._tail, Event) else None
            if last is not None and kind in (None, last.kind):
                return (*known, last)
            return tuple(known)

    def preference(self, name: str, default: object = None) -> object:
        """The value last given to :meth:`prefer` under `name`, or `default`."""
        for event in reversed(self.events(PREFERENCE)):
            if event.data.get("name") == name:
                return event.data.get("value", default)
        return default

    def problems(self) -> tuple[str, ...]:
        """Say in plain sentences which lines could not be read; empty when all is well."""
        with self._gate:
            sound = len(self.events())
            bad = dict(self._bad)
            if isinstance(self._tail, ValueError):
                bad[self._lines + 1] = self._tail
            rest = f"the other {sound} lines are fine" if sound != 1 else "the other line is fine"
            return tuple(
                f"Line {number} could not be read and was left as it is ({why}); {rest}." for number, why in bad.items()
            )

    # Carrying away, bringing back

    @property
    def export_name(self) -> str:
        """A name to offer for a saved copy; it holds the code, so that a teacher can tell files apart."""
        return f"look-twice-{self.learner or 'empty'}.jsonl"

    def export_bytes(self) -> bytes:
        """The whole record as one small file: the bytes of ``record.jsonl`` themselves.

        Raises
        ------
        RecordError
            There is nothing to save yet, or the file cannot be read.
        """
        with self._gate:
            self._read()
            content = b""
            with self._explaining("Your work could not be saved"), suppress(FileNotFoundError):
                if self.path.stat().st_size > LARGEST_FILE:  # it could not be brought back
                    raise RecordError(
                        f"Your record is too large to be saved here (over {LARGEST_FILE >> 20} MB). "
                        f"Copy the file {self.path} by hand."
                    )
                content = self.path.read_bytes()
        if not content:
            raise RecordError("There is nothing to save yet. Answer a question first.")
        return content

    def export(self, path: str | os.PathLike[str]) -> Path:
        """Save a copy of the record.

        Parameters
        ----------
        path : str or path-like
            A file, which is replaced only once the copy is complete, or a folder, which gets a file called
            :attr:`export_name`.

        Returns
        -------
        pathlib.Path
            The file written.

        Raises
        ------
        RecordError
            Nothing to save, no room, no permission, or `path` is the record itself.
        """
        content = self.export_bytes()
        target = Path(path).expanduser()
        if target.is_dir():
            target = target / self.export_name
        if target.exists() and target.samefile(self.path):
            raise RecordError("That file is the record itself. Choose another name or folder for the copy.")
        draft = target.with_name(target.name + ".part")
        with self._explaining("Your work could not be saved", target.parent):
            try:
                with draft.open("wb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
                draft.replace(target)
            except OSError:
                with suppress(OSError):
                    draft.unlink(missing_ok=True)
                raise
        return target

    def restore(self, source: str | os.PathLike[str] | bytes | bytearray | memoryview) -> int:
        """Merge a saved copy into this record.

        Lines that are here already are skipped; the rest is appended in one write, followed by an event
        ``record.restored``. From then on the learner goes by the code of the restored file. Torn lines of the
        copy are left behind.

        Parameters
        ----------
        source : path or bytes
            What :meth:`export` wrote, or :meth:`export_bytes` returned.

        Returns
        -------
        int
            Events added; 0 when all were here already.

        Raises
        ------
        RecordError
            The file is missing, too large or no record, or there is no room for it. Nothing was changed.
        """
        copied, learner = _understood(_bytes_of(source))
        with self._gate, self._writing("Your saved work could not be brought back") as descriptor:
            here = {line.rstrip(b"\r") for line in _whole(descriptor).split(b"\n")}
            fresh = [line for line in copied if line not in here]
            if fresh or learner != self._learner:
                mark = Event.now(learner, {"kind": RESTORED, "added": len(fresh)}).line()
                self._write(descriptor, b"".join(line + b"\n" for line in fresh) + mark)
        return len(fresh)

    # What is known of the file

    def _forget(self) -> None:
        self._identity: tuple[int, int] | None = None
        self._offset = 0  # bytes read for good: up to and including the last line break seen
        self._lines = 0
        self._events: list[Event] = []
        self._by_kind: dict[str, list[Event]] = {}
        self._bad: dict[int, ValueError] = {}
        self._tail: Event | ValueError | None = None
        # The code outlives the file: someone who deletes the record in mid-course stays the same learner.
        self._begun = False

    def _read(self) -> None:
        if self._held is not None:
            self._catch_up(self._held)
            return
        with self._explaining("Your saved answers could not be read"):
            try:
                descriptor = _opened_file(self.path, os.O_RDONLY)
            except FileNotFoundError:
                self._forget()
                return
            try:
                with locked(descriptor, shared=True):
                    self._catch_up(descriptor)
            finally:
                os.close(descriptor)

    def _catch_up(self, descriptor: int) -> None:
        """Take in what was added since the last time; start over when the file is another or has shrunk."""
        status = os.fstat(descriptor)
        identity = (status.st_dev, status.st_ino)
        if identity != self._identity or status.st_size < self._offset:
            self._forget()
            self._identity = identity
        if status.st_size == self._offset:
            self._tail = None
            return
        lines, end, tail = _whole(descriptor, self._offset).rpartition(b"\n")
        if end:
            for line in lines.split(end):
                self._take(line)
            self._offset += len(lines) + len(end)
        self._tail = _parsed(tail)
        if isinstance(self._tail, Event):
            self._heed(self._tail)

    def _take(self, line: bytes) -> None:
        self._lines += 1
        if self._lines == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")  # Windows' Notepad puts a byte order mark there
        event = _parsed(line)
        if isinstance(event, ValueError):
            self._bad[self._lines] = event
        elif event is not None:
            self._events.append(event)
            self._by_kind.setdefault(event.kind, []).append(event)
            self._heed(event)

    def _heed(self, event: Event) -> None:
        if event.kind in (BEGIN, RESTORED):
            self._learner = event.learner
            self._begun = True

    # Touching the disk

    @contextmanager
    def _writing(self, failure: str) -> Iterator[int]:
        """The record open for appending, locked, and read up to its end."""
        if self._held is not None:
            with self._explaining(failure):
                self._catch_up(self._held)
                yield self._held
            return
        with self._explaining(failure):
            self.folder.mkdir(parents=True, exist_ok=True)
            descriptor = _opened_file(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT)
            try:
                with locked(descriptor):
                    self._catch_up(descriptor)
                    yield descriptor
            finally:
                os.close(descriptor)

    def _write(self, descriptor: int, lines: bytes) -> None:
        """All or nothing, and on the disk. The caller holds the lock, so the end stays where it was."""
        size = os.fstat(descriptor).st_size
        if size > self._offset:  # a torn line lies there: leave it, and begin a new one
            lines = b"\n" + lines
        try:
            if os.write(descriptor, lines) < len(lines):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            os.fsync(descriptor)
            if size == 0:
                _sync_folder(self.folder)
        except OSError:
            # Should this fail too, half a line stays behind, which every reader passes over.
            with suppress(OSError):
                os.ftruncate(descriptor, size)
            raise

    @contextmanager
    def _explaining(self, failure: str, copy_to: Path | None = None) -> Iterator[None]:
        """Turn what the system says into a sentence or two that a learner can act on."""
        folder = copy_to or self.folder
        elsewhere = (
            "Choose another folder for the copy."
            if copy_to
            else "Set LOOK_TWICE_HOME to a folder of your own and start the course again."
        )
        try:
            yield
        except _NoPlainFile as error:
            cause = f"{self.path} is {error}. Move it away, then try again."
            raise RecordError(f"{failure}: {cause}") from error
        except TimeoutError as error:
            cause = "another window of the course keeps the record busy. Close it, then press again."
            raise RecordError(f"{failure}: {cause}") from error
        except OSError as error:
            if error.errno in _FULL:
                cause = "the disk is full. Free some space, then press the button again."
            elif error.errno in _FORBIDDEN:
                cause = f"the system does not let you use the folder {folder}. {elsewhere}"
            elif error.errno in _IN_THE_WAY:
                cause = f"something else lies where {folder} or its file belongs. {elsewhere}"
            else:
                cause = f"{folder} cannot be used ({error.strerror or error}). {elsewhere}"
            raise RecordError(f"{failure}: {cause}") from error


class Following:
    """The events of a record as they come.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     here, there = Record(Path(folder)), Record(Path(folder))  # as two windows have it
    ...     following = here.following()
    ...     _ = there.append({"kind": "question.answer", "option": 2})
    ...     [event["kind"] for event in following.news()], following.news()
    (['record.begin', 'question.answer'], [])
    """

    def __init__(self, record: Record) -> None:
        self._record = record
        self._seen = 0

    def news(self) -> list[dict[str, object]]:
        """The data of the events that were not given before; at first of all of them."""
        events = self._record.events()
        if len(events) < self._seen:  # another file lies there now
            self._seen = 0
        fresh = events[self._seen :]
        self._seen = len(events)
        return [dict(event.data) for event in fresh]

    def alone(self) -> AbstractContextManager[None]:
        """Keep all other windows from writing, see `Record.alone`."""
        return self._record.alone()


_opened: dict[Path, Record] = {}
_opening = threading.Lock()


def open(folder: str | os.PathLike[str] | None = None) -> Record:
    """Open the learner's record. Nothing is written, nor read, before it is needed.

    Parameters
    ----------
    folder : str or path-like, optional
        Where the record lies. Otherwise the environment's ``LOOK_TWICE_HOME``, otherwise the system's place
        for a user's data.

    Returns
    -------
    Record
        The same object for the same folder, so that a notebook's tools share what they know.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     open(folder) is open(folder), open(folder).events()
    (True, ())
    """
    chosen = folder or os.environ.get("LOOK_TWICE_HOME")
    if not chosen:
        import platformdirs  # 30 ms that a script with a folder of its own need not pay

        chosen = platformdirs.user_data_path("look-twice", appauthor=False)
    place = Path(chosen).expanduser().resolve() if folder else _place(str(chosen))
    with _opening:
        return _opened.setdefault(place, Record(place))


class _NoPlainFile(OSError):
    """Where the record belongs lies something that is no file. The message says what."""


def _opened_file(path: Path, flags: int) -> int:
    """Open the record itself and nothing else: no link that leads to another file, no pipe, no device.

    A pipe would keep whoever opens it waiting for ever, and what is written through a link lands in somebody else's
    file. A link to the folder is fine: that is how a home on another drive is made. So is a second name for the same
    file (a hard link): programs that make backups give it one, and no answer may be lost for that.
    """
    with suppress(FileNotFoundError):
        if path.is_symlink():
            raise _NoPlainFile("a link to another place, and the course writes to its own file alone")
        _check_plain(path.lstat().st_mode)
    # Whatever may have been put there meanwhile: neither follow a link nor wait for a pipe.
    careful = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    descriptor = os.open(path, flags | careful | _PLAIN, 0o600)
    try:
        _check_plain(os.fstat(descriptor).st_mode)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def _check_plain(mode: int) -> None:
    if stat.S_ISREG(mode):
        return
    kinds = {stat.S_IFDIR: "a folder", stat.S_IFIFO: "a pipe", stat.S_IFSOCK: "a socket"}
    raise _NoPlainFile(f"{kinds.get(stat.S_IFMT(mode), 'a device')}, and not the file that the course keeps there")


@cache
def _place(named: str) -> Path:
    """The folder that the environment names. It stays the same one when the program goes on in another folder."""
    return Path(named).expanduser().resolve()


def _whole(descriptor: int, start: int = 0) -> bytes:
    os.lseek(descriptor, start, os.SEEK_SET)
    pieces = []
    while piece := os.read(descriptor, 1 << 20):
        pieces.append(piece)
    return b"".join(pieces)


def _parsed(line: bytes) -> Event | ValueError | None:
    """The event of a line, or what is wrong with it, or None for an empty line."""
    if not line.strip():
        return None
    try:
        return Event.parse(line)
    except (Damaged, NotAnEvent) as error:
        return error


def _sync_folder(folder: Path) -> None:
    """Make a new file's name as durable as its content. Windows has no such call, and needs none."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY | _PLAIN)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # drives that cannot sync a folder say so
            raise
    finally:
        os.close(descriptor)


def _bytes_of(source: str | os.PathLike[str] | bytes | bytearray | memoryview) -> bytes:
    too_large = RecordError(
        f"This file is larger than any record (over {LARGEST_FILE >> 20} MB), so nothing was changed. "
        "Choose the .jsonl file that you saved with the save button."
    )
    if isinstance(source, bytes | bytearray | memoryview):
        if memoryview(source).nbytes > LARGEST_FILE:
            raise too_large
        return bytes(source)
    path = Path(source).expanduser()
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise RecordError(_WRONG_FILE)
        if status.st_size > LARGEST_FILE:
            raise too_large
        return path.read_bytes()
    except FileNotFoundError as error:
        raise RecordError(f"There is no file {path}. Check its name and its folder.") from error
    except (OSError, ValueError) as error:  # ValueError: a path with a NUL in it
        raise RecordError(f"The file {path} cannot be read ({error}). Choose another copy.") from error


def _understood(content: bytes) -> tuple[list[bytes], str]:
    """The sound lines of a saved copy, each once and in order, and the code the learner went by at its end.

    Torn lines happen to honest files and are passed over. Sound JSON that is no event of ours does not:
    such a file comes from elsewhere, and is refused as a whole.
    """
    lines: dict[bytes, None] = {}
    learner = None
    for line in content.removeprefix(b"\xef\xbb\xbf").split(b"\n"):
        line = line.rstrip(b"\r")
        event = _parsed(line)
        if isinstance(event, NotAnEvent):
            if "newer" in str(event):
                raise RecordError(
                    "This record was saved by a newer version of the course, so nothing was changed. "
                    "Update the course, then try again."
                )
            raise RecordError(_WRONG_FILE)
        if isinstance(event, Event):
            lines[line] = None
            if event.kind in (BEGIN, RESTORED):
                learner = event.learner
    if learner is None:
        raise RecordError(_WRONG_FILE)
    return list(lines), learner
