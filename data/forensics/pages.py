"""Write a page for each measurement, from its docstring, with a figure.

    uv run python data/forensics/pages.py          # writes docs/measurements/, a minute or so
    uv run python data/forensics/pages.py --check  # says which page's text differs, writes nothing

The words are those of `course.forensics`: to change a page, change the docstring. What a page adds is one example,
which is measured anew (``examples.py``), and where the value lies among the pictures of the pack (``null.json``). No
picture of a form of the blind trial is shown.
"""

from __future__ import annotations

import argparse
import inspect
import json
import math
import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from examples import EXAMPLES
from figures import Example, figure, plain

from course import forensics, judgement

HERE = Path(__file__).resolve().parent
PAGES = HERE.parents[1] / "docs" / "measurements"


@dataclass(frozen=True, kw_only=True)
class Topic:
    """A page to be written.

    Attributes
    ----------
    title : str
    group : str
        Under which heading of the list it stands.
    fails : tuple of str
        How the sentences of the docstring begin that say where the measurement fails.
    """

    title: str
    group: str
    fails: tuple[str, ...] = ()


SAVING, GRAIN, WAVES = "Saving and blocks", "Grain and sensors", "Waves and sizes"
COPIES, TIME, LIGHT = "Copies, marks and likeness", "Time and motion", "Light and lines"
PLAIN = "Plain numbers"

TOPICS: dict[str, Topic] = {
    "error_level_analysis": Topic(
        title="Error level analysis",
        group=SAVING,
        fails=("What was saved before at about", "So does everything that JPEG", "Only where like is brighter"),
    ),
    "jpeg_ghosts": Topic(title="JPEG ghosts", group=SAVING, fails=("The blocks must lie as they lay",)),
    "blocking_grid": Topic(title="Blocking grid", group=SAVING),
    "zero_grid": Topic(title="Grid of zeros (ZERO)", group=SAVING),
    "double_quantisation": Topic(
        title="Double quantisation",
        group=SAVING,
        fails=("Where one step is a whole multiple", "A picture that was saved once at q1"),
    ),
    "noise_map": Topic(
        title="Noise map",
        group=GRAIN,
        fails=("What was pasted from elsewhere", "So does each surface of an ordinary scene"),
    ),
    "noise_residual": Topic(title="Noise residual", group=GRAIN),
    "sensor_pattern": Topic(title="Sensor pattern", group=GRAIN, fails=("A scene that stands still in all",)),
    "peak_to_correlation_energy": Topic(
        title="Peak to correlation energy",
        group=GRAIN,
        fails=("There is no threshold here", "The 60 one often reads about", "So measure many pictures"),
    ),
    "colour_filter_array": Topic(
        title="Colour filter array",
        group=GRAIN,
        fails=("Without a lattice the value is near 0", "JPEG wears it down"),
    ),
    "chromatic_aberration": Topic(
        title="Chromatic aberration",
        group=GRAIN,
        fails=("Cameras correct much of this", "Take it for physics"),
    ),
    "resampling_map": Topic(
        title="Resampling map",
        group=WAVES,
        fails=("JPEG and video codecs have a rhythm", "Peaks at multiples of 1/8"),
    ),
    "radial_power_spectrum": Topic(
        title="Radial power spectrum", group=WAVES, fails=("Generators that enlarge small pictures",)
    ),
    "spectrum_peaks": Topic(title="Spectrum peaks", group=WAVES, fails=("A change of size moves the peaks",)),
    "find_copies": Topic(
        title="Copies inside a picture",
        group=COPIES,
        fails=("Pictures of more than 400,000 pixels", "An answer of 0 does not mean", "Mirrored copies are not"),
    ),
    "perceptual_hash": Topic(title="Perceptual hash", group=COPIES),
    "hash_distance": Topic(title="Distance of two hashes", group=COPIES),
    "structural_similarity": Topic(title="Structural similarity (SSIM)", group=COPIES),
    "embed_mark": Topic(title="Writing a hidden mark", group=COPIES),
    "read_mark": Topic(title="Reading a hidden mark", group=COPIES, fails=("A mark that was turned by a degree",)),
    "optical_flow": Topic(title="Optical flow", group=TIME),
    "flicker": Topic(
        title="Flicker",
        group=TIME,
        fails=("Where the whole picture moves", "It counts the light of the still quarter"),
    ),
    "second_order_motion": Topic(
        title="Second-order motion", group=TIME, fails=("This is a toy", "It takes the calm of a slow pan")
    ),
    "sharpness_over_time": Topic(title="Sharpness over time", group=TIME, fails=("So does a lens that focuses",)),
    "drift": Topic(title="Drift from the first frame", group=TIME, fails=("It rises when the camera",)),
    "fit_trajectory": Topic(title="Fit of a flight", group=TIME, fails=("It knows scatter, and not that",)),
    "fit_approach": Topic(
        title="Fit of a flight towards the camera", group=TIME, fails=("It knows nothing of a camera that is tilted",)
    ),
    "light_from_shadows": Topic(
        title="Light from shadows", group=LIGHT, fails=("Agreement proves little where the lines",)
    ),
    "vanishing_point": Topic(title="Vanishing point", group=LIGHT, fails=("Long segments, far apart, say the most",)),
    "blockiness": Topic(title="Blockiness", group=PLAIN),
    "corner_text": Topic(
        title="Corner text", group=PLAIN, fails=("It reads nothing", "In a single picture all edges count")
    ),
    "high_frequency_share": Topic(title="High-frequency share", group=PLAIN),
    "mean_luma": Topic(title="Mean luma", group=PLAIN),
    "noise_level": Topic(title="Noise level", group=PLAIN),
    "saturation": Topic(title="Saturation", group=PLAIN),
    "sharpness": Topic(title="Sharpness", group=PLAIN),
}


