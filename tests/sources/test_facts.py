"""The facts of the offline web: the same everywhere, whoever tells them.

Learners are asked to catch pages that contradict each other. A contradiction that nobody planted would teach them to
distrust the wrong page, so each number, hour, age and count that more than one place tells is held to one value here.
"""

from __future__ import annotations

import re
import tomllib
from datetime import date, datetime
from functools import cache
from pathlib import Path

import pytest

from course import sources
from course.sources import Web, seen, stories
from course.sources.dates import MONTHS
from course.sources.stories import plain

REAL = sources.web()
TABLES = tomllib.loads((Path(__file__).parent / "facts.toml").read_text(encoding="utf-8"))
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@cache
def told(web: Web) -> dict[str, str]:
    """All that this web tells, by who tells it: pages, copies of the archive, sites, pictures and stories."""
    found = {}
    for url in web.pages:
        for version in web.archive(url):
            page = version.page
            mark = "" if version.live else f"@{version.saved:%m-%d %H:%M}"
            found[page.url.removeprefix("https://") + mark] = "\n".join((page.title, page.summary, page.text))
    for domain, site in web.sites.items():
        found[f"register {domain}"] = f"{site.name}\n{site.tagline}\n{site.registration.text}"
    for name, picture in web.pictures.items():
        found[f"picture {name}"] = f"{picture.alt}\n{picture.caption}"
    for name, story in stories(web).items():
        lines = [story.title, story.claim, story.truth, *story.traps]
        for expert in story.experts:
            lines += [expert.name, *(f"{step.looked_for} {step.found}" for step in expert.steps), expert.verdict]
        found[f"story {name}"] = "\n".join(lines)
    for file in sorted((web.folder / "stories").glob("*.toml")):
        evidence = tomllib.loads(web.calendar.expanded(file.read_text(encoding="utf-8"))).get("evidence", ())
        found[f"evidence {file.stem}"] = "\n".join(one["says"] for one in evidence)
    ledgers = tomllib.loads((web.folder.parent / "ledgers.toml").read_text(encoding="utf-8"))["ledger"]
    found["ledgers"] = "\n".join(f"{one['says']}\n{one['found']}" for ledger in ledgers for one in ledger["evidence"])
    return {where: text.replace("\xa0", " ") for where, text in found.items()}


def values(web: Web, pattern: str) -> dict[str, list[str]]:
    """The values that a pattern finds, and where."""
    found: dict[str, list[str]] = {}
    regex = re.compile(web.calendar.expanded(pattern), re.MULTILINE)
    for where, text in told(web).items():
        for match in regex.finditer(text):
            for value in filter(None, match.groups()):
                found.setdefault(value, []).append(where)
    return found


@pytest.mark.parametrize("fact", TABLES["fact"], ids=lambda fact: fact["name"])
def test_a_fact_is_the_same_everywhere(fact: dict) -> None:
    found = values(REAL, fact["told"])
    allowed = {REAL.calendar.expanded(value) for value in fact["right"]}
    assert {value: where for value, where in found.items() if value not in allowed} == {}
    assert sum(map(len, found.values())) >= fact["times"], found


@pytest.mark.parametrize("fact", TABLES["fact"], ids=lambda fact: fact["name"])
def test_a_fact_that_is_told_otherwise_is_found(fact: dict) -> None:
    regex = re.compile(REAL.calendar.expanded(fact["told"]), re.MULTILINE)
    blind = []
    for where, text in told(REAL).items():
        for match in regex.finditer(text):
            group = next(number for number, value in enumerate(match.groups(), 1) if value)
            wrong = re.sub(r"\d(?=\D*$)", lambda digit: str((int(digit[0]) + 1) % 10), match[group])
            wrong = wrong if wrong != match[group] else "twenty"
            changed = text[: match.start(group)] + wrong + text[match.end(group) :]
            if not any(wrong in again.groups() for again in regex.finditer(changed)):
                blind.append((where, match[0], wrong))
    assert blind == []


def text_of(name: str) -> str:
    """What stands on a page, or on the copy of it whose number the name ends in."""
    if name.startswith("register "):
        return plain(told(REAL)[name])
    name, _, number = name.partition("@")
    site, slug = name.split("/")
    page = REAL.archive(f"{site}.example/{'' if slug == 'index' else slug}")[int(number or 0) - 1].page
    return plain(f"{page.title}\n{page.summary}\n{page.text}")


