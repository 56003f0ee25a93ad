import html
import json
import re

import numpy as np
import pytest

from course import provenance
from course.lessons import signed_at_birth as lesson
from course.lessons.lesson import Lesson, LessonError, achievements


@pytest.mark.parametrize(
    ("after", "word", "reason"),
    [
        ("nothing", "Trusted", ""),
        ("flip", "Broken", "at least one bit of it has changed"),
        ("six swans", "Broken", "do not fit"),
        ("save again", "None", ""),
        ("strip", "None", ""),
    ],
)
def test_the_swans_after_each_change(after, word, reason):
    (file,) = lesson.look_at("swans", after=after).files
    assert file["credential"]["word"] == word
    assert reason in " ".join(file["credential"]["reasons"])
    assert ("Six swans" in repr(file["credential"])) is (after == "six swans")


def test_the_two_pictures_of_the_hook_differ_in_one_bit():
    import base64

    first, second = (base64.b64decode(data) for data in re.findall(r"base64,([^\"]+)", lesson.hook()._repr_html_()))
    assert len(first) == len(second)
    assert sum((a ^ b).bit_count() for a, b in zip(first, second, strict=True)) == 1


@pytest.mark.parametrize(
    "call",
    [
        lambda: lesson.look_at("swans", after="burn"),
        lambda: lesson.look_at("swans", after=["flip"]),
        lambda: lesson.look_at("nowhere.jpg"),
        lambda: lesson.look_at(7),
        lambda: lesson.find_again(),
        lambda: lesson.goes_wrong(),
        lambda: lesson.question("nosuch"),
    ],
)
def test_cells_edited_wrongly_or_run_out_of_order_are_one_sentence(call):
    with pytest.raises(LessonError) as problem:
        call()
    assert str(problem.value).rstrip().endswith(".") and "\n" not in str(problem.value)


DRAWN = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect/></svg>'

PAPER = b"".join(
    (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n",
        b"xref\n0 3\n0000000000 65535 f \n0000000009 00000 n \n0000000052 00000 n \n",
        b"trailer<</Size 3/Root 1 0 R>>\nstartxref\n98\n%%EOF\n",
    )
)


def test_a_file_of_ones_own_that_cannot_be_shown_is_checked_all_the_same(tmp_path):
    import io

    import c2pa

    from course.lessons import stock
    from course.provenance import credentials

    made = stock.stock()
    ana = made.authorities["register"].issue("Ana Brook", "A house")
    info = c2pa.C2paSignerInfo(alg=b"es256", sign_cert=ana.certificates, private_key=ana.key, ta_url=None)
    builder = c2pa.Builder(credentials._definition(stock._created("A drawing")), context=credentials._context(c2pa, ()))
    out = io.BytesIO()
    builder.sign(c2pa.Signer.from_info(info), "image/svg+xml", io.BytesIO(DRAWN), out)
    for name, data, word in (
        ("signed.svg", out.getvalue(), "Trusted"),
        ("plain.svg", DRAWN, "None"),
        ("paper.pdf", PAPER, "None"),
    ):
        (tmp_path / name).write_bytes(data)
        (file,) = lesson.look_at(str(tmp_path / name)).files
        assert file["credential"]["word"] == word, name
        assert file["picture"] == b"" and "cannot show it" in file["note"]
    for name in ("letter.txt", "alone.c2pa"):
        (tmp_path / name).write_bytes(b"Dear all" if name == "letter.txt" else b"\0\0\0\x20jumb" + b"\0" * 40)
        with pytest.raises(LessonError, match=r"Keep it"):
            lesson.look_at(str(tmp_path / name))


def test_a_file_of_ones_own_is_looked_at_as_it_is(tmp_path):
    from course.lessons import stock

    path = tmp_path / "mine.jpg"
    path.write_bytes(stock.stock().files["lane"])
    assert lesson.look_at(str(path)).files[0]["credential"]["word"] == "Signer unknown"
    with pytest.raises(LessonError, match="as it is"):
        lesson.look_at(str(path), after="flip")
    for content, words in ((b"", "is empty"), (b"no picture", "Keep it as it is")):
        path.write_bytes(content)
        with pytest.raises(LessonError, match=words):
            lesson.look_at(str(path))


