from course import judgement, ui
from course.media.catalogue import data_folder

TABLE = judgement.load_findings(data_folder() / "findings.toml")["file/shows"]


def test_replies_reach_the_page_only_once_a_row_is_checked():
    saved = []
    view = ui.FindingsView(judgement.FindingsState(TABLE, saved.append))
    sent = repr((view.table, view.state))
    for row in TABLE.rows:
        for option in (*row.shows, *row.open):
            assert (
                option.text
                in view.table["rows"][TABLE.rows.index(row)]["shows"]
                + view.table["rows"][TABLE.rows.index(row)]["open"]
            )
            assert option.feedback not in sent
    view.check("gps", 1, 1)
    assert view.state["filled"]["gps"]["replies"] == [TABLE.rows[0].shows[1].feedback, TABLE.rows[0].open[1].feedback]
    assert view.state["filled"]["gps"]["right"] is False and view.state["done"] == 0
    view.check("gps", 0, 1)
    assert view.state["filled"]["gps"]["right"] is True and view.state["done"] == 1 and len(saved) == 2


def test_junk_is_a_sentence_and_what_was_filled_stays():
    saved = []
    view = ui.FindingsView(judgement.FindingsState(TABLE, saved.append))
    view.check("gps", 0, 1)
    for junk in (("gps", None, 1), ("nosuch", 0, 0), (None, None, None), ("gps", "0", 1), ("gps", 0, 99)):
        view.check(*junk)
        assert view.state["trouble"].endswith(".") and list(view.state["filled"]) == ["gps"]
    assert len(saved) == 1


def test_the_closing_words_come_when_all_rows_fit():
    view = ui.FindingsView(judgement.FindingsState(TABLE, lambda _: None))
    for row in TABLE.rows:
        assert view.state["closing"] == ""
        view.check(row.key, *(next(i for i, one in enumerate(side) if one.right) for side in (row.shows, row.open)))
    assert view.state["closing"] == TABLE.closing and view.state["done"] == len(TABLE.rows)
