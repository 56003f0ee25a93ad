"""The player under the hand: scrubbing without the kernel, keys, wipe, zoom, spoken labels."""

from __future__ import annotations

import json

import pytest

NOTEBOOK = "03-does-time-hold-together.ipynb"
GIRAFFE = 7  # cells to run until the giraffe and the first question are on screen

SCRUB = """async (host) => {
  const stage = host.stage;
  await stage.ready;
  const before = stage.drawn;
  const from = performance.now();
  let moves = 0;
  while (performance.now() - from < 3000) {
    stage.range.value = moves % stage.length;
    stage.range.dispatchEvent(new Event('input', { bubbles: true }));
    moves += 1;
    await new Promise(requestAnimationFrame);
  }
  return { frames: stage.drawn - before, seconds: (performance.now() - from) / 1000 };
}"""

HOST = "() => [...document.querySelectorAll('*')].find((one) => one.stage)"


def _frame(page) -> int:
    return page.evaluate(f"({HOST})().stage.frame")


def _told_the_kernel(screen) -> int:
    """How many messages of widgets went to the kernel since the list was cleared."""
    return sum(b"comm_msg" in (data if isinstance(data, bytes) else data.encode()) for data in screen.sent)


@pytest.fixture
def giraffe(screen):
    screen.sent = []
    screen.page.on("websocket", lambda socket: socket.on("framesent", lambda data: screen.sent.append(data)))
    screen.open(NOTEBOOK)
    screen.run(GIRAFFE)
    screen.page.wait_for_selector(".lt [data-ready=true], .lt[data-ready=true]")
    return screen


def test_scrubbing_reaches_fifty_frames_a_second_without_the_kernel(giraffe):
    page = giraffe.page
    page.wait_for_timeout(1000)
    giraffe.sent.clear()
    host = page.evaluate_handle(HOST)
    # another program can only slow it down, so the best of three counts
    rates = []
    while len(rates) < 3 and max(rates, default=0) < 50:
        measured = page.evaluate(SCRUB, host)
        rates.append(measured["frames"] / measured["seconds"])
    print(f"scrubbing: {max(rates):.0f} frames a second")
    assert max(rates) >= 50
    # What goes over the socket meanwhile is Jupyter's own keeping in touch, a handful at most; 150 frames were drawn.
    assert _told_the_kernel(giraffe) == 0
    # And the watch does see a widget that talks to its kernel.
    page.get_by_role("button", name="A hint, please").first.click()
    page.get_by_text("Hint 1:").wait_for()
    assert _told_the_kernel(giraffe) >= 1


def test_keys_play_step_zoom_and_stay_in_the_player(giraffe):
    page = giraffe.page
    canvas = page.locator(".lt canvas").first
    canvas.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert _frame(page) == 2
    page.keyboard.press("ArrowLeft")
    assert _frame(page) == 1
    page.keyboard.press("End")
    assert _frame(page) == 71
    page.keyboard.press("Home")
    page.keyboard.press("+")
    assert page.evaluate(f"({HOST})().stage.view.size") == 0.5
    page.keyboard.press("Shift+ArrowRight")
    assert page.evaluate(f"({HOST})().stage.view.x") == pytest.approx(0.35)
    page.keyboard.press("0")
    page.keyboard.press("Space")
    page.wait_for_timeout(600)
    page.keyboard.press("Space")
    stopped = _frame(page)
    assert stopped > 3
    page.wait_for_timeout(300)
    assert _frame(page) == stopped
    assert page.evaluate("document.activeElement.tagName") == "CANVAS"
    assert "giraffe" in canvas.get_attribute("aria-label").lower()
    page.get_by_role("slider", name="Frame").first.focus()
    page.keyboard.press("ArrowRight")
    assert _frame(page) == stopped + 1


def test_pause_and_play_before_the_next_repaint_leave_one_loop(giraffe):
    page = giraffe.page
    loops = page.evaluate(
        """async (host) => {
          const { stage } = host;
          await stage.ready;
          let asked = 0;
          const real = window.requestAnimationFrame;
          window.requestAnimationFrame = (act) => { asked += 1; return real.call(window, act); };
          for (let press = 0; press < 5; press += 1) stage.toggle();
          let frames = 0;
          while (frames < 2) { await new Promise((done) => real.call(window, done)); frames += 1; }
          asked = 0;
          while (frames < 12) { await new Promise((done) => real.call(window, done)); frames += 1; }
          window.requestAnimationFrame = real;
          stage.pause();
          return asked / 10;
        }""",
        page.evaluate_handle(HOST),
    )
    assert loops <= 1.2


def test_every_control_has_a_name_and_the_rest_of_the_accessibility_rules_hold(giraffe):
    """axe-core on the course's own elements, in a light and a dark lab; JupyterLab's own frame is not ours to mend."""
    page = giraffe.page
    cells = json.loads((giraffe.lab.notebooks / NOTEBOOK).read_text(encoding="utf-8"))["cells"]
    giraffe.run(len(cells))
    assert page.locator(".lt").count() >= 15
    for theme in ("light", "dark"):
        if theme == "dark":
            giraffe.go_dark()
        giraffe.assert_open_to_all(theme)


def test_wipe_shows_both_clips_on_one_canvas(screen):
    page = screen.page
    screen.open(NOTEBOOK)
    cells = json.loads((screen.lab.notebooks / NOTEBOOK).read_text(encoding="utf-8"))["cells"]
    number = next(i for i, cell in enumerate(cells, 1) if "".join(cell["source"]) == 'lesson.flicker("waves")')
    screen.run(number)
    chooser = page.get_by_label("Show the two").first
    chooser.select_option("wipe")
    page.get_by_label("Wipe", exact=True).fill("25")
    colours = page.evaluate(
        """async () => {
          const host = [...document.querySelectorAll('*')].find((one) => one.stage?.layout === 'wipe');
          await host.stage.ready;
          const context = host.stage.canvases[0].getContext('2d');
          const spread = (x) => { const [r, g, b] = context.getImageData(x, 500, 1, 1).data; return Math.abs(r - b); };
          return [spread(60), spread(560)];
        }"""
    )
    # The camera clip is black and white, the generated one is blue.
    assert colours[0] < 12 < colours[1]
    screen.shot("wipe-1280-light")
