"""A curator's desk: submissions to accept, to ask about or to turn down, each with a reason. No answer is marked.

What a learner gets back is what their choice takes for granted, and what another curator wrote in the same place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from course.errors import InputError
from course.judgement.model import Observed, Save

DECIDED = "curation.decide"
DECISIONS = ("accept", "ask", "reject")
LONGEST = 300
"""Characters of one's own words: a note on a slip of paper."""


@dataclass(frozen=True)
class Ground:
    """A reason to choose from, and what is said to those who choose it."""

    text: str
    reply: str


@dataclass(frozen=True)
class Submission:
    """Something sent in.

    Attributes
    ----------
    key : str
        Short and lasting, for the record.
    title : str
        What it is called; it does not give away what comes out.
    sent : str
        What the sender wrote.
    replies : mapping of str to str
        For each of `DECISIONS`, what it takes for granted.
    grounds : tuple of Ground
        Reasons to choose from.
    colleague : str
        What another curator wrote.
    was : str
        What it was, shown once all are decided.
    """

    key: str
    title: str
    sent: str
    replies: Mapping[str, str]
    grounds: tuple[Ground, ...]
    colleague: str
    was: str


@dataclass(frozen=True)
class Curation:
    """Submissions, in the order in which they came.

    Raises
    ------
    ValueError
        A text or a reply is missing, or a key comes twice; the message names it.
    """

    id: str
    prompt: str
    closing: str
    submissions: tuple[Submission, ...]

    def __post_init__(self) -> None:
        if not self.submissions:
            raise InputError(f"Curation {self.id!r} has no submissions.")
        if twice := [key for key, count in Counter(one.key for one in self.submissions).items() if count > 1]:
            raise InputError(f"Curation {self.id!r} names {twice[0]!r} twice.")
        for one in self.submissions:
            texts = (one.title, one.sent, one.colleague, one.was, *one.replies.values())
            texts += tuple(text for ground in one.grounds for text in (ground.text, ground.reply))
            if set(one.replies) != set(DECISIONS) or len(one.grounds) < 2:
                raise InputError(f"Submission {one.key!r} needs a reply to {DECISIONS} and two reasons or more.")
            if not all(isinstance(text, str) and text.strip() for text in texts):
                raise InputError(f"Submission {one.key!r} has an empty text.")


def load_curation(path: Path | str) -> Curation:
    """Read a desk of submissions from a TOML file.

    Parameters
    ----------
    path : path
        A file with ``id``, ``prompt``, ``closing`` and ``[[submission]]`` tables; each has ``key``, ``title``,
        ``sent``, ``colleague``, ``was``, a reply under each of ``accept``, ``ask`` and ``reject``, and a list
        ``grounds`` of ``text`` and ``reply``.

    Raises
    ------
    ValueError
        The file is no TOML, or an entry is malformed. The message names the file.
    OSError
        The file cannot be read.
    """
    import tomllib  # only those who read a file pay for it

    path = Path(path)
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        return Curation(
            content["id"],
            content["prompt"],
            content["closing"],
            tuple(
                Submission(
                    **{name: one[name] for name in ("key", "title", "sent", "colleague", "was")},
                    replies={decision: one[decision] for decision in DECISIONS},
                    grounds=tuple(Ground(**ground) for ground in one["grounds"]),
                )
                for one in content["submission"]
            ),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path} must hold a curation with [[submission]] tables: {error}") from error


@dataclass(frozen=True)
class Decided:
    """A decision with what came back.

    Attributes
    ----------
    decision : str
        One of `DECISIONS`.
    ground : int
        The reason chosen, from 0.
    words : str
        What the learner added.
    replies : tuple of str
        To the decision, and to the reason.
    colleague : str
        What another curator wrote.
    """

    decision: str
    ground: int
    words: str
    replies: tuple[str, str]
    colleague: str


