import json
import random
import re
from pathlib import Path

import pytest

from course import judgement, media, provenance
from course.lessons import what_a_file_remembers as lesson
from course.lessons.lesson import LessonError, outline
from course.media.catalogue import data_folder

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "05-what-a-file-remembers.ipynb"
QUESTIONS = judgement.load_questions(data_folder() / "questions" / "file.toml")


def test_the_hook_shows_the_picture_with_words_and_no_field():
    page = lesson.hook()
    assert repr(page) == media.whole_files()["phone"].alt
    markup = page._repr_html_()
    assert 'alt="Two white dogs' in markup and "Xiaomi" not in markup and "João Eriberto Mota Filho" in markup


@pytest.mark.parametrize("name", ["phone", "camera", "messenger", "fox", "film"])
def test_every_file_can_be_looked_into(name):
    view = lesson.look_inside(name)
    found = provenance.read_metadata(media.whole_files()[name].path)
    assert view.state["count"] == found.count and view.picture.startswith(b"\xff\xd8")
    assert not view.changing


def test_what_the_page_says_of_the_files_is_so():
    assert lesson.look_inside("phone").state["count"] > 40 and lesson.look_inside("camera").state["count"] > 40
    assert lesson.look_inside("messenger").state["count"] == 0
    fox = " ".join(map(" ".join, lesson.look_inside("fox").state["remarks"]))
    assert "a fox moving quickly" in fox and "878361741413693" in fox and "wan2.1" in fox
    camera = " ".join(map(" ".join, lesson.look_inside("camera").state["remarks"]))
    assert "GIMP" in camera and "Saved before it was taken?" in camera


def test_a_file_of_ones_own_by_its_path(tmp_path):
    path = tmp_path / "holiday.jpg"
    path.write_bytes(provenance.edited(media.whole_files()["messenger"].path.read_bytes(), place=(60.2, 24.9)))
    assert lesson.look_inside(str(path)).state["name"] == "holiday.jpg"
    assert "Finland" in repr(lesson.on_the_map(str(path)))


def _changed():
    view = lesson.desk()
    view.act({"type": "strip"})
    return view.state["made"]["same"]


PREDICTED = {
    "how many fields will there be": (lambda: lesson.look_inside("messenger").told, "not one field"),
    "Which of its notes would a camera never write": (lambda: lesson.look_inside("fox").told, "prompt.*model.*seed"),
    "can you tell from the last copy": (lambda: repr(lesson.save_again(90, 75, 90)), "ghost"),
    "what has changed, and what has not": (_changed, "same, to the last bit"),
}


@pytest.mark.parametrize("asked", PREDICTED)
def test_an_answer_comes_out_of_the_box_and_stands_nowhere_on_the_page(asked):
    answer, words = PREDICTED[asked]
    page = "\n".join(
        "".join(cell["source"])
        for cell in json.loads(NOTEBOOK.read_text("utf-8"))["cells"]
        if cell["cell_type"] != "code"
    )
    _, after = page.split(asked)
    assert re.search(words, str(answer()))
    assert not re.search(words, after.split("## Looking for a changed part")[0], re.DOTALL | re.IGNORECASE)


def test_what_is_missing_is_weak_evidence_and_nothing_is_said_with_more_certainty_than_there_is():
    told = " ".join(lesson.look_inside("messenger").told) + " ".join(lesson.look_inside("fox").told)
    for words in (
        "hardly moves the odds",
        "as most do",
        "sent as a file or a document mostly keeps",
        "nearly the same clip",
    ):
        assert words in told
    everything = told + NOTEBOOK.read_text("utf-8") + (data_folder() / "questions" / "file.toml").read_text("utf-8")
    everything += (NOTEBOOK.parents[1] / "docs" / "teaching" / "05-what-a-file-remembers.md").read_text("utf-8")
    everything += " ".join(map(" ".join, lesson.look_inside("messenger").state["remarks"]))
    for words in (
        "no evidence",
        "took everything out, as it does",
        "cannot both be right",
        "the same clip comes out again.",
    ):
        assert words not in everything.replace("nearly the same clip comes out again.", "")


def test_the_map_names_the_country_and_how_fine_the_place_is():
    words = repr(lesson.on_the_map("phone"))
    assert "Brazil" in words and "8 km" in words and "201 square kilometres" in words
    assert "names no place" in repr(lesson.on_the_map("messenger"))
    assert "11 km" in repr(lesson.on_the_map("film"))


def test_a_coarse_saving_leaves_a_ghost_in_a_fine_one_and_not_the_other_way_round():
    first, coarse, fine = lesson._ladder("camera", (90, 75, 90))
    assert first.ghost < 0.05 and coarse.ghost < 0.05 and fine.ghost > 0.9
    assert fine.ghost_at == (75,) and first.twice < 0.1 < fine.twice
    assert coarse.bytes < fine.bytes < first.bytes
    assert "at 75, one before" in lesson.save_again(90, 75, 90)._repr_html_()
    assert "wipes out" in lesson.save_again(90, 75)._repr_html_()
    (again,) = lesson._ladder("messenger", (90,))
    assert again.ghost_at == (75,)  # as the page says


