"""Lesson 8 under the hand: a claim followed by mouse and by keys, what is saved, hostile pages, how it looks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[2] / "course" / "ui" / "static"
NOTEBOOK = "08-leave-the-page.ipynb"
BROWSER = ".lt[aria-label='Browser']"


def _number(lab, source: str) -> int:
    """Which cell of the notebook holds this line, counted from 1."""
    cells = json.loads((lab.notebooks / NOTEBOOK).read_text(encoding="utf-8"))["cells"]
    return next(i for i, cell in enumerate(cells, start=1) if "".join(cell["source"]).strip().startswith(source))


def _run(screen, source: str) -> None:
    """Run a single cell, given by how it begins."""
    screen.run_cell(_number(screen.lab, source))


class Window:
    """One browser in the notebook."""

    def __init__(self, page):
        self.page = page
        self.box = page.locator(BROWSER)

    def tick(self) -> str:
        return self.box.evaluate("(one) => one.parentElement.dataset.tick")

    def until(self, act) -> None:
        """Do something, and wait until the kernel has answered."""
        before = self.tick()
        act()
        self.page.wait_for_function(
            "(before) => document.querySelector(\"[aria-label='Browser']\").parentElement.dataset.tick !== before",
            arg=before,
        )

    def press(self, name: str) -> None:
        self.until(lambda: self.box.get_by_role("button", name=name, exact=True).click())


@pytest.fixture
def window(screen):
    """The notebook up to the jellyfish, only what it needs."""
    screen.open(NOTEBOOK)
    screen.run(3)
    _run(screen, 'lesson.case("b")')
    screen.page.locator(BROWSER).wait_for()
    screen.page.locator(BROWSER).evaluate("(one) => one.scrollIntoView({ block: 'start' })")
    return Window(screen.page)


def _steps(screen, story: str) -> list[tuple[str, str]]:
    return [(one["act"], one["what"]) for one in screen.lab.events("trail.step") if one["story"] == story]


def test_by_mouse_a_claim_is_followed_judged_and_drawn(window, screen):
    page, box = window.page, window.box
    box.locator(".lt-web img[data-picture]").first.wait_for()
    page.wait_for_function(
        "() => { const one = document.querySelector('.lt-web').shadowRoot.querySelector('img');"
        " return one.naturalWidth > 0; }"
    )
    screen.shot("leave-1280-light")
    window.press("Find picture")
    box.locator(".lt-results a", has_text="Night Drifter").first.wait_for()
    screen.shot("leave-find-1280-light")
    window.until(lambda: box.locator(".lt-results a", has_text="Night Drifter").first.click())
    window.press("Archive")
    window.until(lambda: box.get_by_role("button", name="Saved", exact=False).first.click())
    assert box.get_by_text("Made with a video model", exact=False).first.is_visible()
    window.press("☆ Bookmark")
    window.press("Back")
    window.press("Changes")
    screen.shot("leave-diff-1280-light")
    box.get_by_label("The claim:").select_option("false")
    box.get_by_label("How sure?").select_option("90")
    window.press("Save my verdict")
    (verdict,) = screen.lab.events("trail.verdict")
    assert (verdict["verdict"], verdict["confidence"]) == ("false", 90)
    acts = [act for act, _ in _steps(screen, "b")]
    assert acts == ["open", "find_image", "open", "archive", "diff"]
    assert screen.lab.events("trail.stay")
    _run(screen, 'lesson.trail("b"')
    page.get_by_text("You left the page at step 2", exact=False).first.wait_for()
    page.locator(".lt-figure").last.scroll_into_view_if_needed()
    screen.shot("leave-trail-1280-light")
    assert page.get_by_text("Traceback").count() == 0


def test_by_keys_alone(window, screen):
    page, box = window.page, window.box
    earlier = len(_steps(screen, "b"))
    cells = page.locator(".jp-Notebook .jp-Cell").count()
    address = box.get_by_label("Address, or words to search for")
    address.focus()
    page.keyboard.type("jellyfish canal")
    window.until(lambda: page.keyboard.press("Enter"))
    box.locator(".lt-results a").first.wait_for()
    box.locator(".lt-results a").first.focus()
    window.until(lambda: page.keyboard.press("Enter"))
    # the focus stays with the page, and the notebook takes none of the keys
    assert page.evaluate("document.activeElement.className") == "lt-port"
    for key in ("d", "d", "x", "a", "ArrowDown"):
        page.keyboard.press(key)
    assert page.locator(".jp-Notebook .jp-Cell").count() == cells
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.shadowRoot?.activeElement?.getAttribute('role')") == "link"
    page.keyboard.press("d")
    page.keyboard.press("d")
    assert page.locator(".jp-Notebook .jp-Cell").count() == cells
    window.until(lambda: page.keyboard.press("Enter"))
    window.until(lambda: page.keyboard.press("Alt+ArrowLeft"))
    page.keyboard.press("Control+f")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Find in this page"
    page.keyboard.type("the")
    page.wait_for_function("() => /^1 of \\d+$/.test(document.querySelector('.lt-count').textContent)")
    box.get_by_role("button", name="New tab").focus()
    window.until(lambda: page.keyboard.press("Enter"))
    assert box.locator(".lt-tab").count() == 2
    assert len(_steps(screen, "b")) >= earlier + 4
    assert page.get_by_text("Traceback").count() == 0


STYLES = (
    "@import 'http://evil.invalid/b.css';",
    "@font-face{font-family:x;src:'http://evil.invalid/f'} p{font-family:x}",
    "@namespace 'http://evil.invalid/n';",
    "p{background:url(http://evil.invalid/1)}",
    "p{background:URL('http://evil.invalid/2')}",
    "p{background:image-set('http://evil.invalid/3' 1x)}",
    "p{background:-webkit-image-set('http://evil.invalid/4' 1x)}",
    "p{background:cross-fade('http://evil.invalid/5', red)}",
    "p{background:image('http://evil.invalid/6')}",
    "p{background:src('http://evil.invalid/7')}",
    "p{background:element(#evil)}",
    "p{background:paint(evil)}",
    "p{background:red,image-set('http://evil.invalid/8' 1x)}",
    "p{background:/**/image-set(/**/'http://evil.invalid/9' 1x)}",
    "p{background:u\\72l(http://evil.invalid/10)}",
    "p{width:expression(evil())}",
    "p{background:yet-unknown('http://evil.invalid/11')}",
    "p{color:attr(data-evil type(<url>))}",
)
SAFE = "p{color:rgb(1 2 3)} li:not(:nth-child(2)){margin:calc(1px + 2px)} @media (max-width: 400px){p{color:red}}"
HOSTILE = (
    f"<html><head><style>{SAFE}</style>"
    + "".join(f"<style>{one}</style>" for one in STYLES)
    + """
