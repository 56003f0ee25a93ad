"""The bench: which detector a learner has built and where they drew its line, saved at once and taken up again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from course.errors import InputError
from course.judgement.detector import METHODS, Detector, Table, train
from course.judgement.model import Observed, Save

TRAINED = "bench.train"
LINE = "bench.line"


class Bench(Observed):
    """What a learner's detector may look at, how it decides, and from which score on it flags.

    Parameters
    ----------
    name : str
        Short and lasting, for the record.
    table : Table
        What there is to learn from.
    save : callable
        Takes one event and returns once it is safe; it raises when it is not, and then nothing has happened.
    past : iterable of mapping
        Events saved earlier, of any kind. The last detector and the last line are taken up; what this table does not
        have is passed over.
    features : sequence of str
        What is chosen before the learner has chosen anything.
    method : str
        See `course.judgement.train`.

    Examples
    --------
    >>> values = ((1.0,), (2.0,), (3.0,), (4.0,))
    >>> table = Table(tuple("abcd"), (False, False, True, True), tuple("wxyz"), ("size",), values)
    >>> saved = []
    >>> bench = Bench("toy", table, saved.append, features=["size"])
    >>> bench.train(["size"], "weights")
    >>> bench.draw(40)
    >>> [event["kind"] for event in saved]
    ['bench.train', 'bench.line']
    >>> again = Bench("toy", table, saved.append, past=saved, features=["size"])
    >>> again.trained, again.line
    (True, 40)
    """

    def __init__(
        self,
        name: str,
        table: Table,
        save: Save,
        past: Iterable[Mapping[str, object]] = (),
        *,
        features: Sequence[str],
        method: str = "weights",
    ) -> None:
        super().__init__()
        self.name = name
        self.table = table
        self.features = tuple(features)
        self.method = method
        self.line = 50
        self.trained = False
        self._save = save
        self._detector: Detector | None = None
        for event in past:
            if event.get("bench") != name:
                continue
            chosen, how = event.get("features"), event.get("method")
            if event.get("kind") == TRAINED and self._is_choice(chosen) and how in METHODS:
                self.features, self.method, self.trained = tuple(chosen), how, True
            elif event.get("kind") == LINE and _is_line(event.get("line")):
                self.line = event["line"]

    @property
    def detector(self) -> Detector:
        """The detector as it is chosen now; trained when it is first asked for."""
        if self._detector is None:
            self._detector = train(self.table, self.features, self.method)
        return self._detector

    def train(self, features: Sequence[str], method: str) -> None:
        """Choose what to look at and how to decide: train, save, then hold.

        Raises
        ------
        ValueError
            The choice cannot be trained; the message is a sentence. Nothing was saved.
        Exception
            Whatever `save` raises. Nothing has happened.
        """
        if not isinstance(features, list | tuple) or not all(isinstance(one, str) for one in features):
            raise InputError("Choose what the detector may look at from the list.")
        detector = train(self.table, features, method)
        self._save(
            {
                "kind": TRAINED,
                "bench": self.name,
                "features": list(features),
                "method": method,
                "auc_homework": round(detector.homework.auc.value, 3),
                "auc_strangers": round(detector.strangers.auc.value, 3),
            }
        )
        self.features, self.method, self.trained, self._detector = tuple(features), method, True, detector
        self._changed()

    def draw(self, line: int) -> None:
        """Draw the line: from this score on, 0 to 100, a clip is flagged.

        Raises
        ------
        ValueError
            Not a whole number from 0 to 100. Nothing was saved.
        Exception
            Whatever `save` raises. Nothing has happened.
        """
        if not _is_line(line):
            raise InputError(f"The line is a whole number from 0 to 100, not {line!r}.")
        self._save({"kind": LINE, "bench": self.name, "line": line})
        self.line = line
        self._changed()

    def _is_choice(self, features: object) -> bool:
        return (
            isinstance(features, list | tuple)
            and bool(features)
            and all(isinstance(one, str) and one in self.table.features for one in features)
            and len(set(features)) == len(features)
        )


def _is_line(line: object) -> bool:
    return isinstance(line, int) and not isinstance(line, bool) and 0 <= line <= 100
