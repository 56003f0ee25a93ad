import base64
import re
from pathlib import Path

import cv2
import numpy as np
import pytest

from course import ui
from course.ui.look import static

STATIC = Path(ui.__file__).parent / "static"


def test_a_figure_is_drawn_for_both_themes_with_its_words():
    page = ui.figure(lambda fig: fig.subplots().plot([0, 1]), 'A line "up" <to> 1.', caption="It & it.")
    markup = page._repr_html_()
    assert markup.count('alt="A line &quot;up&quot; &lt;to&gt; 1."') == 2
    assert "It &amp; it." in markup
    pictures = [
        cv2.imdecode(np.frombuffer(base64.b64decode(data), np.uint8), cv2.IMREAD_UNCHANGED)
        for data in re.findall(r"base64,([^\"]+)", markup)
    ]
    assert [picture.shape[2] for picture in pictures] == [4, 4]
    light, dark = (picture[picture[..., 3] > 250][:, :3].mean() for picture in pictures)
    assert light + 30 < dark  # dark ink on a light page, light ink on a dark one
    assert repr(page) == 'A line "up" <to> 1.'


def test_a_figure_without_words_is_refused():
    with pytest.raises(ValueError, match="text alternative"):
        ui.figure(lambda fig: None, " ")


def test_drawing_leaves_no_figure_open_and_no_style_behind():
    import matplotlib

    before = dict(matplotlib.rcParams)
    ui.figure(lambda fig: fig.subplots().plot([0, 1]), "A line.")
    assert dict(matplotlib.rcParams) == before
    from matplotlib import _pylab_helpers

    assert _pylab_helpers.Gcf.get_num_fig_managers() == 0


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("colour", [ui.CAMERA, ui.GENERATED])
@pytest.mark.parametrize("ground", ["#ffffff", "#111111"])
def test_series_colours_stand_out_on_both_grounds(colour, ground):
    high, low = sorted((_luminance(colour), _luminance(ground)), reverse=True)
    assert (high + 0.05) / (low + 0.05) >= 3  # WCAG 2.1, 1.4.11


@pytest.mark.parametrize("view", sorted(path.name for path in STATIC.glob("*.js") if path.name != "parts.js"))
def test_scripts_load_nothing_and_write_no_markup(view):
    script = static("parts.js", view)
    assert "innerHTML" not in script and "eval(" not in script
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", script)
    assert not re.search(r"\bimport\b.*\bfrom\b|\bfetch\(", script)
    if "function render(" in script:  # the others stand in front of a view
        assert script.rstrip().endswith("export default { render };")
