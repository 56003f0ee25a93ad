"""A list of trust: whom one believes, as files in a folder. There is no list that everybody has to use.

Each file is the certificate of an authority (PEM). Whoever puts one in trusts all that its signers sign; whoever takes
it out stops. No secret is kept here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from course.errors import CourseError
from course.provenance.authority import slug
from course.provenance.credentials import Credential, _whole, verify_bytes
from course.provenance.errors import ProvenanceError
from course.provenance.write import save

CHOSEN = "trust.choose"


class TrustList:
    """Certificates in a folder, each in a file ``<name>.pem``.

    Parameters
    ----------
    folder : Path
        It is made when the first certificate comes.

    Examples
    --------
    >>> import tempfile
    >>> from course.provenance import Authority
    >>> folder = tempfile.TemporaryDirectory()
    >>> trust = TrustList(Path(folder.name))
    >>> trust.add("Harbour School", Authority.create("Harbour School").certificate)
    >>> trust.names, len(trust.certificates)
    (('harbour-school',), 1)
    >>> trust.remove("Harbour School")
    >>> trust.names
    ()
    >>> folder.cleanup()
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the files, without ending."""
        return tuple(path.stem for path in self._files())

    @property
    def certificates(self) -> tuple[str, ...]:
        """All certificates of the list, as `course.provenance.verify` takes them.

        Raises
        ------
        ProvenanceError
            If a file cannot be read or holds no certificate.
        """
        return tuple(_whole(_text(path)) for path in self._files())

    def has(self, name: str) -> bool:
        """Whether there is a certificate of that name."""
        return self._path(name).is_file()

    def add(self, name: str, certificate: str) -> None:
        """Put a certificate on the list, in the place of one of that name.

        Raises
        ------
        ProvenanceError
            If it is no certificate, or the folder may not be written to.
        """
        _whole(certificate)
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise _locked() from error
        save(certificate.encode("ascii"), self._path(name))

    def remove(self, name: str) -> None:
        """Take a certificate off the list; one that is not there is passed over.

        Raises
        ------
        ProvenanceError
            If the folder may not be written to.
        """
        try:
            self._path(name).unlink(missing_ok=True)
        except OSError as error:
            raise _locked() from error

    def _path(self, name: str) -> Path:
        # A prefix keeps names apart that mean something to Windows, such as “con”.
        return self.folder / f"{slug(name)}.pem" if slug(name) not in _RESERVED else self.folder / f"a-{slug(name)}.pem"

    def _files(self) -> list[Path]:
        found: list[Path] = []
        with suppress(FileNotFoundError, NotADirectoryError):
            found = sorted(path for path in self.folder.iterdir() if path.suffix == ".pem")
        return found


_RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}


@dataclass(frozen=True)
class Known:
    """An authority that one can choose to trust: what it is called, what is known of it, its certificate."""

    title: str
    words: str
    certificate: str


class TrustChoice:
    """Authorities to choose from, and what a few files come to by the list that results.

    Parameters
    ----------
    known : mapping of str to Known
        Authorities by a short, lasting name.
    files : mapping of str to bytes
        Content of signed files, by label.
    trust : TrustList
        It is written to: what is on it stays for the next time.
    log : callable, optional
        Takes one event and returns once it is safe.

    Attributes
    ----------
    sentence : str
        Why the last act was not done; empty if all is well.
    """

    def __init__(
        self,
        known: Mapping[str, Known],
        files: Mapping[str, bytes],
        trust: TrustList,
        log: Callable[[Mapping[str, object]], object] | None = None,
    ) -> None:
        self.known = dict(known)
        self.sentence = ""
        self._files, self._trust, self._log = dict(files), trust, log
        self._on = {name for name in self.known if trust.has(name)}
        for name in self._on:
            # An authority of the course is made anew with each kernel; it keeps its place on the list.
            with suppress(ProvenanceError):
                trust.add(name, self.known[name].certificate)
        self._check()

    @property
    def on(self) -> tuple[str, ...]:
        """Who is on the list, of those one can choose."""
        return tuple(name for name in self.known if name in self._on)

    @property
    def found(self) -> Mapping[str, Credential]:
        """What each file comes to by the list as it is."""
        return dict(self._found)

    def choose(self, name: object, on: object) -> bool:
        """Put an authority on the list, or take it off: done whole, or not at all and `sentence` says why."""
        self.sentence = ""
        try:
            if not isinstance(name, str) or name not in self.known:
                raise ProvenanceError("There is no authority of that name. Choose one from the list.")
            wanted = self._on | {name} if on else self._on - {name}
            self._put(name, name in wanted)
            try:
                if self._log is not None:
                    self._log({"kind": CHOSEN, "on": [one for one in self.known if one in wanted]})
            except Exception:
                self._put(name, name in self._on)  # what is not in the record has not happened
                raise
            self._on = wanted
            self._check()
        except CourseError as problem:
            self.sentence = str(problem)
        return not self.sentence

    def _put(self, name: str, on: bool) -> None:
        if on:
            self._trust.add(name, self.known[name].certificate)
        else:
            self._trust.remove(name)

    def _check(self) -> None:
        certificates = [self.known[name].certificate for name in self.on]
        self._found = {label: verify_bytes(data, certificates) for label, data in self._files.items()}


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii")
    except UnicodeDecodeError:
        return ""
    except OSError as error:
        raise ProvenanceError(f"“{path.name}” may not be read: take it out of your list of trust.") from error


def _locked() -> ProvenanceError:
    return ProvenanceError(
        "Your list of trust could not be changed, because its folder may not be written to: set LOOK_TWICE_HOME to "
        "another one."
    )
