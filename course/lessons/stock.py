"""The files of lesson 7, made anew on the learner's own machine: each is really signed, torn, copied or run out.

Their signers are made up, their authorities live in memory for as long as the kernel does, and no key touches the disk.
"""

from __future__ import annotations

import io
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib import import_module
from pathlib import Path

import numpy as np

from course import media, provenance
from course.provenance import Action, Authority, Ingredient, Known, ProvenanceError, Signer, Statement

PICTURES = {
    "swans": "red-dusk-stones",
    "clock": "oblique-clock",
    "lane": "old-lane-lamps",
    "bear": "ice-floe-bear",
    "rabbit": "spotted-rabbit",
    "brook": "rocky-brook",
    "car": "small-green-car",
    "peaks": "peaks-over-fog",
    "umbrellas": "umbrellas-night-street",
    "horse": "white-horse-track",
}
"""The submissions, and the items of the catalogue that they show."""

POSTER = {
    "canal": "canal-houses-dusk",
    "hedgehog": "hedgehog-confetti",
    "croissant": "croissant-board",
    "yellow car": "yellow-car",
}
"""What the poster is made of: the ground, and three pieces placed on it."""

AUTHORITIES = {
    "register": ("Picture Makers' Register", "vouches for photographers who have shown it their papers"),
    "gazette": ("Harbour Gazette", "a newspaper; it vouches for the people who work for it"),
    "stranger": ("Quist Photo Club", "somebody made it last night; all you know is its name"),
}
"""Title of each authority, and what is known of it."""

HOUSE = ("register", "gazette")
"""Whom the library trusts."""

_PLACES = ((16, 18), (262, 26), (252, 250))  # left, top of the pieces on the poster, in pixels
_SIDE = 118


@dataclass(frozen=True)
class Stock:
    """What was made.

    Attributes
    ----------
    authorities : dict of str to Authority
    files : dict of str to bytes
        The ten submissions by key.
    poster : bytes
        A picture made in three steps from four files.
    parts : dict of str to bytes
        Small JPEG pictures for the steps and pieces of the poster, by title.
    runs_out : datetime
        When the certificate behind "umbrellas" ends.
    """

    authorities: dict[str, Authority]
    files: dict[str, bytes]
    poster: bytes
    parts: dict[str, bytes]
    runs_out: datetime

    def trusted(self, names: Sequence[str] = HOUSE) -> tuple[str, ...]:
        """Certificates of these authorities."""
        return tuple(self.authorities[name].certificate for name in names)

    def known(self) -> dict[str, Known]:
        """The authorities one can choose to trust."""
        return {
            name: Known(title, words, self.authorities[name].certificate)
            for name, (title, words) in AUTHORITIES.items()
        }

    def wait(self) -> None:
        """Until the certificate that is meant to have run out has done so: a second, and mostly none."""
        time.sleep(max(0.0, (self.runs_out - datetime.now(UTC)).total_seconds() + 1.1))


@cache
def _making() -> Future[Stock]:
    return ThreadPoolExecutor(1).submit(_made)


def begin() -> None:
    """Begin to make the files while the learner reads."""
    _making()


def stock() -> Stock:
    """The files, made once for each kernel.

    Raises
    ------
    ProvenanceError
        If they cannot be made, for one because the clock of the computer jumps.
    """
    try:
        return _making().result()
    except ProvenanceError:
        _making.cache_clear()  # the next try begins anew
        raise


def jpeg(pixels: np.ndarray, quality: int = 90) -> bytes:
    """Pixels as a JPEG file without any notes.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (H, W, 3)
        RGB.
    """
    from PIL import Image

    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "JPEG", quality=quality)
    return out.getvalue()


def plain(name: str) -> bytes:
    """A picture of the course as a fresh JPEG file."""
    return jpeg(media.load(name).pixels)


def alt(key: str) -> str:
    """What is seen in a submission or on a part of the poster."""
    return media.catalogue()[{**PICTURES, **POSTER}[key]].alt


def _made() -> Stock:
    import_module("c2pa")
    authorities = {name: Authority.create(title) for name, (title, _) in AUTHORITIES.items()}

    def issue(name: str, authority: str, until: datetime | None = None) -> Signer:
        return authorities[authority].issue(name, AUTHORITIES[authority][0], valid_until=until)

    files = {key: plain(item) for key, item in PICTURES.items()}
    umbrellas, runs_out = _short_lived(files["umbrellas"], issue)
    ana, mia, cleo = (issue(name, "register") for name in ("Ana Brook", "Mia Sol", "Cleo Hart"))
    trust = tuple(authorities[name].certificate for name in HOUSE)
    swans = provenance.signed(files["swans"], _created("Two swans at dusk"), ana)
    made = {
        "swans": swans,
        "clock": files["clock"],
        "lane": provenance.signed(files["lane"], _created("An old lane with lamps"), issue("Bo Quist", "stranger")),
        "bear": provenance.signed(files["bear"], _created("White bear, last voyage"), issue("Dov Lark", "register")),
        "rabbit": provenance.flipped(provenance.signed(files["rabbit"], _created("Pirate, our rabbit"), mia)),
        "brook": provenance.saved_again(provenance.signed(files["brook"], _created("Brook over rocks"), cleo)),
        "car": provenance.signed(files["car"], _created("Calendar: May", "generated"), issue("Eli Marsh", "register")),
        "peaks": _edited_peaks(files["peaks"], issue("Ida Lund", "gazette"), issue("Jo Penn", "gazette"), trust),
        "umbrellas": umbrellas,
        "horse": provenance.moved(swans, files["horse"]),
    }
    signers = {
        "Ida Lund": issue("Ida Lund", "gazette"),
        "Jo Penn": issue("Jo Penn", "gazette"),
        "Ana Brook": ana,
        "Dreamer": issue("Dreamer Studio", "stranger"),
    }
    poster, parts = _poster(signers, trust)
    return Stock(authorities, made, poster, parts, runs_out)


