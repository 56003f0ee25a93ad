"""What the course shows is what a browser shows, and it stays so when the notes of a file are taken out.

Each file of ``tests/media/shown_files.py`` is drawn by Chromium and asked for its size and the colours in its corners.
HEIC and TIFF Chromium does not show: `tests/media/test_orientation.py` asks other readers about those.
"""

from __future__ import annotations

import base64

import numpy as np
import pytest

from course import media
from course.provenance import ProvenanceError, stripped

TYPES = {
    "jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "gif": "image/gif",
    "avif": "image/avif",
    "mp4": "video/mp4",
    "mov": "video/mp4",
    "webm": "video/webm",
}

DRAWN = """async ([content, type]) => {
  const bytes = Uint8Array.from(atob(content), (one) => one.charCodeAt(0));
  const address = URL.createObjectURL(new Blob([bytes], { type }));
  const draw = (source, width, height) => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [width, height];
    const context = canvas.getContext('2d');
    context.fillStyle = 'white';
    context.fillRect(0, 0, width, height);
    context.drawImage(source, 0, 0, width, height);
    const [left, top] = [Math.floor(width / 8), Math.floor(height / 8)];
    return [top, height - 1 - top].map((y) =>
      [left, width - 1 - left].map((x) => [...context.getImageData(x, y, 1, 1).data]));
  };
  try {
    if (type.startsWith('video')) {
      const video = document.createElement('video');
      document.body.replaceChildren(video);
      await new Promise((done, failed) => {
        video.onloadeddata = done;
        video.onerror = () => failed(new Error(video.error.message));
        video.preload = 'auto';
        video.muted = true;
        video.src = address;
      });
      const { videoWidth: width, videoHeight: height } = video;
      let corners = draw(video, width, height);
      // A frame that is there can still be on its way to the canvas, which stays white until then.
      for (let tries = 0; tries < 200 && corners[0][0][1] === 255; tries += 1) {
        await new Promise((done) => setTimeout(done, 25));
        corners = draw(video, width, height);
      }
      return { size: [width, height], corners };
    }
    const image = document.createElement('img');
    image.src = address;
    document.body.replaceChildren(image);
    await image.decode();
    const { naturalWidth: width, naturalHeight: height } = image;
    return { size: [width, height], corners: draw(image, width, height) };
  } finally { URL.revokeObjectURL(address); }
}"""

STEPS = """async ([content, type]) => {
  const data = Uint8Array.from(atob(content), (one) => one.charCodeAt(0));
  const decoder = new ImageDecoder({ data, type });
  await decoder.tracks.ready;
  await decoder.completed;
  const steps = [];
  for (let frameIndex = 0; frameIndex < decoder.tracks.selectedTrack.frameCount; frameIndex += 1) {
    const { image } = await decoder.decode({ frameIndex });
    const canvas = document.createElement('canvas');
    const [width, height] = [canvas.width, canvas.height] = [image.displayWidth, image.displayHeight];
    const context = canvas.getContext('2d');
    context.fillStyle = 'white';
    context.fillRect(0, 0, width, height);
    context.drawImage(image, 0, 0);
    steps.push({ size: [width, height], pixels: [...context.getImageData(0, 0, width, height).data] });
  }
  return steps;
}"""


@pytest.fixture
def page(chromium):
    """An empty page of this computer, which is where a browser lets a page decode pictures step by step."""
    page = chromium.new_page()
    page.route("http://localhost/", lambda route: route.fulfill(body="<!doctype html>", content_type="text/html"))
    page.goto("http://localhost/")
    yield page
    page.close()


def _sent(name, data):
    return [base64.b64encode(data).decode(), TYPES[name.rpartition(".")[2]]]


def _first_frame(path):
    shown = media.open_file(path)
    return shown.pixels if isinstance(shown, media.Still) else shown.frames[0]


def test_the_course_shows_every_file_as_the_browser_does_with_its_notes_and_without(page, shown_files, tmp_path):
    def in_browser(name, data):
        drawn = page.evaluate(DRAWN, _sent(name, data))
        return tuple(drawn["size"]), [[shown_files.colour(one) for one in row] for row in drawn["corners"]]

    def in_course(name, data):
        path = tmp_path / name
        path.write_bytes(data)
        pixels = _first_frame(path)
        return pixels.shape[1::-1], shown_files.corners(pixels)

    wrong = {}
    for file in shown_files.everything():
        if not file.browser:
            continue
        found = {"browser": in_browser(file.name, file.data), "course": in_course(file.name, file.data)}
        try:
            bare = stripped(file.data)
        except ProvenanceError:
            assert file.name.endswith((".gif", ".avif")) or file.name == "stray-bytes.jpg"
        else:
            found |= {"browser, bare": in_browser(file.name, bare), "course, bare": in_course(file.name, bare)}
        different = {where: one for where, one in found.items() if one != (file.shape, file.corners)}
        if different:
            wrong[file.name] = different
    assert wrong == {}


def test_every_step_of_an_animation_is_the_same(page, shown_files, tmp_path):
    wrong = []
    for file in shown_files.animations():
        (tmp_path / file.name).write_bytes(file.data)
        ours = media.open_file(tmp_path / file.name).frames
        steps = page.evaluate(STEPS, _sent(file.name, file.data))
        theirs = [np.reshape(one["pixels"], (*one["size"][::-1], 4))[..., :3] for one in steps]
        if not np.array_equal(ours, theirs):
            wrong.append(file.name)
    assert wrong == []