# from docstring to Markdown

MOVED = "What else moves it: "  # how the plain numbers, which have no result to hold them, name their confounders


def _sections(docstring: str) -> dict[str, str]:
    """The parts of a docstring in numpy style by heading; what comes first is under the empty one."""
    parts = re.split(r"^(\w[\w ]*)\n-{3,}\n", docstring, flags=re.MULTILINE)
    return {"": parts[0].strip("\n")} | {
        name: text.strip("\n") for name, text in zip(parts[1::2], parts[2::2], strict=True)
    }


def _entries(section: str) -> list[tuple[str, str, str]]:
    """Name, type and words of each entry of a list of parameters or attributes."""
    found = re.split(r"^(?=\S)", section, flags=re.MULTILINE)
    entries = []
    for entry in filter(str.strip, found):
        head, _, words = entry.partition("\n")
        name, _, kind = head.partition(" : ")
        entries.append((name.strip(), kind.strip(), _prose(" ".join(textwrap.dedent(words).split()))))
    return entries


def _prose(words: str) -> str:
    """A paragraph as Markdown: code is marked as code, and a star is a star."""
    parts = re.split(r"(``.+?``|`[^`]+`)", words)
    shown = [
        f"`{part.strip('`')}`" if n % 2 else re.sub(r"([*]|<(?=[\w/]))", r"\\\1", part) for n, part in enumerate(parts)
    ]
    return "".join(shown)


def _blocks(text: str, literal: bool) -> Iterator[tuple[str, bool]]:
    """Paragraphs and literal blocks; True marks the literal ones. `literal`: what comes first may be one."""
    base = 0
    for paragraph in re.split(r"\n\s*\n", text.strip("\n")):
        depth = len(paragraph) - len(paragraph.lstrip(" "))
        first = min(len(line) - len(line.lstrip(" ")) for line in paragraph.split("\n"))
        if literal and first > base:
            yield paragraph, True
            continue
        # In a list the words of an item stand deeper than its number.
        items = re.split(r"\n(?=\d\. )", paragraph)
        for item in items:
            base = 3 if re.match(r"\d\. ", item) else depth
            yield item, False
        literal = paragraph.endswith("::")


def _sentences(paragraph: str) -> list[str]:
    return re.split(r"(?<=[.!?)])(?<!et al\.)\s+(?=[A-Z`(])", " ".join(paragraph.split()))


def described(name: str) -> tuple[str, str, list[str]]:
    """First sentence, body in Markdown, and what was taken out of the body: where the measurement fails.

    Raises
    ------
    ValueError
        If the docstring has no sentence that begins as ``TOPICS`` says.
    """
    sections = _sections(inspect.getdoc(getattr(forensics, name)) or "")
    summary, _, body = sections[""].partition("\n\n")
    wanted = TOPICS[name].fails
    taken: dict[str, str] = {}

    def kept(paragraph: str) -> str:
        stay = []
        for sentence in _sentences(paragraph):
            start = next((start for start in wanted if sentence.startswith(start)), None)
            if sentence.startswith(MOVED):
                continue
            if start is None:
                stay.append(sentence)
            else:
                taken[start] = _prose(sentence)
        return " ".join(stay)

    lines: list[str] = []
    indent = ""
    for block, literal in _blocks(body, summary.endswith("::")):
        if literal:
            code = textwrap.indent(textwrap.dedent(block), indent)
            lines += [f"{indent}```text\n{code}\n{indent}```", ""]
            continue
        # What belongs to an item of a list stands as deep as its words.
        item = re.match(r"\d\. ", block) is not None
        indent = "   " if item or (indent and block.startswith(" ")) else ""
        if words := kept(block):
            words = re.sub(r"[, ]*::$", ":", words)
            lines += [_prose(words) if item else indent + _prose(words), ""]
    if "Notes" in sections and (rest := kept(sections["Notes"])):
        lines += [_prose(rest), ""]
    missing = [start for start in wanted if start not in taken]
    if missing:
        raise ValueError(f"The docstring of {name} has no sentence that begins: {missing[0]}")
    return summary, "\n".join(lines).strip("\n"), [taken[start] for start in wanted]


