import pytest

from course.judgement import Move, Moves, MovesState, load_moves

MOVES = Moves("t", "What next?", (Move("A", "a", "b"), Move("B", "c", "d"), Move("C", "e", "f")), 2, "Fine.")


@pytest.mark.parametrize("order", [[], [0, 1, 2], [0, 0], [3], [-1], ["0"], [True], None, 5, "01"])
def test_what_is_no_order_is_refused_and_not_saved(order):
    saved = []
    state = MovesState(MOVES, saved.append)
    with pytest.raises(ValueError, match="between one and 2 different things"):
        state.rank(order)
    assert saved == [] and state.order == ()


def test_the_last_order_is_restored_and_rubbish_in_the_record_passed_over():
    saved = []
    MovesState(MOVES, saved.append).rank([2, 0])
    past = [
        *saved,
        {"kind": "moves.rank", "moves": "t", "order": [9]},
        {"kind": "moves.rank", "moves": "other", "order": [1]},
    ]
    assert MovesState(MOVES, saved.append, past).order == (2, 0)


def test_a_failed_save_changes_nothing():
    def full(event):
        raise OSError("full")

    state = MovesState(MOVES, full)
    with pytest.raises(OSError, match="full"):
        state.rank([0])
    assert state.order == ()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "moves = 3",
        '[[moves]]\nid = "a"',
        '[[moves]]\nid = "a"\nprompt = "p"\nmost = 3\nclosing = "c"\noptions = []',
        "][",
    ],
)
def test_a_malformed_file_is_named(tmp_path, text):
    path = tmp_path / "moves.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"moves\.toml must hold"):
        load_moves(path)
