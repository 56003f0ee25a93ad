from random import Random

import pytest

from course import sources
from course.sources.browser import LONGEST_STAY, MOST_TABS, PLACES, START, VERDICTS, Browser, Place
from course.sources.stories import TRUTHS


@pytest.fixture(scope="module")
def web():
    return sources.web()


@pytest.fixture(scope="module")
def stories(web):
    return sources.stories(web)


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def _browser(web, stories, saved=None, **more):
    saved = [] if saved is None else saved
    return Browser(web, stories["a"], saved.append, more.pop("past", list(saved)), **more), saved


def test_the_claim_opens_and_is_the_first_step(web, stories):
    browser, saved = _browser(web, stories)
    assert browser.place == Place("open", stories["a"].start) == Place("open", browser.subject)
    assert [event["kind"] for event in saved] == ["trail.step"]


def test_steps_are_saved_at_once_and_their_time_when_it_is_known(web, stories):
    clock = Clock()
    browser, saved = _browser(web, stories, clock=clock)
    clock.now = 12.5
    assert browser.enter("library flood")
    clock.now = 20
    assert browser.go("open", "weatherbox.example")
    clock.now = 20 + 10 * LONGEST_STAY
    assert browser.judge("misdated", 80)
    assert [(step.act, step.seconds) for step in browser.trail.steps] == [
        ("open", 12.5), ("search", 7.5), ("open", LONGEST_STAY),
    ]  # fmt: skip
    again, _ = _browser(web, stories, saved)
    assert again.trail.measures == browser.trail.measures
    assert again.place == Place("open", "https://weatherbox.example/")
    assert len(saved) == 7 and again.trail.verdict == "misdated"


def test_history_tabs_and_bookmarks(web, stories):
    browser, saved = _browser(web, stories)
    browser.go("open", "weatherbox.example")
    browser.go("registration", "https://weatherbox.example/about")
    assert browser.place.what == "weatherbox.example" and browser.subject == "https://weatherbox.example/"
    assert browser.back() and browser.back() and not browser.back() and browser.sentence
    assert browser.forward() and browser.place.what == "https://weatherbox.example/"
    assert browser.bookmark() and browser.bookmarks == ("https://weatherbox.example/",)
    steps = len(browser.trail.steps)
    assert browser.go("open", "plumbline.example", tab="behind") and browser.current == 0
    assert len(browser.trail.steps) == steps  # what was not seen is no step
    assert browser.choose(1) and len(browser.trail.steps) == steps + 1
    assert browser.close(1) and browser.current == 0
    assert browser.close(0) and browser.place == START and browser.subject == ""
    assert not browser.bookmark() and browser.sentence
    again, _ = _browser(web, stories, saved)
    assert again.bookmarks == ("https://weatherbox.example/",)
    while len(browser.tabs) < MOST_TABS:
        assert browser.go("start", tab="new")
    assert not browser.go("start", tab="new") and "Close one first" in browser.sentence


@pytest.mark.parametrize(
    "typed", ["javascript:alert(1)", "file:///etc/passwd", "../../x", "real.com/page", "plumbline.exampel"]
)
def test_an_address_that_is_none_shows_a_page_that_says_so_and_is_no_step(web, stories, typed):
    browser, saved = _browser(web, stories)
    assert browser.enter(typed)
    assert "No such page" in browser.shown()["html"] and len(saved) == 1
    assert browser.title(browser.place) == "No such page" and browser.subject == ""


def test_every_page_and_tool_can_be_shown(web, stories):
    browser, _ = _browser(web, stories)
    for url in [*web.pages][::4]:
        for act in ("open", "registration", "archive", "diff", "links", "page_info", "reader", "pictures", "copy"):
            assert browser.go(act, url), (act, url)
            shown = browser.shown()
            assert "<html" in shown.get("html", "") or (shown["title"] and shown["blocks"]), (act, url)
            assert browser.title(browser.place)


def test_pictures_are_found_and_the_register_says_when_nobody_is_there(web, stories):
    browser, _ = _browser(web, stories)
    assert browser.go("pictures", stories["a"].start) and browser.place.act == "find_image"
    kinds = [block[0] for block in browser.shown()["blocks"]]
    assert kinds[0] == "picture" and "match" in kinds and "links" in kinds
    assert browser.address(browser.place) == ""
    assert browser.go("registration", "nobody-at-all")
    assert browser.address(browser.place) == "nobody-at-all.example"
    assert "Nobody has registered" in browser.shown()["blocks"][1][1]


def test_a_guide_leads_step_by_step_and_nothing_is_saved(web, stories):
    for story in stories.values():
        for guide in story.experts:
            saved = []
            browser = Browser(web, story, saved.append, guide=guide)
            for number, step in enumerate(guide.steps):
                assert browser.guided(number), (story.id, guide.name, number, browser.sentence)
                assert browser.place.act == step.act
            assert not browser.guided(len(guide.steps)) and not browser.guided("1") and not browser.judge("false", 50)
            assert saved == []


def test_what_cannot_be_saved_has_not_happened(web, stories):
    def full(event):
        if event.get("act") == "search" or event["kind"] == "trail.bookmark":
            raise ValueError("The disk is full.")

    browser = Browser(web, stories["a"], full)
    for act in (lambda: browser.enter("two words"), browser.bookmark):
        with pytest.raises(ValueError, match="The disk is full"):
            act()
    assert browser.place.act == "open" and browser.bookmarks == () and len(browser.trail.steps) == 1