def _created(title: str, source: str = "camera", tool: str = "Camera app") -> Statement:
    tool = "Dreamer" if source == "generated" else tool
    return Statement(title=title, actions=(Action("created", source=source),), tool=tool)


def _short_lived(data: bytes, issue) -> tuple[bytes, datetime]:
    """Signed in time, with a certificate that ends a second or two later (its dates hold whole seconds)."""
    for seconds in (2, 3, 5, 9):
        until = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=seconds)
        try:
            return provenance.signed(data, _created("Umbrellas at night"), issue("Kim Ode", "register", until)), until
        except ProvenanceError:
            if seconds == 9:  # not even a slow machine takes so long
                raise
    raise AssertionError  # pragma: no cover


def _edited_peaks(data: bytes, ida: Signer, jo: Signer, trust: tuple[str, ...]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        original = Path(folder, "peaks.jpg")
        original.write_bytes(provenance.signed(data, _created("Peaks over the fog"), ida))
        pixels = _pixels(data)[:300]
        brighter = np.clip(pixels.astype(np.float32) * 1.08, 0, 255).astype(np.uint8)
        done = (Action("opened"), Action("cropped"), Action("color_adjustments", words="a little brighter"))
        statement = Statement(
            title="Peaks over the fog, cut", actions=done, tool="Darkroom", ingredients=(Ingredient(original),)
        )
        return provenance.signed(jpeg(brighter), statement, jo, trust)


def _poster(signers: dict[str, Signer], trust: tuple[str, ...]) -> tuple[bytes, dict[str, bytes]]:
    """A photograph, cut and brightened, with three pieces placed on it: one of each of the other three states."""
    pixels = {name: media.load(item).pixels for name, item in POSTER.items()}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        camera, cut = folder / "canal.jpg", folder / "canal-cut.jpg"
        camera.write_bytes(provenance.signed(jpeg(pixels["canal"]), _created("Canal at dusk"), signers["Ida Lund"]))
        ground = pixels["canal"][:, 24:360]
        ground = np.clip(ground.astype(np.float32) * 1.12, 0, 255).astype(np.uint8)
        step = Statement(
            title="Canal, cut",
            actions=(Action("opened"), Action("cropped"), Action("color_adjustments", words="brighter")),
            tool="Darkroom",
            ingredients=(Ingredient(camera),),
        )
        ground = _wide(ground)
        cut.write_bytes(provenance.signed(jpeg(ground), step, signers["Jo Penn"], trust))
        pieces = {
            "hedgehog.jpg": provenance.signed(
                jpeg(pixels["hedgehog"]), _created("Hedgehog with a hat", "generated"), signers["Dreamer"]
            ),
            "snack.jpg": jpeg(pixels["croissant"]),
            "yellow-car.jpg": provenance.flipped(
                provenance.signed(jpeg(pixels["yellow car"]), _created("Yellow car"), signers["Ana Brook"])
            ),
        }
        for file, data in pieces.items():
            (folder / file).write_bytes(data)
        made = ground.copy()
        for (left, top), piece in zip(_PLACES, ("hedgehog", "croissant", "yellow car"), strict=True):
            made[top - 4 : top + _SIDE + 4, left - 4 : left + _SIDE + 4] = 255
            made[top : top + _SIDE, left : left + _SIDE] = _small(pixels[piece], _SIDE)
        last = Statement(
            title="Poster: summer fair",
            actions=(Action("opened"), Action("placed", words="a hedgehog, a snack and a car")),
            tool="Paste-o-mat",
            ingredients=(Ingredient(cut), *(Ingredient(folder / file, whole=False) for file in pieces)),
        )
        poster = provenance.signed(jpeg(made), last, signers["Jo Penn"], trust)
    shown = {
        "Canal at dusk": pixels["canal"],
        "Canal, cut": ground,
        "Hedgehog with a hat": pixels["hedgehog"],
        "snack.jpg": pixels["croissant"],
        "Yellow car": pixels["yellow car"],
        "yellow-car.jpg": pixels["yellow car"],
        "Poster: summer fair": made,
    }
    return poster, {title: jpeg(_small(one, 192)) for title, one in shown.items()}


def _pixels(data: bytes) -> np.ndarray:
    from PIL import Image

    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))


def _small(pixels: np.ndarray, side: int) -> np.ndarray:
    import cv2

    return cv2.resize(pixels, (side, side), interpolation=cv2.INTER_AREA)


def _wide(pixels: np.ndarray) -> np.ndarray:
    """As large as before, so that the pieces have their place."""
    import cv2

    return cv2.resize(pixels, (400, 400), interpolation=cv2.INTER_CUBIC)
