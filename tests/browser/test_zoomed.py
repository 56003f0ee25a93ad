"""At 200 % a picture of numbers can still be read: its text keeps its size, and it rolls sideways in its own place."""

from __future__ import annotations

import json

import pytest

LEAST = 11
"""CSS pixels of the smallest text in a figure or chart."""

SMALLEST = 9 / 72 * 1.3 * 72
"""The smallest text of a figure has 9 points; an inch of a figure is 1.3 x 72 CSS pixels wide where it has the room."""

DRAWN = """(smallest) => {
  const shown = (one) => one.getBoundingClientRect().width > 0;
  const figures = [...document.querySelectorAll('.lt .lt-figure img')].filter(shown).map((one) => ({
    what: one.alt, text: (smallest * one.getBoundingClientRect().width) / parseFloat(one.style.width),
  }));
  const charts = [...document.querySelectorAll('.lt svg[role=img]')].filter(shown).flatMap((one) =>
    [...one.querySelectorAll('text')].map((text) => ({
      what: `${one.getAttribute('aria-label')}: ${text.textContent}`,
      text: parseFloat(getComputedStyle(text).fontSize) * one.getScreenCTM().a,
    })));
  return [...figures, ...charts];
}"""


@pytest.mark.parametrize("number", ["01", "05", "09"])
def test_text_in_figures_keeps_its_size(screen, number):
    page = screen.page
    notebook = next(screen.lab.notebooks.glob(f"{number}-*.ipynb"))
    screen.open(notebook.name)
    screen.run(len(json.loads(notebook.read_text(encoding="utf-8"))["cells"]))
    page.set_viewport_size({"width": 640, "height": 400})  # what is left of 1280 x 800 at 200 %
    page.wait_for_timeout(1000)
    found = page.evaluate(DRAWN, SMALLEST)
    assert found and {one["what"]: one["text"] for one in found if one["text"] < LEAST} == {}
    beyond = "(all) => all.filter((one) => one.clientWidth > one.closest('.lt').clientWidth).length"
    assert page.locator(".lt-roll").evaluate_all(beyond) == 0, "none is wider than its place"
    screen.assert_open_to_all("at 200 %")
    # What is too wide for its place can be had by keys, which stay in it.
    wide = page.locator(".lt-roll[tabindex]").filter(visible=True).last
    wide.scroll_into_view_if_needed()
    screen.shot(f"zoomed-{number}")
    wide.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(400)
    assert wide.evaluate("(one) => [one.scrollLeft > 0, document.activeElement === one || one.matches(':focus')]") == [
        True,
        True,
    ]