def _references(section: str) -> list[str]:
    author = r"[A-Z][\w'-]+(?: de)?(?: [A-Z]\w+)?, (?:[A-Z]\.|et al)"
    paragraphs = (" ".join(paragraph.split()) for paragraph in re.split(r"\n\s*\n", section))
    return [
        _prose(entry)
        for paragraph in paragraphs
        for entry in re.split(rf"(?<=[.)]) (?={author}[^()]*\(\d{{4}}\))", paragraph)
    ]


def _answer(name: str) -> list[str]:
    """What the function returns, and the fields that its own kind of result has."""
    function = getattr(forensics, name)
    kind, words = _returns(_sections(inspect.getdoc(function) or ""))
    lines = [f"`{kind}`: {words}" if words else f"`{kind}`.", ""]
    result = getattr(forensics, kind, None)
    if result is not None and kind not in ("MapMeasurement", "Measurement"):
        sections = _sections(inspect.getdoc(result) or "")
        summary = re.split(r"\.\s+", sections[""], maxsplit=1)
        if len(summary) > 1:
            lines += [_prose(" ".join(summary[1].split())), ""]
        lines += [f"- `{field}` ({_prose(of)}): {text}" for field, of, text in _entries(sections.get("Attributes", ""))]
        lines.append("")
    return lines


def _returns(sections: Mapping[str, str]) -> tuple[str, str]:
    kind, _, words = sections["Returns"].partition("\n")
    return kind.strip(), _prose(" ".join(words.split()))


# pages


@cache
def null() -> dict[str, dict[str, Any]]:
    """What the pack measures."""
    return json.loads((HERE / "null.json").read_text(encoding="utf-8"))


def _among(name: str) -> list[str]:
    """Camera items beside generated ones, in words."""
    if name not in null():
        return ["This was not measured on all the pictures of the course, so there is nothing to place a value among."]
    lines = []
    for of in (name, "speed") if name == "optical_flow" else (name,):
        entry = null()[of]
        unit, camera, generated = entry["unit"], list(entry["values"].values()), list(entry["generated"].values())
        area = judgement.auc(generated, camera)
        low, middle, high = np.percentile(camera, [5, 50, 95])
        found = "a difference on average, and no verdict on any one"
        if area.low <= 0.5 <= area.high:
            found = "no difference was found"
        called = "the mean length of the flow" if of == "speed" else "the value"
        lines.append(
            f"- Of {len(camera)} camera {entry['kind']}s, {called} is {plain(middle)} {unit} in the middle; nine "
            f"in ten lie from {plain(low)} to {plain(high)}."
        )
        lines.append(f"- Of {len(generated)} generated ones, it is {plain(np.median(generated))} in the middle.")
        lines.append(f"- AUC {area.value:.2f}, 95 % interval {area.low:.2f} to {area.high:.2f}: {found}.")
    return [
        *lines,
        "",
        "AUC is the share of pairs in which the generated one has the larger value; 0.5 is a coin. All pictures went",
        "through one pipeline. More in [what the measurements tell apart](../measured.md).",
    ]


def _example(name: str, example: Example) -> list[str]:
    kind = null()[name]["kind"] if example.placed and name in null() else None
    alt = example.alt
    if name in null():
        alt += " Beside them, a point for each camera and each generated item; the two clouds overlap."
    lines = [f"![{alt}]({name}.png)", "", example.about]
    if example.value is not None:
        lines[-1] += f" The value is **{plain(example.value)}** {example.unit}."
    if kind:
        # To five digits, as those it is placed among: it is one of them.
        placed = forensics.place(float(f"{example.value:.5g}"), null()[name]["values"].values())
        lines[-1] += f" {placed.percentile:.0f} in 100 camera {kind}s have less."
    return lines