@pytest.mark.parametrize("act", sources.ACTS)
def test_a_trail_whose_last_page_has_moved_begins_at_the_claim(web, stories, act):
    gone = "b-drifter-copy" if act == "find_image" else "https://looptube.example/b-canal-giant"
    past = [
        {"kind": "trail.step", "story": "a", "act": "open", "what": "https://looptube.example/gone", "seconds": 1},
        {"kind": "trail.step", "story": "a", "act": act, "what": gone, "seconds": 3},
        {"kind": "trail.bookmark", "story": "a", "url": gone, "on": True},
    ]
    browser, _ = _browser(web, stories, past=past)
    alive = act in ("search", "registration")  # a search for the old address, and a look-up of its domain
    assert browser.place.act == (act if alive else "open") and "No such page" not in str(browser.shown())
    assert alive or browser.place.what == stories["a"].start
    assert sources.citations(web, browser.trail.steps).arrows == () and browser.bookmarks == ()
    assert browser.go("open", stories["a"].start) and browser.trail.measures.steps == 3


def test_verdicts_cover_all_kinds_of_stories():
    assert set(VERDICTS) == {*TRUTHS, "holds"}


def test_a_damaged_record_is_passed_over(web, stories):
    past = [
        {"kind": "trail.stay", "story": "a", "seconds": 3},
        {"kind": "trail.step", "story": "a", "act": "open", "what": "https://weatherbox.example/", "seconds": 0},
        {"kind": "trail.stay", "story": "a", "seconds": "long"},
        {"kind": "trail.step", "story": "a", "act": "find_image", "what": "gone", "seconds": 0},
        {"kind": "trail.bookmark", "story": "a", "url": ["x"], "on": True},
        {"kind": "trail.bookmark", "story": "a", "url": "https://gone.example/", "on": True},
        {"kind": "trail.bookmark", "story": "a", "on": False},
    ]
    browser, _ = _browser(web, stories, past=past)
    assert browser.place == Place("open", "https://weatherbox.example/") and browser.bookmarks == ()
    browser, _ = _browser(web, stories, past=past[3:])
    assert browser.place == Place("open", stories["a"].start)


@pytest.mark.parametrize("seed", range(4))
def test_two_hundred_random_acts(web, stories, seed):
    chance = Random(seed)
    urls = [*web.pages][:40]
    junk = [None, 3, 2.5, True, [], {}, "", " ", "x" * 10_000, "javascript:1", "‮🙂", 'a" OR "', -1, 99]
    browser, saved = _browser(web, stories)
    for _ in range(200):
        what = chance.choice([*urls, *junk, *web.pictures, "plumbline", "jellyfish canal"])
        before = [dict(event) for event in saved]
        match chance.randrange(9):
            case 0 | 1 | 2:
                act = chance.choice([*PLACES, *junk])
                browser.go(act, what, chance.choice([0, 1, *junk]), chance.choice(["here", "new", "behind", *junk]))
            case 3:
                browser.enter(what)
            case 4:
                chance.choice([browser.back, browser.forward, browser.bookmark])()
            case 5:
                browser.choose(chance.choice([0, 1, 2, *junk]))
            case 6:
                browser.close(chance.choice([0, 1, 2, *junk]))
            case 7:
                browser.judge(chance.choice([*VERDICTS, *junk]), chance.choice([50, 100, *junk]))
            case 8:
                browser.guided(chance.choice([0, *junk]))
        assert saved[: len(before)] == before
        assert browser.shown() and 1 <= len(browser.tabs) <= MOST_TABS and browser.tab.place is browser.place
        browser.address(browser.place)
    again, _ = _browser(web, stories, saved)
    assert again.trail.steps == browser.trail.steps and again.bookmarks == browser.bookmarks
    assert again.trail.measures == browser.trail.measures


@pytest.mark.parametrize("seconds", [-1, "3", None, float("nan"), float("inf"), True])
def test_a_stay_that_makes_no_sense_is_not_saved(web, stories, seconds):
    browser, saved = _browser(web, stories)
    with pytest.raises(ValueError, match="seconds of a step"):
        browser.trail.stay(seconds)
    assert len(saved) == 1
    with pytest.raises(ValueError, match="no step yet"):
        sources.Trail("a", stories["a"].start, saved.append).stay(3)


@pytest.mark.parametrize("text", ["99.7", "99.7%", "19:46", "3.5/5", "11.4 knots", "Mr. Pell", "lumen", "a.b", "0.4?"])
def test_a_number_in_the_address_line_is_a_search(web, stories, text):
    browser, _ = _browser(web, stories)
    assert browser.enter(text) and browser.place == Place("search", text)


@pytest.mark.parametrize(
    "text",
    ["plumbline.com", "plumbline.example", "plumbline.example/nowhere", "javascript:alert(1)", "file:///etc/passwd",
     "../x", "/about", "plumbline.com:80/x"],
)  # fmt: skip
def test_what_looks_like_an_address_is_taken_for_one(web, stories, text):
    browser, _ = _browser(web, stories)
    assert browser.enter(text) and browser.place.act == "open"
