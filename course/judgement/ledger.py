"""An evidence ledger: what speaks for a claim and against it, how strongly, and from which source.

Each piece of evidence has a *likelihood ratio*: how much likelier it is to turn up if the claim is true than if it is
not. Ratios of independent pieces are multiplied (Good 1950); pieces that go back to one source are not independent, so
of these only the one that weighs most counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import log10
from pathlib import Path

from course.errors import InputError
from course.judgement.model import Observed, Save

WEIGHED = "ledger.weigh"
STARTED = "ledger.start"

STEPS: tuple[Fraction, ...] = tuple(
    Fraction(*pair)
    for pair in ((1, 100), (1, 30), (1, 10), (1, 3), (2, 3), (1, 1), (3, 2), (3, 1), (10, 1), (30, 1), (100, 1))
)
"""The ratios to choose from, from "speaks strongly against" to "speaks strongly for"; the middle one says nothing."""

EVEN = len(STEPS) // 2
STRENGTHS = (
    "just as likely either way",
    "a little likelier",
    "likelier",
    "much likelier",
    "far likelier",
    "hardly thinkable",
)
BEYOND = 1000
"""Odds beyond this say more of the ledger than of the claim: that all its numbers and sources hold is less sure."""

START_STEPS = tuple(range(EVEN - 3, EVEN + 4))
"""Where a learner may begin: from 10 to 1 against, to 10 to 1 for."""


def ratio_words(step: int, claim: str, otherwise: str) -> str:
    """A ratio in words.

    Parameters
    ----------
    step : int
        Index into `STEPS`.
    claim, otherwise : str
        What is weighed, in a few words: "real", "generated".

    Examples
    --------
    >>> ratio_words(8, "real", "generated")
    'much likelier if real: 10 times'
    >>> ratio_words(4, "real", "generated")
    'a little likelier if generated: 1.5 times'
    >>> ratio_words(EVEN, "real", "generated")
    'just as likely either way: it says nothing'
    """
    if step == EVEN:
        return f"{STRENGTHS[0]}: it says nothing"
    ratio, which = (STEPS[step], claim) if step > EVEN else (1 / STEPS[step], otherwise)
    strength = STRENGTHS[abs(step - EVEN)]
    if abs(step - EVEN) == EVEN:
        return f"{strength} unless {which}: {float(ratio):g} times likelier"
    return f"{strength} if {which}: {float(ratio):g} times"


def odds_fraction(odds: Fraction) -> str:
    """Odds as "so much to so much", rounded to what such odds can bear.

    Examples
    --------
    >>> odds_fraction(Fraction(2700)), odds_fraction(Fraction(2, 3)), odds_fraction(Fraction(1))
    ('about 3,000 to 1', '1 to 1.5', '1 to 1')
    """
    ratio = odds if odds >= 1 else 1 / odds
    number = float(ratio)
    if number >= 10:
        size = 10 ** (len(str(int(number))) - 1)
        rounded = round(number / size) * size
        text = f"{'about ' if rounded != ratio else ''}{{}}", f"{rounded:,}"
    else:
        rounded = round(number, 1)
        text = f"{'about ' if Fraction(str(rounded)) != ratio else ''}{{}}", f"{rounded:g}"
    pair = f"{text[1]} to 1" if odds >= 1 else f"1 to {text[1]}"
    return text[0].format(pair)


def odds_words(odds: Fraction, claim: str, otherwise: str) -> str:
    """Odds in words.

    Examples
    --------
    >>> odds_words(Fraction(45), "real", "generated")
    'very likely real'
    >>> odds_words(Fraction(1, 2), "real", "generated")
    'rather generated than real'
    """
    ratio, first, second = (odds, claim, otherwise) if odds >= 1 else (1 / odds, otherwise, claim)
    if ratio < Fraction(3, 2):
        return f"as likely {claim} as {otherwise}"
    if ratio < 4:
        return f"rather {first} than {second}"
    if ratio < 20:
        return f"likely {first}"
    if ratio < 200:
        return f"very likely {first}"
    return f"as good as certainly {first}"


@dataclass(frozen=True)
class Opinion:
    """What an expert makes of a piece of evidence: index into `STEPS`, and why."""

    step: int
    why: str


@dataclass(frozen=True)
class Evidence:
    """A piece of evidence.

    Attributes
    ----------
    key : str
        Short and lasting, for the record.
    says : str
        What it is, in a sentence.
    found : str
        Where it was found.
    source : str
        What it goes back to; one of the ledger's sources.
    why_source : str
        Why it goes back to that.
    opinions : tuple of Opinion
        One of each expert, in their order.
    """

    key: str
    says: str
    found: str
    source: str
    why_source: str
    opinions: tuple[Opinion, ...]


@dataclass(frozen=True)
class Expert:
    """Somebody who has weighed the same evidence: name, where they begin (index into `STEPS`), what they conclude."""

    name: str
    start: int
    concludes: str


@dataclass(frozen=True)
class Ledger:
    """A case to weigh.

    Attributes
    ----------
    id : str
        Short and lasting, for the record.
    question : str
        What it is about.
    claim, otherwise : str
        The two sides, in a word or two: "real", "generated".
    experts : tuple of Expert
        Two or more, who differ.
    evidence : tuple of Evidence

    Raises
    ------
    ValueError
        A text is missing, a key comes twice, or an opinion is missing or off the scale; the message names it.
    """

    id: str
    question: str
    claim: str
    otherwise: str
    experts: tuple[Expert, ...]
    evidence: tuple[Evidence, ...]

    def __post_init__(self) -> None:
        if len(self.evidence) < 2 or len(self.experts) < 2:
            raise InputError(f"Ledger {self.id!r} needs two pieces of evidence or more, and two experts or more.")
        if twice := [key for key, count in Counter(one.key for one in self.evidence).items() if count > 1]:
            raise InputError(f"Ledger {self.id!r} names {twice[0]!r} twice.")
        texts = [self.id, self.question, self.claim, self.otherwise]
        texts += [text for one in self.experts for text in (one.name, one.concludes)]
        for one in self.evidence:
            if len(one.opinions) != len(self.experts) or not all(_is_step(view.step) for view in one.opinions):
                raise InputError(f"Evidence {one.key!r} needs an opinion of each expert, on the scale.")
            texts += [one.key, one.says, one.found, one.source, one.why_source, *(view.why for view in one.opinions)]
        if not all(isinstance(text, str) and text.strip() for text in texts):
            raise InputError(f"Ledger {self.id!r} has an empty text.")
        if not all(one.start in START_STEPS for one in self.experts):
            raise InputError(f"Ledger {self.id!r}: an expert begins off the scale.")

    @property
    def sources(self) -> tuple[str, ...]:
        """All sources, each once, in the order in which they come."""
        return tuple(dict.fromkeys(one.source for one in self.evidence))


def load_ledgers(path: Path | str) -> dict[str, Ledger]:
    """Read ledgers from a TOML file of ``[[ledger]]`` tables.

    Each has ``id``, ``question``, ``claim``, ``otherwise``, a list ``experts`` of ``name``, ``start`` and
    ``concludes``, and ``[[ledger.evidence]]`` tables with the fields of `Evidence`; ``opinions`` is a list of
    ``times`` and ``why``, where ``times`` is a ratio of the scale such as 30 or "1/30".

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
        tables = tomllib.loads(path.read_text(encoding="utf-8"))["ledger"]
        ledgers = [
            Ledger(
                **{name: one[name] for name in ("id", "question", "claim", "otherwise")},
                experts=tuple(Expert(e["name"], _step(e["start"]), e["concludes"]) for e in one["experts"]),
                evidence=tuple(
                    Evidence(
                        **{name: piece[name] for name in ("key", "says", "found", "source", "why_source")},
                        opinions=tuple(Opinion(_step(view["times"]), view["why"]) for view in piece["opinions"]),
                    )
                    for piece in one["evidence"]
                ),
            )
            for one in tables
        ]
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path} must hold [[ledger]] tables with [[ledger.evidence]]: {error}") from error
    return {one.id: one for one in ledgers}


