"""Statements taken apart and put together anew by a forger: what is left out, exchanged, doubled or put in.

Each forgery is made of the boxes of a chain (first, middle, second, last) and checked by the library and by the course.
"""

from __future__ import annotations

import io
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from course import media
from course.provenance import (
    Action,
    Authority,
    Ingredient,
    Signer,
    State,
    Statement,
    lineage,
    signed,
    statement_of,
    verify_bytes,
)
from course.provenance import credentials as module
from course.ui.credential import described

LIBRARY = {"Trusted": State.TRUSTED, "Valid": State.UNKNOWN, "Invalid": State.BROKEN}
FIRST, MIDDLE, SECOND, LAST = "The first", "The middle", "The second", "The last"


def _library(data: bytes, trust: tuple[str, ...], store: bytes | None = None) -> dict:
    import c2pa

    context = module._context(c2pa, trust)
    return json.loads(c2pa.Reader("image/jpeg", io.BytesIO(data), manifest_data=store, context=context).json())


# JUMBF (ISO/IEC 19566-5): a box is its length in four bytes, a name of four letters, and what is in it


def _boxes(inside: bytes) -> list[bytes]:
    found, at = [], 0
    while at < len(inside):
        size = int.from_bytes(inside[at : at + 4], "big")
        found.append(inside[at : at + size])
        at += size
    return found


def _box(boxes: list[bytes]) -> bytes:
    inside = b"".join(boxes)
    return (len(inside) + 8).to_bytes(4, "big") + b"jumb" + inside


def _label(box: bytes) -> str:
    """What a box of boxes is called: the first box in it says so, after its kind and its settings."""
    return _boxes(box[8:])[0][8 + 17 :].split(b"\0")[0].decode() if box[4:8] == b"jumb" else ""


class Store:
    """The statements of a file, each with a label, to be changed one by one."""

    def __init__(self, data: bytes, titles: dict[str, str]) -> None:
        self.head, *self.statements = _boxes(statement_of(data)[8:])
        self.label = titles

    def put_together(self, statements: list[bytes]) -> bytes:
        return _box([self.head, *statements])

    def one(self, title: str) -> bytes:
        return next(box for box in self.statements if _label(box) == self.label[title])

    def with_one(self, title: str, change: Callable[[bytes], bytes]) -> bytes:
        return self.put_together([change(box) if _label(box) == self.label[title] else box for box in self.statements])

    def without(self, title: str, name: str = "") -> bytes:
        """Without a statement, or without a part of it."""
        if not name:
            return self.put_together([box for box in self.statements if _label(box) != self.label[title]])

        def drop(box: bytes) -> bytes:
            kept = [one for one in _boxes(box[8:]) if _label(one) != name]
            return _box([drop(one) if _label(one) == "c2pa.assertions" else one for one in kept])

        return self.with_one(title, drop)

    def drawn_anew(self, title: str, name: str) -> bytes:
        """With one bit of the small picture turned over that a statement holds."""

        def bend(box: bytes) -> bytes:
            at = box.index(b"\xff\xda", box.index(name.encode())) + 200
            return box[:at] + bytes([box[at] ^ 1]) + box[at + 1 :]

        return self.with_one(title, bend)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("forged")
    authority, elsewhere = Authority.create("Try"), Authority.create("Elsewhere")
    trust = (authority.certificate,)
    ana, bo = authority.issue("Ana", "Try House"), elsewhere.issue("Bo", "First House")
    plain = media.catalogue().where(kind="still", purpose="parity")[0].path.read_bytes()

    def with_thumbnails(c2pa, trust):
        settings = {"verify": {"verify_trust": True, "verify_after_sign": False, "remote_manifest_fetch": False}}
        if trust:
            settings["trust"] = {"user_anchors": "\n".join(trust)}
        return c2pa.Context(c2pa.Settings.from_dict(settings))

    def put(name: str, statement: Statement, signer: Signer) -> Ingredient:
        data = signed(plain, statement, signer, trust)
        (folder / name).write_bytes(data)
        return Ingredient(folder / name)

    with pytest.MonkeyPatch.context() as patch:
        # Other programs keep a small picture in each statement; the course does not.
        patch.setattr(module, "_context", with_thumbnails)
        created = (Action("created", source="camera"),)
        notes = {"place": "Harbour wall"}
        first = put("first.jpg", Statement(title=FIRST, actions=created, notes=notes), bo)
        middle = put("middle.jpg", Statement(title=MIDDLE, actions=(Action("opened"),), ingredients=(first,)), ana)
        second = put("second.jpg", Statement(title=SECOND, actions=created), ana)
        placed = Ingredient(second.path, whole=False)
        last = put(
            "last.jpg",
            Statement(title=LAST, actions=(Action("opened"), Action("placed")), ingredients=(middle, placed)),
            ana,
        )
        fake = put("fake.jpg", Statement(title=FIRST, actions=created), ana)
    data = last.path.read_bytes()
    titles = {step.title: step.label for step in verify_bytes(data, trust).chain}
    both = (*trust, elsewhere.certificate)
    return SimpleNamespace(
        data=data, plain=plain, store=Store(data, titles), trust=trust, both=both, ana=ana, folder=folder,
        elsewhere=elsewhere, fake=_boxes(statement_of(fake.path.read_bytes())[8:])[1],
    )  # fmt: skip


