"""Who made what the course shows, under which licence, and what was done to it: written from the catalogue alone."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from types import MappingProxyType

from course.media.catalogue import Item
from course.media.controlled import Controlled
from course.media.whole_files import WholeFile

_REGISTRIES = {"pypi": "PyPI", "npm": "npm", "debian": "Debian"}

_OPENING = """\
# Credits

**Read this after the blind trials: it tells which picture is which.**

Everything the course shows is listed here with its source, its author, its licence and what was changed. A changed
picture stays under the licence of its source. A package names the licence of its pictures, but not always a person;
then the author is the package's. This page is written by `course media credits --write` from the catalogue; please do
not edit it by hand.

"""

_SQUARES = """
## Small squares

The squares of lesson 1 that a camera took are cut from photographs which the small diffusion model's card lists, with
author and licence: [data/models/denoiser](../data/models/denoiser/README.md). The others are made by that model.
"""


@dataclass(frozen=True)
class PackageCredits:
    """The items that come from one version of one package.

    Attributes
    ----------
    name, version, registry, publisher : str
        The package. A teacher's own folder has the registry ``"own"`` and no version.
    items : tuple of Item
        By id.
    """

    name: str
    version: str
    registry: str
    publisher: str
    items: tuple[Item, ...]

    @property
    def licences(self) -> tuple[str, ...]:
        """Every licence of its items, the commonest first."""
        return tuple(name for name, _ in Counter(item.licence for item in self.items).most_common())

    @property
    def authors(self) -> tuple[str, ...]:
        """Every author of its items, each once."""
        return tuple(dict.fromkeys(item.author for item in self.items))


def by_package(items: Iterable[Item]) -> tuple[PackageCredits, ...]:
    """Gather items by the package they come from.

    Parameters
    ----------
    items : iterable of Item

    Returns
    -------
    tuple of PackageCredits
        By name and version.

    Examples
    --------
    >>> from course import media
    >>> packages = by_package(media.catalogue().values())
    >>> sum(len(package.items) for package in packages) == len(media.catalogue())
    True
    """

    def package(item: Item) -> tuple[str, str, str, str]:
        return item.package, item.version, item.registry, "" if item.registry == "own" else item.publisher

    ordered = sorted(items, key=lambda item: (package(item), item.id))
    return tuple(PackageCredits(*key, tuple(group)) for key, group in groupby(ordered, package))


def licence_address(licence: str) -> str | None:
    """Return the address of a Creative Commons deed, or None for any other licence.

    Parameters
    ----------
    licence : str
        An SPDX identifier.

    Examples
    --------
    >>> licence_address("CC-BY-SA-4.0")
    'https://creativecommons.org/licenses/by-sa/4.0/'
    >>> licence_address("CC0-1.0")
    'https://creativecommons.org/publicdomain/zero/1.0/'
    >>> licence_address("MIT") is None
    True
    """
    if licence == "CC0-1.0":
        return "https://creativecommons.org/publicdomain/zero/1.0/"
    found = re.fullmatch(r"CC-(BY(?:-NC)?(?:-SA|-ND)?)-(\d\.\d)", licence)
    return f"https://creativecommons.org/licenses/{found[1].lower()}/{found[2]}/" if found else None


def changes(item: Item) -> str:
    """Say what was done to a source before it is shown.

    Parameters
    ----------
    item : Item

    Examples
    --------
    >>> from course import media
    >>> changes(media.catalogue()["giraffe"])
    'cut to 72 frames, cropped, coded again as H.264'
    """
    size = f"{item.width} x {item.height} pixels"
    if item.purpose == "parity":
        if item.kind == "clip":
            return f"cut to {item.frames} frames at {item.fps:g} a second, cropped, resized to {size}, coded again"
        return f"cropped, resized to {size}, coded again"
    if item.registry == "own":
        return "scaled down where it was larger, otherwise as it is"
    if item.kind == "clip":
        return f"cut to {item.frames} frames, cropped, coded again as H.264"
    return "cropped, coded again as JPEG"


def credits_page(
    items: Mapping[str, Item],
    changed: Mapping[str, Controlled] = MappingProxyType({}),
    files: Mapping[str, WholeFile] = MappingProxyType({}),
) -> str:
    """Write the credits as a Markdown page.

    Parameters
    ----------
    items : mapping of str to Item
        Such as a catalogue.
    changed : mapping of str to Controlled
        Controlled pairs, listed after the items.
    files : mapping of str to WholeFile
        Files that are shown with all that they remember, listed last.

    Returns
    -------
    str
        It says which item is generated: to be read after the trials.

    Examples
    --------
    >>> from course import media
    >>> print(credits_page(media.catalogue()).splitlines()[0])
    # Credits
    """
    packages = by_package(items.values())
    count = Counter(item.origin for item in items.values())
    lines = [
        f"{len(items)} items from {len(packages)} packages: {count['camera']} recorded by a camera, "
        f"{count['generated']} generated.",
        "",
    ]
    for package in packages:
        lines += _section(package)
    if changed:
        lines += [*_pairs(changed), ""]
    if files:
        lines += _whole(files)
    return _OPENING + "\n".join(lines).rstrip() + "\n" + _SQUARES


def _section(package: PackageCredits) -> list[str]:
    title = " ".join(part for part in (_plain(package.name), _plain(package.version)) if part)
    if package.registry == "own":
        source = "A teacher's own folder."
    else:
        registry = _REGISTRIES.get(package.registry, package.registry)
        source = f"From {registry}, published by {_plain(package.publisher)}."
    licences = ", ".join(_licence(one) for one in package.licences)
    lines = [f"## {title}", "", f"{source} Licence: {licences}.", ""]
    lines += ["| item | source file | what it is | author | licence | changed |", "|---|---|---|---|---|---|"]
    for item in package.items:
        made = f"generated with {item.generator}, {item.generated_on}" if item.origin == "generated" else "camera"
        cells = (
            f"`{item.id}`",
            _plain(item.member.rsplit("/", 1)[-1]),
            _plain(f"{made} ({item.kind})"),
            _plain(item.author),
            _licence(item.licence),
            _plain(changes(item)),
        )
        lines.append(f"| {' | '.join(cells)} |")
    return [*lines, ""]


def _pairs(changed: Mapping[str, Controlled]) -> list[str]:
    lines = [
        "## Controlled pairs",
        "",
        "Simulated for this course: a photograph from above, and the same one changed by a known step.",
        "",
        "| pair | made from | author | licence | what was changed |",
        "|---|---|---|---|---|",
    ]
    for pair in changed.values():
        sources = ", ".join(f"`{source}`" for source in pair.sources)
        cells = (f"`{pair.name}`", sources, _plain(pair.author), _licence(pair.licence), _plain(pair.says))
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def _whole(files: Mapping[str, WholeFile]) -> list[str]:
    lines = [
        "## Whole files",
        "",
        "Shown in lesson 5 with the fields that were written into them; and the map that a place is drawn on.",
        "",
        "| file | from | author | licence | what was changed |",
        "|---|---|---|---|---|",
    ]
    for file in files.values():
        source = f"{file.package} {file.version} ({_REGISTRIES.get(file.registry, file.registry)})"
        words = (_plain(file.file), _plain(source), _plain(file.author), _licence(file.licence), _plain(file.changed))
        lines.append(f"| {' | '.join(words)} |")
    return lines


def _licence(licence: str) -> str:
    address = licence_address(licence)
    return f"[{licence}]({address})" if address else _plain(licence)


def _plain(text: str) -> str:
    """Keep Markdown and HTML from taking part of a text for their own."""
    return re.sub(r"([\\`*_|\[\]~#])", r"\\\1", html.escape(text, quote=False))
