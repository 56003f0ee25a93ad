"""The probe under the hand: sliders by keyboard and mouse, how soon the picture follows, and files of one's own."""

from __future__ import annotations

import json

import cv2
import numpy as np
import pytest

from course import media

STILL, CLIP = "rotary-telephone", "wave-below"
PROBE = ".lt[aria-label='Probe']"
HOST = "() => [...document.querySelectorAll('*')].find((one) => one.probe)"

# The strip needs camera values to show; a few are worked out here, whatever is on the disk.
CELL = f"""from dataclasses import replace
from course import forensics, media, ui
from course.lessons import gauges
stills = media.catalogue().where(kind="still", origin="camera", purpose="parity")[:40]
null = tuple(forensics.error_level_analysis(media.load(one).pixels).value for one in stills)
first, *others = gauges.gauges()
ui.ProbeView(ui.Probe({{"A telephone": "{STILL}", "Water": "{CLIP}"}}, [replace(first, null=null), *others]))"""

# What a hand does that drags: an input event every 16 ms for two seconds, from one end to the other and back.
DRAG = """async ([host, name]) => {
  const range = [...host.querySelectorAll('input[type=range]')].find((one) => one.labels[0]?.textContent === name);
  const [low, high, step] = [Number(range.min), Number(range.max), Number(range.step)];
  const stops = Math.round((high - low) / step);
  const before = { ...host.probe, times: host.probe.times.length, kernel: host.probe.kernel.length };
  let moves = 0;
  const from = performance.now();
  while (performance.now() - from < 2000) {
    const at = moves % (2 * stops);
    range.value = low + step * (at < stops ? at : 2 * stops - at);
    range.dispatchEvent(new Event('input', { bubbles: true }));
    moves += 1;
    await new Promise((resolve) => setTimeout(resolve, 16));
  }
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const { sent, times, kernel } = host.probe;
  return {
    moves, sent: sent - before.sent, times: times.slice(before.times), kernel: kernel.slice(before.kernel),
    last: range.value,
  };
}"""

# Looks at the right-hand picture at every repaint: how often it was empty, and where its lower edge was.
WATCH = """(host) => {
  const [, canvas] = host.querySelectorAll('canvas');
  host.seen = { empty: 0, frames: 0, edges: new Set() };
  const look = () => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    host.seen.frames += 1;
    if (!data.some((value, i) => i % 4 === 3 && value)) host.seen.empty += 1;
    host.seen.edges.add(Math.round(canvas.getBoundingClientRect().bottom - host.getBoundingClientRect().top));
    if (host.seen) host.looking = requestAnimationFrame(look);
  };
  look();
}"""


