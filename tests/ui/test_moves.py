from course import judgement, record, ui
from course.lessons import how_sharp_are_your_eyes as lesson


def _view():
    return lesson.next_move("nobody-can-tell")


def test_each_order_is_answered_also_one_of_the_same_items(log):
    view = _view()
    view._said(view, {"type": "rank", "order": [0, 1]}, [])
    first = view.tick
    view._said(view, {"type": "rank", "order": [1, 0]}, [])  # the same replies, and yet an answer
    view._said(view, {"type": "rank", "order": [1, 0]}, [])
    assert view.tick == first + 2
    assert (view.order, sorted(view.replies), view.trouble) == ([1, 0], ["0", "1"], "")
    assert view.closing


def test_what_cannot_be_ranked_or_saved_is_said_each_time(log):
    view = _view()
    for tick in (1, 2):
        view._said(view, {"type": "rank", "order": []}, [])
        assert view.trouble.startswith("Choose between one and") and view.tick == tick

    def full(event):
        raise record.RecordError("The disk is full.")

    view = ui.MovesView(judgement.MovesState(view._model.moves, full))
    view._said(view, {"type": "rank", "order": [0]}, [])
    assert (view.trouble, view.replies, view.order) == ("The disk is full.", {}, [])