def page(name: str, example: Example) -> str:
    """The page of one measurement."""
    function, topic = getattr(forensics, name), TOPICS[name]
    sections = _sections(inspect.getdoc(function) or "")
    summary, body, fails = described(name)
    parameters = [f"- `{p}` ({_prose(kind)}): {words}" for p, kind, words in _entries(sections["Parameters"])]
    moved = list(example.confounders)
    if not moved:
        said = [sentence.removeprefix(MOVED) for sentence in _sentences(sections[""]) if sentence.startswith(MOVED)]
        moved = [_prose(one[0].upper() + one[1:]) for one in said]
    lines = [f"# {topic.title}", "", _prose(summary.replace("\n", " ").removesuffix(" ::")), ""]
    lines += [f"In code: `course.forensics.{name}`. This page is written from what stands there, by"]
    lines += ["`uv run python data/forensics/pages.py`; please do not edit it by hand.", ""]
    if body:
        lines += ["## How it is measured", "", body, ""]
    lines += ["## Parameters", "", *parameters, "", "## The answer", "", *_answer(name)]
    lines += ["## An example", "", *_example(name, example), ""]
    lines += ["## Among the pictures of the course", "", *_among(name), ""]
    heading = "What else moves it" if fails else "What else moves it, and where it fails"
    if moved:
        lines += [f"## {heading}", "", *(f"- {one}" for one in moved), ""]
    if fails:
        lines += ["## Where it fails", "", *(f"- {one}" for one in fails), ""]
    lines += ["## References", "", *(f"- {one}" for one in _references(sections["References"])), ""]
    lines += ["[All measurements](README.md)"]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)) + "\n"


def index() -> str:
    """The list of all pages."""
    lines = [
        "# The measurements",
        "",
        "What each measurement of the course works out, how, and where it fails. None says whether a picture is",
        "true: each gives a number, and pictures of every origin have such numbers. How well the numbers tell camera",
        "pictures from generated ones is in [one table](../measured.md), the bad ones included; how long each takes,",
        "in [another](../speed.md).",
        "",
        "These pages are written by `uv run python data/forensics/pages.py`; please do not edit them by hand.",
        "",
    ]
    for group in dict.fromkeys(topic.group for topic in TOPICS.values()):
        lines += [f"## {group}", ""]
        for name, topic in TOPICS.items():
            if topic.group == group:
                summary = " ".join(described(name)[0].split()).removesuffix(" ::")
                lines.append(f"- [{topic.title}]({name}.md): {_prose(summary[0].lower() + summary[1:])}")
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


# command


def same(written: str, now: str) -> bool:
    """Whether two pages say the same. In the example numbers may differ by one in twenty, as machines do."""
    around = re.compile(r"(?<=\n)(## An example\n.*?\n)(?=## )", re.DOTALL)
    parts = [around.split(text, maxsplit=1) for text in (written, now)]
    if len(parts[0]) != len(parts[1]) or parts[0][::2] != parts[1][::2]:
        return False
    examples = [re.split(r"(\d+(?:\.\d+)?(?:e-?\d+)?)", "".join(text[1::2])) for text in parts]
    if examples[0][::2] != examples[1][::2]:
        return False
    numbers = zip(examples[0][1::2], examples[1][1::2], strict=True)
    return all(math.isclose(float(one), float(other), rel_tol=0.05) for one, other in numbers)


def differing(names: Sequence[str] = tuple(TOPICS)) -> list[str]:
    """Names of the pages whose text is not what would be written now."""
    wrong = [] if _read("README") == index() else ["README"]
    return wrong + [name for name in names if not same(_read(name), page(name, EXAMPLES[name]()))]


def _read(name: str) -> str:
    path = PAGES / f"{name}.md"
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def main() -> int:
    """Run the script."""
    parser = argparse.ArgumentParser(description="Write the pages of the measurements.")
    parser.add_argument("--check", action="store_true", help="say which page's text differs, write nothing")
    if parser.parse_args().check:
        wrong = differing()
        print(f"Other text than now: {', '.join(wrong)}." if wrong else "All pages say what the docstrings say.")
        return 1 if wrong else 0
    PAGES.mkdir(parents=True, exist_ok=True)
    for path in [*PAGES.glob("*.md"), *PAGES.glob("*.png")]:
        if path.stem not in TOPICS and path.stem != "README":
            path.unlink()
    for name in TOPICS:
        example = EXAMPLES[name]()
        (PAGES / f"{name}.md").write_text(page(name, example), encoding="utf-8", newline="\n")
        (PAGES / f"{name}.png").write_bytes(figure(name, example, null().get(name)))
    (PAGES / "README.md").write_text(index(), encoding="utf-8", newline="\n")
    print(f"Written: {len(TOPICS)} pages in {PAGES}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