def _step(times: object) -> int:
    ratio = Fraction(str(times))
    if ratio not in STEPS:
        raise InputError(f"{times!r} is not on the scale; it has {', '.join(map(str, STEPS))}.")
    return STEPS.index(ratio)


@dataclass(frozen=True)
class Weight:
    """How a learner has weighed a piece: index into `STEPS`, and the source they see behind it."""

    step: int
    source: str


@dataclass(frozen=True)
class Counted:
    """What becomes of a piece in the sum.

    Attributes
    ----------
    key : str
        The piece.
    step : int
        As it was weighed.
    counts : bool
        Whether it goes into the odds.
    instead : str
        Key of the piece of the same source that counts for it; empty if it counts itself.
    """

    key: str
    step: int
    counts: bool
    instead: str = ""


def tally(weights: Mapping[str, Weight], start: Fraction) -> tuple[Fraction, tuple[Counted, ...]]:
    """Odds after all evidence, where each source counts once.

    Of the pieces that share a source the one that weighs most counts, whichever way it points; of two that weigh the
    same, the first one.

    Parameters
    ----------
    weights : mapping of str to Weight
        By key, in the order of the ledger.
    start : Fraction
        Odds before any evidence.

    Returns
    -------
    odds : Fraction
        For the claim, exact.
    counted : tuple of Counted
        One for each piece, in the same order.

    Examples
    --------
    Two reports of one signature weigh as much as the signature:

    >>> weights = {"camera": Weight(9, "the signature"), "wire": Weight(8, "the signature")}
    >>> weights["radar"] = Weight(8, "the radar")
    >>> odds, counted = tally(weights, Fraction(1))
    >>> odds, [one.instead for one in counted]
    (Fraction(300, 1), ['', 'camera', ''])
    """
    strongest: dict[str, str] = {}
    for key, weight in weights.items():
        best = strongest.setdefault(weight.source, key)
        if abs(weight.step - EVEN) > abs(weights[best].step - EVEN):
            strongest[weight.source] = key
    odds, counted = Fraction(start), []
    for key, weight in weights.items():
        best = strongest[weight.source]
        counted.append(Counted(key, weight.step, best == key, "" if best == key else best))
        if best == key:
            odds *= STEPS[weight.step]
    return odds, tuple(counted)