def test_the_registry_finds_the_cut_copy_by_its_mark_and_the_small_one_by_its_fingerprint():
    (file,) = lesson.register().files
    assert file["credential"]["word"] == "Trusted"
    assert len(lesson.registry().entries) == 1
    cut = repr(lesson.find_again(crop=0.8, quality=60))
    assert "Its own statement: none." in cut
    assert "The mark finds “Salt lake”" in cut and "The fingerprint finds nothing" in cut
    assert "signed by Ana Brook" in cut
    small = repr(lesson.find_again(crop=1.0, size=0.3))
    assert "The mark finds nothing" in small and "The fingerprint finds “Salt lake”" in small
    lost = repr(lesson.find_again(crop=0.6, quality=10, size=0.2))
    assert "Nothing leads back" in lost and "says nothing against the picture" in lost


def test_the_cut_copy_is_as_far_as_the_page_says():
    lesson.register()
    assert "differs in 18 of 64 bits" in repr(lesson.find_again(crop=0.8, quality=60))


def test_the_registry_goes_wrong_in_two_ways():
    lesson.register()
    words = repr(lesson.goes_wrong(limit=18))
    assert "the registry says: “Salt lake”" in words
    apart = int(re.search(r"(\d+) of 64 bits differ", words)[1])
    assert apart > provenance.NEAR
    names, distances = lesson._strangers()
    assert len(distances) == len(names) * (len(names) - 1) // 2
    wrong = int(re.search(r"limit of 18 bits, (\d+) of them", words)[1])
    assert wrong == np.count_nonzero(distances <= 18) > 0
    assert f"about {lesson._rounded(wrong / len(distances) * 1e6)} strangers" in words


def test_none_in_some_thousands_is_not_none_in_a_million():
    lesson.register()
    count = len(lesson._strangers()[1])
    for limit in range(0, 33, 2):
        words = repr(lesson.goes_wrong(limit=limit))
        wrong = int(re.search(rf"limit of {limit} bits, (\d+) of them", words)[1])
        assert "no strangers" not in words
        if wrong:
            low, high = (
                int(one.replace(",", "")) for one in re.search(r"strangers \(([\d,]+) to ([\d,]+),", words).groups()
            )
            assert low <= wrong / count * 1e6 <= high
        else:
            most = re.search(r"up to about (\d+) strangers", words)[1]
            assert most == lesson._rounded(3e6 / count) and "That is not none in a million" in words
            assert int(most) == pytest.approx(3e6 / count, rel=0.05)  # two digits


@pytest.mark.parametrize(
    "call",
    [
        lambda: lesson.find_again(crop=0),
        lambda: lesson.find_again(crop="0.8"),
        lambda: lesson.find_again(quality=101),
        lambda: lesson.find_again(size=float("nan")),
        lambda: lesson.find_again(crop=True),
        lambda: lesson.goes_wrong(limit=18.5),
        lambda: lesson.goes_wrong(limit=-1),
        lambda: lesson.goes_wrong(limit="many"),
    ],
)
def test_numbers_that_make_no_sense_are_one_sentence(call):
    lesson.register()
    with pytest.raises(LessonError, match="Use a"):
        call()


def test_a_damaged_registry_is_one_sentence():
    lesson.register()
    for path in lesson.registry().folder.glob("*.json"):
        path.write_text("[]", encoding="utf-8")
    for call in (lesson.find_again, lesson.goes_wrong):
        with pytest.raises(LessonError, match="delete it and enter the picture again"):
            call()
    lesson.register()
    assert "Salt lake" in repr(lesson.find_again())


