import pytest

from course import ui
from course.lessons import stock
from course.provenance import SOURCES, Credential, State, verify_bytes
from course.ui.credential import SAYS, WORDS, described


def test_every_state_and_every_source_has_words():
    assert set(WORDS) == set(State)
    assert set(SAYS) == set(SOURCES)


@pytest.mark.parametrize(("key", "word"), [("swans", "Trusted"), ("lane", "Signer unknown"), ("rabbit", "Broken")])
def test_a_signed_file_in_words(key, word):
    made = stock.stock()
    told = described(verify_bytes(made.files[key], made.trusted()))
    rows = dict(told["rows"])
    assert told["word"] == word
    assert rows["It says"] == "taken with a camera"
    assert ("Signed by" in rows) is (word != "Broken")  # a broken file names somebody who may not have signed
    assert bool(told["reasons"]) is (word != "Trusted")


def test_a_chain_in_words():
    made = stock.stock()
    rows = dict(described(verify_bytes(made.files["peaks"], made.trusted()))["rows"])
    assert rows["It says"] == "opened, cut, changed in colour or brightness (a little brighter)"
    assert rows["Made from"] == "“Peaks over the fog” by Ida Lund, trusted when it was taken up"
    poster = dict(described(verify_bytes(made.poster, made.trusted()))["rows"])
    assert "“snack.jpg”, without a statement" in poster["Made from"]


def test_no_statement():
    told = described(Credential(state=State.NONE))
    assert (told["rows"], told["reasons"]) == ([], []) and "Most pictures have none" in told["means"]


def test_a_view_of_two():
    one = ui.Checked("A", b"jpeg", "A picture.", Credential(state=State.NONE))
    view = ui.CredentialView(one, one)
    assert [entry["title"] for entry in view.files] == ["A", "A"] and view.files[0]["alt"] == "A picture."