@pytest.fixture
def probe(screen, request):
    """The probe in a scratch notebook, with its first answer on the screen."""
    title = {"cell_type": "markdown", "id": "title", "metadata": {}, "source": "# A probe"}
    code = {"cell_type": "code", "id": "probe", "metadata": {}, "source": CELL, "outputs": [], "execution_count": None}
    kernel = {"kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}}
    notebook = {"cells": [title, code], "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}
    # Each test has a kernel of its own.
    name = f"{request.node.name.removeprefix('test_')}.ipynb"
    (screen.lab.notebooks / name).write_text(json.dumps(notebook), encoding="utf-8")
    screen.open(name)
    screen.run(len(notebook["cells"]))
    screen.page.wait_for_function(f"({HOST})()?.probe.drawn > 0")
    screen.page.locator(PROBE).scroll_into_view_if_needed()
    return screen


def _drawn(page) -> int:
    return page.evaluate(f"({HOST})().probe.drawn")


def _until_drawn(page, before: int) -> None:
    # Asked now and then: to ask at each repaint, as is usual, takes time from what is timed.
    page.wait_for_function(f"({HOST})().probe.drawn > {before}", polling=40)


def _choose(page, label: str, option: str) -> None:
    before = _drawn(page)
    page.get_by_label(label, exact=True).select_option(label=option)
    _until_drawn(page, before)


def _number(page) -> str:
    return page.locator(".lt-number strong").inner_text()


def _upload(page, name: str, data: bytes) -> None:
    file = {"name": name, "mimeType": "application/octet-stream", "buffer": data}
    page.get_by_label("Choose a picture or a clip of your own").set_input_files(file)


def _photograph(height: int, width: int) -> bytes:
    """A JPEG with the texture of the pack's pictures, of any size."""
    stills = [media.load(item).pixels for item in media.catalogue().where(kind="still", origin="camera")[:6]]
    rows, columns = -(-height // 384), -(-width // 384)
    tiles = [np.hstack([stills[(row * columns + n) % 6] for n in range(columns)]) for row in range(rows)]
    pixels = np.ascontiguousarray(np.vstack(tiles)[:height, :width, ::-1])
    return cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, 95])[1].tobytes()


def _drag(page, title: str, slider: str) -> dict:
    _choose(page, "Measurement", title)
    result = page.evaluate(DRAG, [page.evaluate_handle(HOST), slider])
    times = np.array(result["times"])
    result["median"], result["p95"] = float(np.median(times)), float(np.percentile(times, 95))
    print(
        f"{title}: {result['moves']} moves, {result['sent']} asked, {len(times)} drawn, "
        f"median {result['median']:.0f} ms, p95 {result['p95']:.0f} ms, "
        f"of it {np.median(result['kernel']):.0f} ms in the kernel"
    )
    return result


SLIDERS = {
    "Error levels": "Quality of the saving",
    "JPEG ghosts": "Quality of the saving",
    "Blocking grid": "Look around each place",
    "Noise map": "Side of a block",
    "Grain": "Drawn stronger",
    "Change of size": "How far off counts as foretold",
    "Lattice of the sensor": "Side of a block",
    "Sharpness": "Drawn stronger",
}


def test_each_step_of_a_slider_is_seen_at_once(probe):
    page = probe.page
    steps = {}
    for title, name in SLIDERS.items():
        if title != page.get_by_label("Measurement", exact=True).locator("option:checked").inner_text():
            _choose(page, "Measurement", title)
        slider = page.get_by_role("slider", name=name)
        slider.focus()
        slider.press("PageDown")
        page.wait_for_timeout(600)
        first = page.evaluate(f"({HOST})().probe.times.length")
        for key in ["ArrowRight"] * 10 + ["ArrowLeft"] * 10:
            before, value = _drawn(page), slider.input_value()
            page.keyboard.press(key)
            if slider.input_value() != value:
                _until_drawn(page, before)
        steps[title] = np.array(page.evaluate(f"({HOST})().probe.times.slice({first})"))
        assert len(steps[title]) >= 6, title
    for title, times in steps.items():
        print(f"{title}: {len(times)} steps, median {np.median(times):.0f} ms, p95 {np.percentile(times, 95):.0f} ms")
    every = np.concatenate(list(steps.values()))
    print(f"all of them: median {np.median(every):.0f} ms, p95 {np.percentile(every, 95):.0f} ms")
    # The bar is 80 ms (95 of 100: 150 ms) on a machine with nothing else to do; here it must hold on a busy one.
    assert np.median(every) < 250


def test_the_picture_follows_a_hurried_hand(probe):
    page = probe.page
    _upload(page, "mosaic.jpg", _photograph(720, 1280))
    page.wait_for_function("document.querySelector('.lt-choose select').value === 'Your own file'")
    for title in ("Error levels", "JPEG ghosts", "Noise map", "Sharpness"):
        result = _drag(page, title, SLIDERS[title])
        # A drag over a large picture, in a browser that draws without a graphics card, on a machine that may be busy.
        assert result["median"] < 400, title
        # One at a time, and only the newest: under fast dragging most of what waited was never asked.
        assert len(result["times"]) <= result["sent"] <= result["moves"]
        assert result["sent"] - len(result["times"]) <= 1
        # What is on the screen at the end is what the slider says at the end.
        shown = page.evaluate(f"({HOST})().probe.shown.parameters")
        assert float(result["last"]) in shown.values(), title


def test_by_keyboard_step_by_step(probe):
    page = probe.page
    slider = page.get_by_role("slider", name="Quality of the saving")
    slider.focus()
    numbers = []
    for key in ("Home", *["ArrowRight"] * 12, "End"):
        before = _drawn(page)
        page.keyboard.press(key)
        _until_drawn(page, before)
        numbers.append(float(_number(page)))
        assert page.evaluate("document.activeElement.type") == "range"
    assert slider.input_value() == "98" and slider.get_attribute("aria-valuetext") == "98"
    assert numbers[0] > 2 * numbers[-1]  # a coarse saving changes more than a fine one
    # Once the keys rest, it is said: in the live region and as the text alternative.
    said = page.locator(f"{PROBE} [aria-live=polite]")
    said.get_by_text(f"Error levels: {_number(page)} grey levels").wait_for(state="attached")
    alternative = page.locator(f"{PROBE} canvas").nth(1).get_attribute("aria-label")
    assert f"Error levels: {_number(page)} grey levels" in alternative
    assert media.catalogue()[STILL].alt in alternative
    # The whole of it can be reached by Tab alone.
    page.get_by_label("Picture", exact=True).focus()
    names = []
    for _ in range(9):
        names.append(
            page.evaluate("document.activeElement.labels?.[0]?.textContent ?? document.activeElement.textContent")
        )
        page.keyboard.press("Tab")
    assert names[:5] == ["Picture", "Measurement", "Open a file of your own", "Quality of the saving", "Drawn stronger"]
    assert names[5:8] == ["Lay it over the picture", "Back to the start", "What else moves this number"]


def test_by_mouse_nothing_flickers_and_nothing_jumps(probe):
    page = probe.page
    page.wait_for_timeout(500)
    host = page.evaluate_handle(HOST)
    page.evaluate(WATCH, host)
    slider = page.get_by_role("slider", name="Drawn stronger")
    box = slider.bounding_box()
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 0.4, y)
    page.mouse.down()
    for share in np.r_[np.linspace(0.4, 0.98, 40), np.linspace(0.98, 0.05, 60)]:
        page.mouse.move(box["x"] + box["width"] * share, y)
        page.wait_for_timeout(12)
    page.mouse.up()
    page.wait_for_timeout(800)
    seen = page.evaluate("(host) => ({ ...host.seen, edges: [...host.seen.edges] })", host)
    page.evaluate("(host) => cancelAnimationFrame(host.looking)", host)
    assert seen["frames"] > 50
    assert seen["empty"] == 0
    assert len(seen["edges"]) == 1
    assert page.evaluate(f"({HOST})().probe.drawn") > 10


