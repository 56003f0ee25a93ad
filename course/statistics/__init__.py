"""Statistics of the trials: what changed, in one learner and in a class, whether it holds for new generators, and what
made-up classes say of such measurements.

>>> from course.judgement import SignalDetection
>>> from course.statistics import change
>>> found = change(SignalDetection(7, 5, 5, 7), SignalDetection(9, 3, 3, 9))
>>> round(found.d_prime.value, 2)
0.84
"""

from course.statistics.change import (
    MEASURES,
    Answers,
    Change,
    ClassChange,
    Judgement,
    change,
    class_change,
    gather,
)
from course.statistics.populations import Population, signals
from course.statistics.recovery import (
    Recovery,
    all_recoveries,
    form_spread,
    plain_change,
    recover,
    recover_single,
    typical_reach,
)
from course.statistics.transfer import Judged, Transfer, class_transfer, transfer

__all__ = [
    "MEASURES",
    "Answers",
    "Change",
    "ClassChange",
    "Judged",
    "Judgement",
    "Population",
    "Recovery",
    "Transfer",
    "all_recoveries",
    "change",
    "class_change",
    "class_transfer",
    "form_spread",
    "gather",
    "plain_change",
    "recover",
    "recover_single",
    "signals",
    "transfer",
    "typical_reach",
]
