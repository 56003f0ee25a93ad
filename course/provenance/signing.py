"""A desk to sign at: a certificate of one's own, a picture, a statement, and ways to see what a signature is worth.

A plain model, without any screen. Keys lie in the learner's own folder, for the owner alone. The record learns what was
done and which state came of it: no name, no title, no picture, no key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path, PurePath

from course.errors import CourseError, InputError
from course.provenance.authority import Authority, Signer, forget_signers, kept_signers, open_signer, save_signer
from course.provenance.credentials import Action, Credential, State, Statement, signed, verify_bytes
from course.provenance.errors import ProvenanceError
from course.provenance.metadata import shown
from course.provenance.tampering import flipped, saved_again
from course.provenance.write import save, stripped

ACT = "signing.act"
OWN = "A picture of your own"
ACTS = ("sign", "flip", "save-again", "strip", "distrust")
"""What can be done with a file here. Each of the last four begins with the file as it was signed."""

CLAIMS = {"camera": "taken with a camera", "generated": "made by a generator", "drawn": "drawn by hand"}
"""What a signer may say here of how a picture was made. Nobody checks it; that is a lesson of its own."""

_LONGEST_TITLE = 80


class SigningDesk:
    """Make a certificate, sign a picture, and see what becomes of the signature.

    Parameters
    ----------
    pictures : mapping of str to bytes
        JPEG files by label.
    keys : Path
        The learner's own folder for keys.
    as_jpeg : callable
        Makes a JPEG file of a learner's own picture, whatever its kind; raises an exception with a sentence if it
        cannot.
    log : callable, optional
        Takes one event and returns once it is safe.
    past : iterable of mapping
        Events saved earlier, of any kind.
    folder : Path, optional
        Where copies are kept.

    Attributes
    ----------
    sentence : str
        Why the last act was not done; empty if all is well.
    kept : str
        Path of the copy kept last.

    Examples
    --------
    >>> import tempfile
    >>> from course import media
    >>> picture = media.catalogue()["yellow-car"].path.read_bytes()
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     desk = SigningDesk({"car": picture}, Path(folder), lambda data: data)
    ...     steps = desk.sign("A car", "camera"), desk.make("Heron 7"), desk.sign("A car", "camera"), desk.flip()
    >>> steps
    (False, True, True, True)
    >>> {act: str(state) for act, state in desk.tried.items()}
    {'sign': 'trusted', 'flip': 'broken'}
    """

    def __init__(
        self,
        pictures: Mapping[str, bytes],
        keys: Path,
        as_jpeg: Callable[[bytes], bytes],
        log: Callable[[Mapping[str, object]], object] | None = None,
        past: Iterable[Mapping[str, object]] = (),
        folder: Path | None = None,
    ) -> None:
        if not pictures:
            raise InputError("A desk needs at least one picture.")
        self._pictures = dict(pictures)
        self._keys, self._as_jpeg, self._log, self._folder = keys, as_jpeg, log, folder
        self._authority: Authority | None = None
        self._signer: Signer | None = None
        self.sentence = self.kept = ""
        self.tried: dict[str, State] = {}
        """What each act came to, the last time it was done."""
        for event in past:
            if event.get("kind") == ACT and event.get("act") in ACTS:
                with suppress(ValueError):
                    self.tried[event["act"]] = State(event.get("state"))
        self._put(next(iter(self._pictures)))
        self._try(self._take_up)

    # the certificate

    @property
    def name(self) -> str:
        """The name in the certificate; empty if there is none yet."""
        return self._name

    @property
    def locked(self) -> bool:
        """Whether there is a certificate whose key waits for its password."""
        return bool(self._name) and self._signer is None

    @property
    def ready(self) -> bool:
        """Whether something can be signed."""
        return self._signer is not None

    @property
    def authority(self) -> Authority | None:
        """The learner's own authority, once it is open."""
        return self._authority

    @property
    def signer(self) -> Signer | None:
        """Who signs, once the key is open."""
        return self._signer

    def make(self, name: object, password: object = None) -> bool:
        """Make an authority and a certificate by a name one chooses, and keep both. It takes the place of an older one.

        Parameters
        ----------
        name : str
            A pen name, at most 36 letters.
        password : str, optional
            Locks the keys.
        """

        def act() -> None:
            secret = password if isinstance(password, str) and password else None
            authority = Authority.create("An authority of your own")
            signer = authority.issue(name, "A learner")  # type: ignore[arg-type]
            authority.save(self._keys, secret)
            forget_signers(self._keys)
            save_signer(signer, self._keys, secret)
            self._authority, self._signer, self._name = authority, signer, signer.name
            self._note("make")

        return self._try(act)

    def unlock(self, password: object) -> bool:
        """Open the keys that were kept with a password."""
        return self._try(lambda: self._open(password if isinstance(password, str) else None))

    # the picture

    @property
    def labels(self) -> tuple[str, ...]:
        """What may be chosen."""
        return tuple(self._pictures)

    @property
    def label(self) -> str:
        """What is chosen."""
        return self._label

    @property
    def data(self) -> bytes:
        """The file as it is now."""
        return self._now

    @property
    def act(self) -> str:
        """What was done with it last, one of `ACTS`; empty while it is as it came."""
        return self._act

    @property
    def credential(self) -> Credential:
        """What the file comes to as it is now, by a list of trust with the learner's own authority on it or not."""
        return self._credential

    def choose(self, label: object) -> bool:
        """Take another picture, as it came."""

        def act() -> None:
            if not isinstance(label, str) or label not in self._pictures:
                raise InputError("There is no picture of that name. Choose one from the list.")
            self._put(label)

        return self._try(act)

    def open_own(self, data: object) -> bool:
        """Take a picture of one's own: a copy of it, without its notes."""

        def act() -> None:
            if not isinstance(data, bytes | bytearray):
                raise InputError("That is no file: choose a picture.")
            try:
                picture = self._as_jpeg(bytes(data))
            except CourseError as error:
                # whichever room decodes pictures has an exception of its own, with a sentence
                raise ProvenanceError(str(error)) from error
            self._pictures[OWN] = picture
            self._put(OWN)

        return self._try(act)

    def sign(self, title: object = "", claim: object = "camera") -> bool:
        """Sign the picture, with a title and what one says of how it was made."""

        def act() -> None:
            if not isinstance(claim, str) or claim not in CLAIMS:
                raise InputError(f"Say how it was made: {', '.join(CLAIMS.values())}.")
            text = shown(title, _LONGEST_TITLE + 1).strip() if isinstance(title, str) else ""
            if len(text) > _LONGEST_TITLE:
                raise InputError(f"Give it a title of {_LONGEST_TITLE} letters at most.")
            statement = Statement(title=text or "A picture", actions=(Action("created", source=claim),))
            data = signed(self._pictures[self._label], statement, self._have_signer())
            self._move("sign", data, data)

        return self._try(act)

    def flip(self) -> bool:
        """Turn over one bit of the signed picture."""
        return self._harm("flip", flipped)

    def save_again(self) -> bool:
        """Open the signed picture and save it anew, as a messenger does."""
        return self._harm("save-again", saved_again)

    def strip(self) -> bool:
        """Take the statement out of the signed file; the picture stays the same to the last bit."""
        return self._harm("strip", stripped)

    def distrust(self) -> bool:
        """Look at the signed file as somebody does who has never heard of its signer."""
        return self._harm("distrust", lambda data: data)

    def keep(self) -> bool:
        """Keep the file as it is now in the learner's own folder; `kept` is its path."""

        def act() -> None:
            if self._folder is None:
                raise InputError("There is no folder of your own to keep a copy in.")
            if not self._act:
                raise InputError("Nothing has been done yet, so there is no copy to keep.")
            stem = "my-picture" if self._label == OWN else PurePath(self._label).stem
            self.kept = str(save(self._now, self._folder / f"{stem}-{self._act}.jpg"))

        return self._try(act)

    def _take_up(self) -> None:
        """What an earlier day left in the folder."""
        self._name = ""
        known = kept_signers(self._keys)
        if known:
            self._name = known[0].name
            if not known[0].locked:
                self._open(None)

    def _open(self, password: str | None) -> None:
        if not self._name:
            raise ProvenanceError("There is no certificate yet: choose a pen name and make one first.")
        authority = Authority.open(self._keys, password)
        self._signer = open_signer(self._name, self._keys, password)
        self._authority = authority

    def _have_signer(self) -> Signer:
        if self._signer is None:
            raise ProvenanceError(
                "This key is locked: give the password you chose for it."
                if self._name
                else "There is no certificate yet: choose a pen name and make one first."
            )
        return self._signer

    def _harm(self, name: str, change: Callable[[bytes], bytes]) -> bool:
        def act() -> None:
            if self._signed is None:
                raise ProvenanceError("Sign the picture first: without a signature nothing can break.")
            self._move(name, change(self._signed), self._signed)

        return self._try(act)

    def _move(self, name: str, now: bytes, whole: bytes) -> None:
        trust = () if name == "distrust" or self._authority is None else (self._authority.certificate,)
        credential = verify_bytes(now, trust)
        self._note(name, credential.state)
        self.tried[name] = credential.state
        self._now, self._signed, self._act, self._credential = now, whole, name, credential

    def _put(self, label: str) -> None:
        data = self._pictures[label]
        self._credential = verify_bytes(data)
        self._label, self._now, self._signed, self._act = label, data, None, ""

    def _note(self, act: str, state: State | None = None) -> None:
        if self._log is not None:
            self._log({"kind": ACT, "act": act, **({"state": str(state)} if state is not None else {})})

    def _try(self, act: Callable[[], None]) -> bool:
        self.sentence, self.kept = "", ""
        try:
            act()
        except CourseError as problem:
            self.sentence = str(problem)
        return not self.sentence