class LedgerState(Observed):
    """What a learner has weighed. Whoever thinks again weighs again; the last one counts.

    Parameters
    ----------
    ledger : Ledger
    save : callable
        Takes one event and returns once it is safe; raises when it is not, and then nothing has happened.
    past : iterable of mapping
        Events saved earlier, of any kind; what belongs to another wording is passed over.

    Examples
    --------
    >>> views = (Opinion(8, "Strong."), Opinion(9, "Stronger."))
    >>> pieces = tuple(Evidence(key, "S", "F", "the camera", "W", views) for key in ("camera", "wire"))
    >>> experts = (Expert("Ilka", EVEN, "Real."), Expert("Ravi", EVEN, "Real."))
    >>> saved = []
    >>> state = LedgerState(Ledger("ferry", "Is it real?", "real", "generated", experts, pieces), saved.append)
    >>> state.begin(7)
    >>> state.weigh("camera", 8, "the camera")
    >>> state.weigh("wire", 8, "the camera")
    >>> state.odds
    Fraction(30, 1)
    >>> LedgerState(state.ledger, saved.append, past=saved).complete
    True
    """

    def __init__(self, ledger: Ledger, save: Save, past: Iterable[Mapping[str, object]] = ()) -> None:
        super().__init__()
        self.ledger = ledger
        self.start: int | None = None
        self._save = save
        self._known = {one.key: one for one in ledger.evidence}
        self._weights: dict[str, Weight] = {}
        for event in past:
            if event.get("ledger") != ledger.id:
                continue
            if event.get("kind") == STARTED and _is_step(event.get("step")) and event["step"] in START_STEPS:
                self.start = event["step"]  # type: ignore[assignment]
            elif event.get("kind") == WEIGHED and self._fits(event.get("item"), event.get("step"), event.get("source")):
                self._weights[event["item"]] = Weight(event["step"], event["source"])  # type: ignore[index, arg-type]

    @property
    def weights(self) -> Mapping[str, Weight]:
        """What has been weighed so far, by key, in the order of the ledger."""
        return {key: self._weights[key] for key in self._known if key in self._weights}

    @property
    def odds(self) -> Fraction:
        """Odds for the claim, after all that has been weighed; 1 before anything."""
        return tally(self.weights, self._begun)[0]

    @property
    def counted(self) -> tuple[Counted, ...]:
        """What becomes of each piece that has been weighed."""
        return tally(self.weights, self._begun)[1]

    @property
    def naive(self) -> Fraction:
        """Odds as they would be if each piece counted, whatever it goes back to."""
        odds = self._begun
        for weight in self._weights.values():
            odds *= STEPS[weight.step]
        return odds

    @property
    def log_odds(self) -> float:
        """Logarithm of the odds to base 10: 0 is even, 2 is 100 to 1 for, -2 is 100 to 1 against."""
        return log10(self.odds)

    @property
    def complete(self) -> bool:
        """Whether a start has been chosen and every piece weighed."""
        return self.start is not None and len(self._weights) == len(self._known)

    @property
    def next(self) -> str:
        """Key of the first piece that waits; of the last one if none does."""
        return next((key for key in self._known if key not in self._weights), list(self._known)[-1])

    @property
    def _begun(self) -> Fraction:
        return STEPS[EVEN if self.start is None else self.start]

    def expert(self, number: int) -> Fraction:
        """Odds of an expert, reckoned in the same way from their own numbers and the sources of the case."""
        pieces = {one.key: Weight(one.opinions[number].step, one.source) for one in self.ledger.evidence}
        return tally(pieces, STEPS[self.ledger.experts[number].start])[0]

    def begin(self, step: object) -> None:
        """Choose the odds before any evidence.

        Raises
        ------
        ValueError
            The step is none to begin with. Nothing was saved.
        Exception
            Whatever `save` raises. Nothing has happened.
        """
        if not _is_step(step) or step not in START_STEPS:
            raise InputError("Choose one of the odds to begin with.")
        self._save({"kind": STARTED, "ledger": self.ledger.id, "step": step})
        self.start = step  # type: ignore[assignment]
        self._changed()

    def weigh(self, item: object, step: object, source: object) -> None:
        """Weigh a piece of evidence: save it, then count it.

        Parameters
        ----------
        item : str
            Its key.
        step : int
            Index into `STEPS`.
        source : str
            What the learner thinks it goes back to; one of the ledger's sources.

        Raises
        ------
        ValueError
            There is no such piece, step or source. Nothing was saved.
        Exception
            Whatever `save` raises. Nothing has happened.
        """
        if not isinstance(item, str) or item not in self._known:
            raise InputError("There is no such piece of evidence. Choose one from the list.")
        if not _is_step(step):
            raise InputError("Say first how much likelier it is on one side than on the other.")
        if not isinstance(source, str) or source not in self.ledger.sources:
            raise InputError("Say first what it goes back to.")
        self._save(
            {
                "kind": WEIGHED,
                "ledger": self.ledger.id,
                "item": item,
                "step": step,
                "source": source,
                "of": len(self._known),
            }
        )
        self._weights[item] = Weight(step, source)  # type: ignore[arg-type]
        self._changed()

    def _fits(self, item: object, step: object, source: object) -> bool:
        return (
            isinstance(item, str)
            and item in self._known
            and _is_step(step)
            and isinstance(source, str)
            and source in self.ledger.sources
        )


def _is_step(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < len(STEPS)