def test_a_file_of_ones_own_good_and_bad(probe):
    page = probe.page
    trouble = page.locator(f"{PROBE} [role=alert]")
    before = _number(page)
    _upload(page, "holiday.jpg", b"not a picture at all " * 50)
    trouble.get_by_text("your file").wait_for()
    assert _number(page) == before  # what was there is still there
    assert page.get_by_label("Picture", exact=True).input_value() == "A telephone"
    _upload(page, "empty.jpg", b"")
    trouble.get_by_text("is empty").wait_for()

    # More than one message of 10 million bytes could carry, and more than is measured at once.
    large = _photograph(2400, 3600)
    large += b"\0" * (12_000_000 - len(large))
    drawn = _drawn(page)
    _upload(page, "../../etc/passwd", large)
    page.wait_for_function("document.querySelector('.lt-choose select').value === 'Your own file'", timeout=60_000)
    _until_drawn(page, drawn)
    page.get_by_text("You see a part, 1400 × 928 of 3600 × 2400 pixels").wait_for()
    assert trouble.is_hidden()
    drawn = _drawn(page)
    page.get_by_role("slider", name="Part, from left to right").focus()
    page.keyboard.press("End")
    _until_drawn(page, drawn)
    assert page.get_by_text("Traceback").count() == 0


# A hand that is quicker than the kernel: slider, measurement and the old slider again, in one breath.
HURRY = """(host) => {
  const range = host.querySelector('input[type=range]:not([max="100"])');
  const [, gauge] = host.querySelectorAll('select');
  const turn = (to) => { range.value = to; range.dispatchEvent(new Event('input', { bubbles: true })); };
  turn(60);
  turn(70);
  gauge.value = 'noise_map';
  gauge.dispatchEvent(new Event('change', { bubbles: true }));
  turn(80);
}"""


def test_a_hurried_hand_gets_what_it_chose_last(probe):
    page = probe.page
    page.evaluate(HURRY, page.evaluate_handle(HOST))
    page.wait_for_function(f"({HOST})().probe.shown.gauge === 'noise_map'")
    page.wait_for_timeout(500)
    assert page.locator(f"{PROBE} [role=alert]").is_hidden()
    assert page.get_by_role("slider", name="Side of a block").input_value() == "16"
    assert "grain" in page.locator(f"{PROBE} .lt-words").inner_text()


def test_what_follows_time_and_what_waits_for_its_button(probe):
    page = probe.page
    _choose(page, "Measurement", "Motion")
    page.locator(f"{PROBE} [role=alert]").get_by_text("Choose a clip").wait_for()
    _choose(page, "Picture", "Water")
    frames = page.get_by_role("slider", name="Frames")
    assert frames.get_attribute("aria-valuetext") == "1 and 2 of 24"
    frames.focus()
    drawn = _drawn(page)
    page.keyboard.press("ArrowRight")
    _until_drawn(page, drawn)
    assert frames.get_attribute("aria-valuetext") == "2 and 3 of 24"
    _drag(page, "Motion", "Full colour at")
    _choose(page, "Measurement", "Flicker")
    assert _number(page) == "–"
    drawn = _drawn(page)
    page.get_by_role("button", name="Measure", exact=True).click()
    _until_drawn(page, drawn)
    assert float(_number(page)) > 0
    page.get_by_role("img", name="Flicker from frame to frame").wait_for()


def test_how_it_looks_and_that_it_is_open_to_all(probe):
    page = probe.page

    def shoot(name: str) -> None:
        page.locator(PROBE).evaluate("(one) => one.scrollIntoView({ block: 'start' })")
        probe.shot(name)

    shoot("probe-1280-light")
    probe.assert_open_to_all("light")
    for canvas in page.locator(f"{PROBE} canvas").all():
        assert canvas.bounding_box()["width"] >= 320
    probe.go_dark()
    page.set_viewport_size({"width": 1024, "height": 768})
    _choose(page, "Picture", "Water")
    _choose(page, "Measurement", "Coarse and fine waves")
    shoot("probe-1024-dark-waves")
    probe.assert_open_to_all("dark")
    _choose(page, "Measurement", "Noise map")
    pressed = page.get_by_role("button", name="Lay it over the picture")
    if pressed.get_attribute("aria-pressed") == "false":
        pressed.click()
    page.get_by_role("slider", name="Blend").fill("70")
    shoot("probe-1024-dark")
    probe.assert_open_to_all("dark")
    for canvas in page.locator(f"{PROBE} canvas:visible").all():
        assert canvas.bounding_box()["width"] >= 320
