import pytest

from course import ui
from course.lessons import signed_at_birth as lesson
from course.provenance import Lineage


def test_nodes_links_words_and_pictures():
    view = lesson.poster()
    nodes = {node["title"]: node for node in view.graph["nodes"]}
    assert {title: node["credential"]["word"] for title, node in nodes.items()} == {
        "Canal at dusk": "Trusted",
        "Canal, cut": "Trusted",
        "Hedgehog with a hat": "Signer unknown",
        "snack.jpg": "None",
        "Yellow car": "Broken",
        "Poster: summer fair": "Trusted",
    }
    assert nodes["snack.jpg"]["by"] == "nobody signed" and nodes["snack.jpg"]["credential"]["rows"] == [
        ["Went into", "Poster: summer fair"]
    ]
    assert set(view.pictures) == {node["key"] for node in view.graph["nodes"]}
    keys = {node["key"] for node in view.graph["nodes"]}
    assert all(source in keys and target in keys for source, target, _ in view.graph["links"])
    assert nodes["Poster: summer fair"]["credential"]["means"].startswith("Nothing was changed")
    assert nodes["Yellow car"]["credential"]["means"].startswith("When it was taken up: file, statement")
    assert dict(map(tuple, nodes["Yellow car"]["credential"]["rows"]))["It names as signer"] == "Ana Brook"


def test_no_statement_is_one_sentence():
    with pytest.raises(ValueError, match="no chain to draw"):
        ui.ChainView(Lineage((), ()), {})