def test_what_they_were_is_told_of_those_that_are_decided_and_of_no_other():
    assert "0 of 10" in repr(lesson.what_they_were())
    state = lesson.stock_state()
    short = [state.curation.submissions[number - 1] for number in (2, 4, 5, 7, 10)]  # as the teacher's page has it
    for one in short[:4]:
        state.decide(one.key, "ask", 0)
    waiting = lesson.what_they_were()
    assert "4 of 10" in repr(waiting) and "<table>" not in waiting._repr_html_()
    state.decide(short[4].key, "ask", 0)
    page = lesson.what_they_were()
    shown = page._repr_html_()
    assert shown.count("<tr>") == 6 and "5 of 10" in repr(page)
    for one in state.curation.submissions:
        assert (html.escape(one.was) in shown) is (one in short)
    for one in state.curation.submissions:
        if one not in short:
            state.decide(one.key, "reject", 0)
    page = lesson.what_they_were()
    assert repr(page) == (
        "Trusted: 2 photographs, 2 generated; Signer unknown: 1 photograph, 0 generated; "
        "Broken: 2 photographs, 1 generated; None: 2 photographs, 0 generated"
    )
    assert page._repr_html_().count("<tr>") == 11


def test_promises_are_ticked_by_what_was_done():
    made = Lesson("signed-at-birth", "signed")
    assert made.kept() == [False, False, False]
    state = lesson.stock_state()
    for one in state.curation.submissions:
        assert made.kept()[0] is False
        state.decide(one.key, "ask", 0)
    lesson.question("broken").answer(1, sure=True)
    desk = lesson.signing_state()
    desk.make("Wren")
    desk.sign("x", "camera")
    desk.flip()
    assert made.kept() == [True, False, False]
    desk.save_again()
    lesson.question("lie").answer(1, sure=False)
    lesson.next_move("park").rank([0, 1])
    assert made.kept() == [True, True, True]


def test_a_pile_counts_when_all_of_it_is_decided():
    one = {"kind": "curation.decide", "curation": "stock", "submission": "a", "of": 2}
    assert list(achievements([one, one])) == []
    assert list(achievements([one, {**one, "submission": "b"}])) == ["curation:stock"]


def test_no_name_and_no_key_in_the_notebook_or_the_record(log):
    view = lesson.sign()
    view.act({"type": "make", "name": "Heron of the Reeds", "password": "open sesame"})
    view.act({"type": "sign", "title": "x", "claim": "camera"})
    lesson.trust().choose("register", True)
    lesson.register()
    from pathlib import Path

    page = Path(__file__).parents[2] / "notebooks" / "07-signed-at-birth.ipynb"
    for text in (page.read_text(encoding="utf-8"), log.path.read_text(encoding="utf-8")):
        assert not any(secret in text for secret in ("Heron of the Reeds", "PRIVATE KEY", "open sesame"))
    # keys lie in one folder, and nowhere else
    held = [path for path in log.folder.rglob("*") if path.is_file() and b"PRIVATE KEY" in path.read_bytes()]
    assert {path.parent for path in held} == {log.folder / lesson.KEYS} and len(held) == 2
    assert json.loads(page.read_text(encoding="utf-8"))["metadata"].get("widgets") is None


def test_the_teachers_page_has_every_answer_and_every_submission():
    from course import judgement
    from course.media.catalogue import data_folder
    from course.ui.credential import WORDS

    page = (data_folder().parent / "docs" / "teaching" / "07-signed-at-birth.md").read_text(encoding="utf-8")
    for key, asked in judgement.load_questions(data_folder() / "questions" / "signed.toml").items():
        right = next(option for option in asked.options if option.right)
        assert f"| {key.split('/')[1]} | {right.text} |" in page
    found = lesson._checked()
    for one in lesson.stock_state().curation.submissions:
        assert f"| {one.title} | {WORDS[found[one.key].state][0]} | {one.was} |" in page


def test_no_reply_gives_a_verdict_in_per_cent_and_the_other_curator_says_first_what_they_did():
    for one in lesson.stock_state().curation.submissions:
        texts = " ".join((*one.replies.values(), *(ground.reply for ground in one.grounds)))
        assert "%" not in texts
        assert re.match(r"(Accepted|Asked|Turned down)\b", one.colleague)