@pytest.mark.parametrize("one", TABLES["spoken"], ids=lambda one: f"{one['page']}: {one['says']}")
def test_what_a_page_speaks_of_is_there(one: dict) -> None:
    assert plain(REAL.calendar.expanded(one["says"])) in text_of(one["page"])
    assert plain(one["there"]) in text_of(one["of"])


@pytest.mark.parametrize("change", TABLES["change"], ids=lambda change: change["since"])
def test_a_difference_shows_what_is_said_to_have_changed(change: dict) -> None:
    page, number = change["since"].split("@")
    site, slug = page.split("/")
    versions = REAL.archive(f"{site}.example/{slug}")
    lines = REAL.diff(versions[int(number) - 1], versions[int(number)])
    for kind in ("removed", "added"):
        got = [plain(line.text) for line in lines if line.kind == kind]
        assert got == [plain(REAL.calendar.expanded(line)) for line in change[kind]]


# what can be counted or added up


def rows(url: str) -> list[list[str]]:
    """The rows of the tables of a page."""
    return [line.split(" | ") for line in REAL.open(url).text.splitlines() if " | " in line]


def whole(cell: str) -> int:
    return int(re.sub(r"\D", "", cell.split(" (")[0]))


def test_the_table_of_the_detector_adds_up() -> None:
    table = rows("oskarpell.example/raw-table")
    at = [number for number, row in enumerate(table) if row[0] == "All"]
    for start, end in zip([0, at[0] + 1], at, strict=True):
        parts = [row for row in table[start:end] if row[1] != "Clips"]
        assert [sum(whole(row[n]) for row in parts) for n in (1, 2)] == [whole(table[end][n]) for n in (1, 2)]
    print_ = {row[0].split(",")[0]: row[1:] for row in rows("tarn-university.example/detector-test")[1:]}
    found, accepted, right = print_["Generated clips found"], print_["Camera clips accepted"], print_["Judged rightly"]
    for column, end in enumerate(at):
        assert whole(found[column]) + whole(accepted[column]) == whole(right[column]) == whole(table[end][2])
        for cell, clips in ((found[column], 600), (accepted[column], 600), (right[column], 1200)):
            assert f"({whole(cell) / clips:.0%})" == cell[cell.index("(") :].replace(" %", "%")
    assert whole(found[0]) == 94 + 308 and f"{2991 / 3000:.1%}" == "99.7%"


def test_what_is_measured_fits_the_measurements() -> None:
    assert round(40 / 7 * 3600 / 1852) == 11
    assert [round(40 / seconds * 3600 / 1852) for seconds in (7.5, 6.5)] == [10, 12]
    log = {row[0]: row for row in rows("portellery-harbour.example/radar-log")}
    assert log["19:46"][1:] == ["Harbour Wren", "Warehouse Cut", "11.4"]
    table = rows("ellery-ferries.example/timetable")
    first, last = (datetime.strptime(table[place][0], "%H:%M") for place in (1, -1))
    assert (last - first).seconds // 3600 + 1 == 15 and "fifteen crossings" in REAL.open("ellery-ferries.example").text
    assert (first.minute, table[1][1][-2:]) == (30, "46")  # the 19:30 is in the Cut at 19:46
    night = rows("weatherbox.example/tarn-hollow-november")
    assert round(sum(float(row[2]) for row in night[1:]), 1) == 71.4
    assert sum(row[1] == "yes" for row in rows("tarn-university.example/marks-test")[1:]) == 9
    assert sum(row[1].startswith("Upheld") for row in rows("councilwatch.example/complaints")) == 3
    assert sum(int(row[1].removesuffix(" %")) for row in rows("plumbline.example/funders")[1:]) == 100
    pier = [int(row[1].split()[0]) for row in rows("plumbline.example/pier")[1:]]
    assert (pier[0] - pier[2], pier[2] - pier[1]) == (11, 5)
    assert "Boats reach them at any state of the tide" in REAL.open("portellery-harbour.example/gate").text
    assert len({row[1][:2] for row in rows("looptube.example/u-marrowby-moments")}) > 1


