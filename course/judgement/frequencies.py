"""Base rates in whole clips: of a thousand, how many are generated, how many are flagged, and how many rightly.

Counts of cases make such sums far easier than shares do (McDowell and Jacobs 2017 gather the studies), and the counts
here always add up to the whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from course.errors import InputError
from course.judgement.model import Observed, Save

SET = "dots.set"
WHOLE = 1000
RANGES = {"generated": (0, WHOLE), "hits": (0, 100), "false_alarms": (0, 100)}
"""Lowest and highest setting: generated clips of the thousand; per cent of them flagged; per cent of the others."""

LABELS = {
    "generated": "Generated clips",
    "hits": "Generated and flagged",
    "false_alarms": "Camera, yet flagged",
}


@dataclass(frozen=True)
class Frequencies:
    """A thousand clips before a detector, counted.

    Parameters
    ----------
    generated : int
        Generated clips among the thousand, 0 to 1000.
    hits : int
        Per cent of the generated clips that are flagged, 0 to 100.
    false_alarms : int
        Per cent of the camera clips that are flagged, 0 to 100.

    Raises
    ------
    ValueError
        A value is no whole number in its range.

    Examples
    --------
    >>> day = Frequencies(generated=20, hits=80, false_alarms=10)
    >>> day.flagged, day.rightly, day.wrongly
    (114, 16, 98)
    >>> day.rightly + day.wrongly + day.missed + day.passed
    1000
    """

    generated: int
    hits: int
    false_alarms: int

    def __post_init__(self) -> None:
        for name, (lowest, highest) in RANGES.items():
            value = getattr(self, name)
            if not isinstance(value, int) or isinstance(value, bool) or not lowest <= value <= highest:
                raise InputError(f"{name} is a whole number from {lowest} to {highest}, not {value!r}.")

    @property
    def camera(self) -> int:
        """Clips that a camera recorded."""
        return WHOLE - self.generated

    @property
    def rightly(self) -> int:
        """Generated clips that are flagged, in whole clips."""
        return _share(self.generated, self.hits)

    @property
    def missed(self) -> int:
        """Generated clips that are not flagged."""
        return self.generated - self.rightly

    @property
    def wrongly(self) -> int:
        """Camera clips that are flagged, in whole clips."""
        return _share(self.camera, self.false_alarms)

    @property
    def passed(self) -> int:
        """Camera clips that are not flagged."""
        return self.camera - self.wrongly

    @property
    def flagged(self) -> int:
        """All that are flagged."""
        return self.rightly + self.wrongly


def _share(count: int, percent: int) -> int:
    # Half a clip is rounded up, in whole numbers: floats would round 0.5 now up, now down.
    return (2 * count * percent + 100) // 200


class FrequencyState(Observed):
    """Settings of the three sliders, as a learner has left them.

    Parameters
    ----------
    id : str
        Short and lasting, for the record.
    start : Frequencies
        What is shown at first.
    save : callable
        Takes one event and returns once it is safe; raises when it is not, and then nothing has happened.
    past : iterable of mapping
        Events saved earlier, of any kind. What makes no sense is passed over.

    Examples
    --------
    >>> saved = []
    >>> state = FrequencyState("clips", Frequencies(20, 80, 10), saved.append)
    >>> state.keep(300, 80, 10).flagged
    310
    >>> FrequencyState("clips", Frequencies(20, 80, 10), saved.append, past=saved).now.generated
    300
    """

    def __init__(self, id: str, start: Frequencies, save: Save, past: Iterable[Mapping[str, object]] = ()) -> None:
        super().__init__()
        self.id = id
        self.start = self.now = start
        self._save = save
        for event in past:
            if event.get("kind") == SET and event.get("dots") == id:
                try:
                    self.now = Frequencies(*(event.get(name) for name in RANGES))  # type: ignore[arg-type]
                except ValueError:
                    continue

    def keep(self, generated: object, hits: object, false_alarms: object) -> Frequencies:
        """Save a setting, then hold it. The same setting again is not saved again.

        Raises
        ------
        ValueError
            A value is no whole number in its range. Nothing was saved.
        Exception
            Whatever `save` raises. Nothing has happened.
        """
        wanted = Frequencies(generated, hits, false_alarms)  # type: ignore[arg-type]
        if wanted != self.now:
            self._save({"kind": SET, "dots": self.id, **{name: getattr(wanted, name) for name in RANGES}})
            self.now = wanted
            self._changed()
        return wanted
