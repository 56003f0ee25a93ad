import pytest

from course.judgement.model import Observed


class Model(Observed):
    def change(self):
        self._changed()


def test_observers_are_told_in_order_and_handed_the_model():
    model, told = Model(), []
    model.observe(lambda each: told.append(("first", each)))
    model.observe(lambda each: told.append(("second", each)))
    model.change()
    assert told == [("first", model), ("second", model)]


def test_who_has_left_is_told_nothing():
    model, told = Model(), []
    leave = model.observe(told.append)
    model.unobserve(leave)
    model.unobserve(leave)
    model.change()
    assert told == []


def test_an_observer_may_leave_while_it_is_told():
    model, told = Model(), []

    def once(each):
        told.append("once")
        each.unobserve(once)

    model.observe(once)
    model.observe(lambda each: told.append("always"))
    model.change()
    model.change()
    assert told == ["once", "always", "always"]


def test_a_failing_observer_is_heard():
    model = Model()
    model.observe(lambda each: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        model.change()
