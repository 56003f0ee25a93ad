"""Chains laid out as a graph."""

from __future__ import annotations

from course.lessons import stock
from course.provenance import Action, Credential, Link, Piece, Reason, State, Step, lineage, verify_bytes


def _step(label: str, *ingredients: Piece) -> Step:
    action = Action("opened") if ingredients else Action("created", source="camera")
    return Step(
        label=label,
        title=f"Title {label}",
        tool="Tool",
        signer=f"Signer {label}",
        organisation="Org",
        actions=(action,),
        notes=(),
        ingredients=ingredients,
        redacted=(),
    )


def test_a_chain_of_one():
    found = lineage(Credential(state=State.UNKNOWN, chain=(_step("a"),)))
    (node,) = found.nodes
    assert (node.title, node.signer, node.state, node.column, node.row) == ("Title a", "Signer a", State.UNKNOWN, 0, 0)
    assert found.links == () and found.before(node.key) == () and found.after(node.key) == ()


def test_what_was_worked_on_comes_first_and_pieces_without_a_statement_are_there_too():
    why = (Reason("assertion.dataHash.mismatch", "It changed."),)
    last = _step(
        "c",
        Piece("gull.jpg", False, "", State.NONE),
        Piece("crop.jpg", True, "b", State.TRUSTED),
        Piece("boat.jpg", False, "d", State.BROKEN, why),
    )
    middle = _step("b", Piece("first.jpg", True, "a", State.TRUSTED))
    chain = (last, middle, _step("d"), _step("a"))
    found = lineage(Credential(state=State.TRUSTED, chain=chain))
    places = {node.title: (node.column, node.row, node.state) for node in found.nodes}
    assert places == {
        "Title a": (0, 0, State.TRUSTED),
        "Title b": (1, 0, State.TRUSTED),
        "gull.jpg": (1, 1, State.NONE),
        "Title d": (1, 2, State.BROKEN),
        "Title c": (2, 0, State.TRUSTED),
    }
    end = found.nodes[-1].key
    assert [found[key].title for key in found.before(end)] == ["Title b", "gull.jpg", "Title d"]
    assert [link.whole for link in found.links if link.target == end] == [True, False, False]
    boat = next(node for node in found.nodes if node.title == "Title d")
    assert boat.reasons == why and found.after(boat.key) == (end,)


def test_a_file_used_twice_is_one_node():
    one = Piece("a.jpg", False, "a", State.TRUSTED)
    last = _step("c", Piece("b.jpg", True, "b", State.TRUSTED), one)
    found = lineage(Credential(state=State.TRUSTED, chain=(last, _step("b", one), _step("a"))))
    assert len(found.nodes) == 3 and len(found.links) == 3
    assert {node.title: node.column for node in found.nodes} == {"Title a": 0, "Title b": 1, "Title c": 2}


def test_a_damaged_file_that_names_itself_ends():
    loop = _step("a", Piece("b.jpg", True, "b", State.TRUSTED))
    back = _step("b", Piece("a.jpg", True, "a", State.TRUSTED))
    found = lineage(Credential(state=State.BROKEN, chain=(loop, back)))
    assert len(found.nodes) == 2 and Link in {type(one) for one in found.links}


def test_the_poster_holds_all_four_states():
    made = stock.stock()
    found = lineage(verify_bytes(made.poster, made.trusted()))
    assert found.nodes[-1].state is State.TRUSTED
    assert {node.state for node in found.nodes} == set(State)
    assert len(found.nodes) == 6 and len(found.links) == 5
    assert {node.tool for node in found.nodes} == {"Camera app", "Darkroom", "Dreamer", "Paste-o-mat", ""}