def _relabelled(made) -> bytes:
    """Another statement, signed by somebody who is trusted, under the label of the first."""
    label = made.store.label[FIRST]
    return made.store.with_one(FIRST, lambda _: made.fake.replace(_label(made.fake).encode(), label.encode()))


def _labels_swapped(made, everywhere: bool) -> bytes:
    one, other = (made.store.label[title].encode() for title in (FIRST, SECOND))
    if everywhere:
        spare = b"@" * len(one)
        whole = made.store.put_together(made.store.statements)
        return whole.replace(one, spare).replace(other, one).replace(spare, other)
    swapped = {one: other, other: one}
    return made.store.put_together(
        [
            box.replace(_label(box).encode(), swapped.get(_label(box).encode(), _label(box).encode()), 1)
            for box in made.store.statements
        ]
    )


def _other_signature(made) -> bytes:
    other = next(one for one in _boxes(made.store.one(SECOND)[8:]) if _label(one) == "c2pa.signature")

    def exchange(box: bytes) -> bytes:
        return _box([other if _label(one) == "c2pa.signature" else one for one in _boxes(box[8:])])

    return made.store.with_one(FIRST, exchange)


# What is forged: how it is made, and the pieces (by the name of their file) that must be shown as changed.
FORGED = {
    "the first is gone": (lambda m: m.store.without(FIRST), {"first.jpg"}),
    "the second is gone": (lambda m: m.store.without(SECOND), {"second.jpg"}),
    "the middle is gone": (lambda m: m.store.without(MIDDLE), {"middle.jpg"}),
    "a note of the first is gone": (lambda m: m.store.without(FIRST, "org.looktwice.place"), {"first.jpg"}),
    "what was done to the first is gone": (lambda m: m.store.without(FIRST, "c2pa.actions.v2"), {"first.jpg"}),
    "what ties the first to its picture is gone": (lambda m: m.store.without(FIRST, "c2pa.hash.data"), {"first.jpg"}),
    "what the middle was made from is gone": (lambda m: m.store.without(MIDDLE, "c2pa.ingredient.v3"), {"middle.jpg"}),
    "the small picture of the first": (lambda m: m.store.drawn_anew(FIRST, "c2pa.thumbnail.claim"), {"first.jpg"}),
    "the small picture of the middle": (lambda m: m.store.drawn_anew(MIDDLE, "c2pa.thumbnail.claim"), {"middle.jpg"}),
    "the small picture of what the middle was made from": (
        lambda m: m.store.drawn_anew(MIDDLE, "c2pa.thumbnail.ingredient"),
        {"middle.jpg"},
    ),
    "the signature of another": (_other_signature, {"first.jpg"}),
    "another statement under the label of the first": (_relabelled, {"first.jpg"}),
    "labels swapped on the boxes": (lambda m: _labels_swapped(m, everywhere=False), {"first.jpg", "second.jpg"}),
    "labels swapped everywhere": (
        lambda m: _labels_swapped(m, everywhere=True),
        {"first.jpg", "second.jpg", "middle.jpg"},
    ),
    "the small picture of the last": (lambda m: m.store.drawn_anew(LAST, "c2pa.thumbnail.claim"), set()),
    "the last is gone": (lambda m: m.store.without(LAST), set()),
    "the order is turned round": (lambda m: m.store.put_together(m.store.statements[::-1]), set()),
    "one more at the end": (lambda m: m.store.put_together([*m.store.statements, m.fake]), set()),
}