class CurationState(Observed):
    """What a learner has decided. Whoever thinks again decides again; the last one counts.

    Parameters
    ----------
    curation : Curation
    save : callable
        Takes one event and returns once it is safe; raises when it is not, and then nothing has happened.
    past : iterable of mapping
        Events saved earlier, of any kind; what belongs to another wording is passed over.

    Examples
    --------
    >>> grounds = (Ground("It is signed.", "So it is."), Ground("It looks good.", "So do many."))
    >>> replies = dict.fromkeys(DECISIONS, "A way to do it.")
    >>> swans = Submission("swans", "Swans", "Mine!", replies, grounds, "I took it.", "Two swans.")
    >>> saved = []
    >>> state = CurationState(Curation("stock", "Decide.", "Done.", (swans,)), saved.append)
    >>> state.decide("swans", "accept", 0).replies
    ('A way to do it.', 'So it is.')
    >>> CurationState(state.curation, saved.append, past=saved).complete
    True
    """

    def __init__(self, curation: Curation, save: Save, past: Iterable[Mapping[str, object]] = ()) -> None:
        super().__init__()
        self.curation = curation
        self._save = save
        self._known = {one.key: one for one in curation.submissions}
        self._decided: dict[str, Decided] = {}
        for event in past:
            if event.get("kind") != DECIDED or event.get("curation") != curation.id:
                continue
            key, words = event.get("submission"), event.get("words", "")
            known = self._known.get(key) if isinstance(key, str) else None
            if known and isinstance(words, str) and _fits(known, event.get("decision"), event.get("ground")):
                self._decided[known.key] = _answer(known, event["decision"], event["ground"], words)

    @property
    def decided(self) -> Mapping[str, Decided]:
        """The last decision on each submission, by its key."""
        return dict(self._decided)

    @property
    def complete(self) -> bool:
        """Whether there is a decision on all of them."""
        return len(self._decided) == len(self._known)

    @property
    def next(self) -> str:
        """Key of the first one that waits; of the last one if none does."""
        return next((key for key in self._known if key not in self._decided), list(self._known)[-1])

    def decide(self, submission: object, decision: object, ground: object, words: object = "") -> Decided:
        """Decide on a submission: save it, then reply.

        Parameters
        ----------
        submission : str
            Its key.
        decision : str
            One of `DECISIONS`.
        ground : int
            The reason, from 0.
        words : str, optional
            More of a reason, in one's own words.

        Raises
        ------
        ValueError
            There is no such submission, decision or reason, or the words are too many. Nothing was saved.
        Exception
            Whatever `save` raises. Nothing has happened.
        """
        known = self._known.get(submission) if isinstance(submission, str) else None
        if known is None:
            raise InputError("There is no such submission. Choose one from the pile.")
        if not isinstance(decision, str) or decision not in DECISIONS:
            raise InputError("Say first what you do with it: accept, ask the sender, or turn it down.")
        if not _fits(known, decision, ground):
            raise InputError("Choose a reason first.")
        if not isinstance(words, str) or len(words) > LONGEST:
            raise InputError(f"Say it in {LONGEST} letters: it is a note on a slip of paper.")
        words = words.strip()
        self._save(
            {
                "kind": DECIDED,
                "curation": self.curation.id,
                "submission": known.key,
                "decision": decision,
                "ground": ground,
                "words": words,
                "of": len(self._known),
            }
        )
        self._decided[known.key] = _answer(known, decision, ground, words)  # type: ignore[arg-type]
        self._changed()
        return self._decided[known.key]


def _fits(known: Submission, decision: object, ground: object) -> bool:
    return (
        isinstance(decision, str)
        and decision in DECISIONS
        and isinstance(ground, int)
        and not isinstance(ground, bool)
        and 0 <= ground < len(known.grounds)
    )


def _answer(known: Submission, decision: str, ground: int, words: str) -> Decided:
    replies = (known.replies[decision], known.grounds[ground].reply)
    return Decided(decision, ground, words, replies, known.colleague)
