"""What answers say about learners, and how far it may be off: change, class results, transfer, simulated classes.

>>> from course import statistics
>>> answers = statistics.Population(gain=0.8).draw(learners=40, seed=7)
>>> statistics.class_change(answers).separable
True
"""

from course.statistics.change import ITEM_SD, Change, change
from course.statistics.class_change import ClassChange, Levels, Order, class_change
from course.statistics.judgements import Judgement
from course.statistics.populations import Population
from course.statistics.transfer import Transfer, transfer

__all__ = [
    "ITEM_SD",
    "Change",
    "ClassChange",
    "Judgement",
    "Levels",
    "Order",
    "Population",
    "Transfer",
    "change",
    "class_change",
    "transfer",
]