@pytest.mark.parametrize("forgery", FORGED)
@pytest.mark.parametrize("listed", [True, False])
def test_a_forged_store_is_broken_where_it_was_forged(made, forgery, listed):
    make, hit = FORGED[forgery]
    store, trust = make(made), made.trust if listed else ()
    assert store != made.store.put_together(made.store.statements)
    found = verify_bytes(made.data, trust, store)
    assert found.state is LIBRARY[_library(made.data, trust, store)["validation_state"]] is State.BROKEN
    pieces = {piece.title: piece for step in found.chain for piece in step.ingredients}
    assert {title for title, piece in pieces.items() if piece.changed} == hit
    assert all((piece.state is State.BROKEN) is piece.changed for piece in pieces.values())
    assert all(piece.reasons for piece in pieces.values() if piece.changed)
    nodes = lineage(found).nodes
    assert sum(node.changed for node in nodes) == len(hit)
    said = described(found)["reasons"]
    assert said and len(set(said)) == len(said)
    assert any("earlier statement" in one for one in said) is bool(hit)


def test_one_more_statement_that_nobody_names_changes_nothing(made):
    """The library overlooks it, and so does the course: it is no part of the chain."""
    for extra in ([made.fake, *made.store.statements], [made.store.statements[0], *made.store.statements]):
        store = made.store.put_together(extra)
        found = verify_bytes(made.data, made.trust, store)
        assert found.state is State.TRUSTED is LIBRARY[_library(made.data, made.trust, store)["validation_state"]]
        assert found.chain == verify_bytes(made.data, made.trust).chain


def test_a_signature_that_is_gone_is_said(made):
    store = made.store.without(FIRST, "c2pa.signature")
    found = verify_bytes(made.data, made.trust, store)
    assert found.state is State.BROKEN and [one.code for one in found.reasons] == ["claimSignature.missing"]


def _run_out(made):
    until = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=3)
    short = made.elsewhere.issue("Kim", "First House", valid_until=until)
    statement = Statement(title="Short", actions=(Action("created", source="camera"),))
    (made.folder / "short.jpg").write_bytes(signed(made.plain, statement, short))
    data = _taken_up(made, made.folder / "short.jpg", made.both)
    time.sleep(max(0.0, (until - datetime.now(UTC)).total_seconds() + 1.1))
    return data


def _taken_up(made, path, trust):
    statement = Statement(title="New", actions=(Action("opened"),), ingredients=(Ingredient(path),))
    return signed(made.plain, statement, made.ana, trust)


# Where the two part: the library's word, the course's, and why.
APART = {
    "an earlier signer was on the list when it was taken up, and is not today": (
        lambda made: (_taken_up(made, made.folder / "first.jpg", made.both), made.trust),
        "Valid",
        State.TRUSTED,
    ),  # the list vouches for who signed the file; nothing was changed
    "the certificate of an earlier signer ran out after it had been taken up": (
        lambda made: (_run_out(made), made.both),
        "Valid",
        State.TRUSTED,
    ),  # the same: time went by, and nothing was changed
}


@pytest.mark.parametrize("case", APART)
def test_where_the_course_says_something_else_than_the_library(made, case):
    make, theirs, ours = APART[case]
    data, trust = make(made)
    assert _library(data, trust)["validation_state"] == theirs
    found = verify_bytes(data, trust)
    assert found.state is ours and found.reasons == ()
    (piece,) = found.chain[0].ingredients
    assert piece.state is State.TRUSTED and not piece.changed  # when it was taken up