<style>body{color:red}@import url(http://evil.invalid/x.css);</style>
<script>window.hurt = 1</script><meta http-equiv="refresh" content="0;url=http://evil.invalid/"></head>
<body onload="window.hurt=2" style="position:fixed;inset:0"><script>window.hurt = 3</script>
<img src="x" onerror="window.hurt=4" alt="a"><svg onload="window.hurt=5"><script>window.hurt=6</script></svg>
<a href="javascript:window.hurt=7" id="link">click</a><iframe srcdoc="<script>parent.hurt=8</script>"></iframe>
<form action="http://evil.invalid/"><button>send</button></form><object data="http://evil.invalid/o"></object>
<math><mtext><style><img src=x onerror="window.hurt=9"></style></mtext></math>
<p style="background:url(http://evil.invalid/p)" onclick="window.hurt=10">words</p></body></html>"""
)


def test_a_hostile_page_runs_nothing_and_asks_for_nothing(window, screen):
    """Even if the web's own checks had all failed: the page rebuilds what it knows, and drops the rest."""
    page = window.page
    code = "".join((STATIC / name).read_text(encoding="utf-8") for name in ("parts.js", "ask.js", "browser.js"))
    code = code.replace("export default { render };", "export { render, rebuilt };")
    left = page.evaluate(
        """async ([code, html]) => {
          const url = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
          const { rebuilt } = await import(url);
          const box = document.createElement("div");
          box.id = "hostile"; document.body.append(box);
          box.attachShadow({ mode: "open" }).append(...rebuilt(html));
          for (const node of box.shadowRoot.querySelectorAll("*")) node.click?.();
          await new Promise((done) => setTimeout(done, 500));
          const every = [...box.shadowRoot.querySelectorAll("*")];
          return { hurt: window.hurt ?? null, names: every.map((one) => one.localName),
                   keys: [...new Set(every.flatMap((one) => one.getAttributeNames()))],
                   css: box.shadowRoot.querySelector("style").textContent };
        }""",
        [code, HOSTILE],
    )
    assert left["hurt"] is None
    assert set(left["names"]) <= {"style", "div", "a", "img", "p"}
    assert set(left["keys"]) <= {"class", "alt"}
    assert SAFE in left["css"]
    assert "evil" not in left["css"] and not any("evil.invalid" in one for one in screen.requests)


def test_how_it_looks_and_that_it_is_open_to_all(window, screen):
    page, box = window.page, window.box

    window.press("Search")
    screen.assert_open_to_all("light, start")
    for control in box.locator("button:visible, select:visible, input:visible").all():
        assert control.bounding_box()["height"] >= 32
    screen.go_dark()
    page.set_viewport_size({"width": 1024, "height": 768})
    address = box.get_by_label("Address, or words to search for")
    address.fill("lumen integrity")
    window.until(lambda: address.press("Enter"))
    box.evaluate("(one) => one.scrollIntoView({ block: 'start' })")
    screen.shot("leave-search-1024-dark")
    screen.assert_open_to_all("dark, results")
    address.fill("ellerycourier.example")
    window.until(lambda: address.press("Enter"))
    screen.shot("leave-page-1024-dark")
    screen.assert_open_to_all("dark, page")
    window.press("Register")
    screen.assert_open_to_all("dark, register")
    _run(screen, 'lesson.watch("a")')
    watched = page.locator(BROWSER).filter(has=page.locator(".lt-guide"))
    watched.get_by_role("button", name="Next step").click()
    watched.get_by_text("Step 2 of 4", exact=False).wait_for()
    page.get_by_role("button", name="Next step").first.scroll_into_view_if_needed()
    screen.shot("leave-watch-1024-dark")
    screen.assert_open_to_all("dark, watch")