RECIPES = [
    (50,), (60,), (75,), (98,), (50, 98), (50, 90), (98, 50, 98), (90, 75, 90), (90, 75), (75, 75), (50, 50), (75, 50),
    (50, 75), (60, 98), (73, 91), (90, 91), (80, 60, 95), (60, 80, 95), (50, 60, 70, 80, 90), (90, 80, 70, 60, 50),
]  # fmt: skip


@pytest.mark.parametrize("recipe", RECIPES, ids=str)
def test_no_ghost_is_claimed_that_the_recipe_cannot_have(recipe):
    page = lesson.save_again(*recipe)
    says = re.search(r"<figcaption>(.*)</figcaption>", page._repr_html_())[1]
    last, coarser = recipe[-1], {one for one in recipe[:-1] if one < recipe[-1]}
    assert says.startswith(f"The last curve is lowest at {last}, the last saving.")
    claimed = set(map(int, re.findall(r"also dips at (\d+), one before: that is its ghost", says)))
    assert claimed <= coarser and (bool(claimed) == bool(coarser) or recipe == (90, 91))
    for one in set(map(int, re.findall(r"dips at (\d+) too. Nothing was saved at", says))):
        assert one not in recipe
    # what is spoken of stands on the axis, in a place where a dip could be seen
    tried = lesson._ladder("camera", recipe)[0].tried
    assert set(recipe) <= set(tried) and tried[0] < min(recipe) and tried[-1] > last
    assert {int(one) for one in re.findall(r"\b[5-9]\d\b", says)} <= set(tried)
    # and a column that speaks of a saving before has nothing in it where there was none
    shares = [int(one) for one in re.findall(r"<td>(\d+) %</td>", page._repr_html_())]
    for number, quality in enumerate(recipe):
        if not any(one < quality for one in recipe[:number]):
            assert shares[number] <= 20 * (quality > 95), (recipe, number)  # 95: how the file came


def test_what_cannot_be_told_is_said():
    def says(*recipe):
        return lesson._ladder_says(lesson._ladder("camera", recipe), "camera")

    assert "dips at 75 too. Nothing was saved at 75: the steps of 50 are twice as wide" in says(50)
    assert "dips at 75 too. Nothing was saved at 75" in says(98, 50, 98)
    assert "dips at 75 too. It was saved at 75 once, but the curve cannot tell" in says(75, 50)
    assert "look like one" in says(75, 75)
    assert "or at a coarser one whose steps are a multiple of its own" in says(50, 98)


def test_the_bench_shows_something_at_once_and_the_changed_part_where_it_is_said_to_be():
    from course.ui import Probe

    view = lesson.bench()
    assert [gauge["key"] for gauge in view.setup["gauges"]] == ["error_level_analysis", "jpeg_ghosts"]
    probe: Probe = view._model
    assert len(probe.pictures) == 5
    probe.choose(picture="Canal: one house saved again")
    canal = media.load_controlled(media.controlled()["canal-resaved"])
    level = probe.reading().overlay.mean(axis=2)
    # in the text: a dark box among bright houses
    assert level[canal.mask].mean() < 0.75 * level[~canal.mask].mean()


def test_the_numbers_of_the_maps_are_those_that_were_written_down():
    words = repr(lesson.how_well())
    found = json.loads((data_folder() / "forensics" / "regions.json").read_text(encoding="utf-8"))
    assert f"pasted in {found['parked-car']['error_level_analysis, quality 90']:.2f}" in words
    assert f"saved again {found['canal-resaved']['jpeg_ghosts']:.2f}" in words
    assert set(found) == set(lesson._STEPS)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: lesson.look_inside("nosuch"), "There is no file 'nosuch'"),
        (lambda: lesson.look_inside(5), "There is no file 5"),
        (lambda: lesson.look_inside(None), "There is no file None"),
        (lambda: lesson.look_inside("map"), "There is no file 'map'"),
        (lambda: lesson.look_inside(""), "There is no file ''"),
        (lambda: lesson.look_inside("~nobody-at-all/x"), "There is no file"),
        (lambda: lesson.look_inside("x" * 5000), "There is no file"),
        (lambda: lesson.on_the_map(["phone"]), "There is no file"),
        (lambda: lesson.save_again(), "one to five whole numbers"),
        (lambda: lesson.save_again(90, "75"), "one to five whole numbers"),
        (lambda: lesson.save_again(90.5), "one to five whole numbers"),
        (lambda: lesson.save_again(True), "one to five whole numbers"),
        (lambda: lesson.save_again(10), "one to five whole numbers"),
        (lambda: lesson.save_again(*[90] * 6), "one to five whole numbers"),
        (lambda: lesson.save_again(90, photo="fox"), "Choose the photo"),
        (lambda: lesson.question("nosuch"), "no question 'nosuch'"),
    ],
)
def test_a_cell_edited_wrongly_is_a_sentence(call, words):
    with pytest.raises(LessonError, match=re.escape(words)) as error:
        call()
    assert "\n" not in str(error.value)