def test_posts_and_names_are_as_many_as_is_said() -> None:
    for line in REAL.open("gangway.example").text.splitlines():
        if said := re.fullmatch(r"(.*), (\d+) posts", line):
            (thread,) = (page for page in REAL.pages.values() if page.title == said[1])
            (written,) = REAL.written(thread.url)[-1:]
            assert len(re.findall(r"^### ", written.markdown, re.MULTILINE)) == int(said[2]), thread.url
    posts = [REAL.written(f"gangway.example/{slug}")[-1].markdown for slug in ("new-kestrel", "kestrel-measured")]
    assert len(re.findall(r"^### quaylight", "\n".join(posts), re.MULTILINE)) == 2
    board = set(
        re.findall(
            r"\*\*(?:Dr |Professor )?(\w+ \w+)\*\*",
            REAL.written("institute-for-visual-truth.example/board")[-1].markdown,
        )
    )
    team = set(re.findall(r"\*\*(\w+ \w+)\*\*", REAL.written("veriglow.example/team")[-1].markdown))
    assert len(board) == 5 and len(board & team) == 4 and "Lionel Teague" not in team
    assert all(len(page.title) <= 60 for page in REAL.pages.values() if page.site.domain == "signalpost.example")
    number = (REAL.today - date(REAL.today.year, 5, 5)).days
    assert REAL.registration("ellery-c0urier").age_days == number == 9


def test_numbers_of_pictures_go_up_with_the_days() -> None:
    taken = {}
    for row in rows("meridianwire.example/picture-archive")[1:]:
        day = datetime.strptime(row[2], "%d %B %Y")
        assert row[0].startswith(f"MW-{day:%Y-%m}-"), row
        taken[row[0]] = day
    ferry, fair = (
        re.search(r"MW-\d{4}-\d\d-\d{4}", REAL.open(f"meridianwire.example/{slug}").text)[0]
        for slug in ("ferry-line-denies", "wool-fair")
    )
    assert ferry < fair  # Monday, Wednesday


def test_the_witness_spoke_before_the_denial() -> None:
    forum, denial = (
        REAL.open("gangway.example/wake-in-the-cut").text,
        REAL.open("ellery-ferries.example/statement").date,
    )
    spoken = re.search(r"peg_coffee, (\d+ May \d{4}, \d\d:\d\d)\n[^\n]*white stern", forum)[1]
    assert datetime.strptime(spoken, "%d %B %Y, %H:%M") < denial
    assert "before the denial" in (REAL.folder.parent / "ledgers.toml").read_text(encoding="utf-8")


def test_days_of_the_week_are_those_of_the_calendar() -> None:
    day = re.compile(rf"({'|'.join(WEEKDAYS)}),? (?:the )?(\d{{1,2}}) ({'|'.join(MONTHS)})(?: (\d{{4}}))?")
    found = 0
    for where, text in told(REAL).items():
        for name, number, month, year in day.findall(text):
            moment = datetime.strptime(f"{number} {month} {year or REAL.today.year}", "%d %B %Y")
            assert WEEKDAYS[moment.weekday()] == name, (where, name, number, month)
            found += 1
    assert found >= 5
    assert REAL.today.weekday() == WEEKDAYS.index("Thursday")  # “closed on Thursday”, “the vote on Wednesday”


# what learners see is written out, and experts quote what stands there


def test_no_mark_of_how_it_is_written_is_seen() -> None:
    for where, text in told(REAL).items():
        raw = re.search(r"\*|`|__|\{|\bY-\d|\bY\b|\d{4}s\b|\]\(", text)
        assert raw is None, (where, text[max(0, raw.start() - 40) : raw.end() + 40])


def test_experts_quote_what_stands_where_they_look() -> None:
    quotes = 0
    for story in stories(REAL).values():
        for expert in story.experts:
            so_far = plain(story.claim)
            for step in expert.steps:
                here = plain(seen(REAL, step.act, step.what))
                so_far += here
                for quote in re.findall(r"“([^”]+)”", step.found):
                    assert plain(quote.rstrip(".")) in so_far, (story.id, expert.name, quote)
                    quotes += 1
                for number in re.findall(r"\d+(?:[.,:]\d+)+", step.found):
                    assert number in here, (story.id, expert.name, step.what, number)
                    quotes += 1
    assert quotes >= 15


def test_a_list_of_links_to_films_bears_their_titles() -> None:
    front = REAL.open("looptube.example")
    for link in front.links:
        if link.url.rsplit("/", 1)[1] not in ("about", ""):
            assert link.text == REAL.open(link.url).title
