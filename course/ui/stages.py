"""A picture in stages under one slider, with a line of words for each: how it goes from whole to gone.

The player does not serve here: it shows seconds and frame numbers, and what a learner needs to read at each stop is how
much of the picture is left.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import traitlets

from course.errors import InputError
from course.ui.look import View, static
from course.ui.player import jpegs

if TYPE_CHECKING:
    import numpy as np


class StagesView(View):
    """Shows the stages one at a time; the slider needs no kernel.

    Parameters
    ----------
    stages : ndarray of uint8, shape (T, H, W, 3)
        RGB.
    words : sequence of str
        What is to be said of each stage, T of them.
    alt : str
        What the first stage shows.
    label, name, caption, note : str
        Of the whole, of its slider, under the picture, and under it all.

    Raises
    ------
    ValueError
        There are not as many words as stages.
    """

    _esm = static("parts.js", "reel.js", "stages.js")

    setup = traitlets.Dict().tag(sync=True)
    pictures = traitlets.Bytes().tag(sync=True)

    def __init__(
        self, stages: np.ndarray, words: Sequence[str], alt: str, *, label: str, name: str, caption: str, note: str = ""
    ) -> None:
        if len(words) != len(stages):
            raise InputError(f"Each of the {len(stages)} stages needs its words; there are {len(words)}.")
        # Grain is what JPEG holds worst: at this quality nobody sees a difference, and 21 stages take under 2 MB.
        data, sizes = jpegs(stages, quality=80)
        super().__init__(
            setup={
                "label": label,
                "name": name,
                "caption": caption,
                "alt": alt,
                "words": list(words),
                "sizes": sizes,
                "height": stages.shape[1],
                "width": stages.shape[2],
                "note": note,
            },
            pictures=data,
        )