def test_a_file_that_is_no_picture_is_a_sentence(tmp_path):
    path = tmp_path / "notes.jpg"
    path.write_text("no picture", encoding="utf-8")
    for call in (lesson.look_inside, lesson.on_the_map):
        with pytest.raises(LessonError, match=re.escape("“notes.jpg” is no picture or film")):
            call(str(path))
        with pytest.raises(LessonError, match="is a folder"):
            call(str(tmp_path))


def test_the_promises_are_ticked_by_what_was_done(log):
    assert lesson._lesson.kept() == [False, False, False]
    for name in ("place", "gimp"):
        state = lesson._lesson.question_state(name)
        state.choose(next(i for i, one in enumerate(state.question.options) if one.right), sure=True)
    assert lesson._lesson.kept() == [True, False, False]
    desk = lesson.desk_state()
    assert desk.strip() and desk.put_back() and desk.edit(camera="Box")
    assert lesson._lesson.kept() == [True, True, False]
    table = lesson.table_state()
    for row in table.findings.rows:
        table.check(row.key, *(next(i for i, one in enumerate(side) if one.right) for side in (row.shows, row.open)))
    state = lesson._lesson.question_state("glow")
    state.choose(1, sure=False)
    assert lesson._lesson.kept() == [True, True, True]
    assert lesson.table_state().complete  # a kernel that starts anew takes it up


def test_copies_go_to_the_learners_own_folder_alone(log):
    desk = lesson.desk_state()
    assert desk.choose("camera") and desk.strip() and desk.keep()
    assert Path(desk.kept) == log.folder / "files" / "IMG_1054-without-notes.jpg"
    assert media.whole_files()["camera"].path.read_bytes() != Path(desk.kept).read_bytes()
    assert dict(media.verify_whole_files(media.whole_files()))["camera"] is None


def test_a_file_of_ones_own_leaves_no_trace_in_the_record(log):
    desk = lesson.desk_state()
    assert desk.open_own(media.whole_files()["phone"].path.read_bytes(), "Grandmother's garden.jpg")
    assert desk.strip() and desk.edit(place=(48.1234, 2.1234), camera="Hers") and desk.keep()
    written = log.path.read_text(encoding="utf-8")
    for secret in ("Grandmother", "Hers", "48.1", "2.12", "garden", "15.8"):
        assert secret not in written
    assert Path(desk.kept).name.startswith("my-picture")


@pytest.mark.parametrize("seed", range(2))
def test_any_order_of_the_lessons_calls_is_fine(seed, log):
    """Cells out of order, some twice, with junk in them: a view, or one sentence."""
    rng = random.Random(seed)
    good = ["phone", "camera", "messenger"]
    junk = [None, 5, "", "nosuch", -1, 90, 75, "90", [], 10**9]
    answered = 0
    for _ in range(100):
        act = rng.randrange(6)
        try:
            if act == 0:
                lesson.look_inside(rng.choice(good + junk))
            elif act == 1:
                lesson.question(rng.choice([*(key.split("/")[1] for key in QUESTIONS), *map(str, junk)]))
            elif act == 2:
                rows = lesson.table_state()
                try:
                    rows.check(rng.choice(["gps", "ela", *junk]), rng.choice([0, 1, *junk]), rng.choice([0, 1, *junk]))
                    answered += 1
                except (ValueError, TypeError) as error:
                    assert isinstance(error, ValueError)
            elif act == 3:
                lesson.done()
            elif act == 4:
                lesson.table()
            else:
                lesson.next_move("market").rank(rng.choice([[0], [1, 2], *junk]))
        except LessonError as error:
            assert "\n" not in str(error) and str(error)
    assert len(log.events("findings.check")) == answered


def test_the_notebook_never_shows_what_the_blind_trial_needs_unseen():
    unseen = {name for path in (data_folder() / "forms").glob("*.toml") for name in judgement.load_form(path).items}
    used = {source for name in ("parked-car", "canal-resaved") for source in media.controlled()[name].sources}
    assert not used & unseen and not {"snow-fox", "samoyed-pair", "dog-floor"} & unseen
    members = {media.catalogue()[name].member for name in unseen if name in media.catalogue()}
    assert not members & {file.member for file in media.whole_files().values()}


def test_the_outline_knows_the_notebook():
    (entry,) = (one for one in outline() if one.stem == "what-a-file-remembers")
    assert entry.notebook == NOTEBOOK.name and entry.minutes == 45 and not entry.short


@pytest.mark.parametrize("photo", ["camera", "phone", "messenger"])
def test_one_saving_of_ones_own_is_not_called_the_only_one(photo):
    words = repr(lesson.save_again(50, photo=photo))
    assert "One saving" not in words and "You have saved it once" in words
