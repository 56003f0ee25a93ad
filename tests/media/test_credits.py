"""The credits are written from the catalogue, and every licence gets what it asks for."""

import dataclasses
from pathlib import Path

import pytest

from course import media
from course.media.catalogue import data_folder
from course.media.credits import by_package, changes, credits_page, licence_address

PAGE = Path(__file__).parents[2] / "docs" / "credits.md"
SHIPPED = media.catalogue(data_folder())


def test_the_page_in_the_docs_is_the_one_that_the_command_writes():
    written = credits_page(SHIPPED, media.controlled(), media.whole_files())
    assert PAGE.read_text(encoding="utf-8") == written, "run: uv run course media credits --write"


def test_the_page_warns_before_it_tells():
    lines = credits_page(SHIPPED).splitlines()
    assert lines[0] == "# Credits" and "Read this after the blind trials" in lines[2]


def test_every_controlled_pair_names_its_sources_and_keeps_their_licence():
    page = credits_page(SHIPPED, media.controlled())
    for pair in media.controlled().values():
        (row,) = [line for line in page.splitlines() if line.startswith(f"| `{pair.name}` |")]
        assert all(f"`{source}`" in row for source in pair.sources) and pair.licence in row


def test_every_whole_file_names_its_source_and_what_was_done():
    page = credits_page(SHIPPED, media.controlled(), media.whole_files())
    for file in media.whole_files().values():
        (row,) = [line for line in page.splitlines() if line.replace("\\", "").startswith(f"| {file.file} |")]
        plain = row.replace("\\", "")
        assert file.package in plain and file.author in plain and file.licence in plain and file.changed in plain


def test_every_item_is_there_once_with_author_licence_and_changes():
    page = credits_page(SHIPPED)
    for item in SHIPPED.values():
        (row,) = [line for line in page.splitlines() if line.startswith(f"| `{item.id}` |")]
        cells = [cell.strip() for cell in row.replace("\\|", "").strip("|").split("|")]
        assert len(cells) == 6
        assert cells[3].replace("\\", "").replace("&amp;", "&") == item.author
        assert item.licence in cells[4] and cells[5]
        if item.licence.startswith("CC"):
            assert f"]({licence_address(item.licence)})" in cells[4]
        if item.origin == "generated":
            assert item.generated_on in cells[2] and "generated with" in cells[2]
        else:
            assert cells[2].startswith("camera")
    for package in by_package(SHIPPED.values()):
        assert f"## {package.name} {package.version}\n".replace("_", "\\_").replace("~", "\\~") in page


@pytest.mark.parametrize(
    ("licence", "address"),
    [
        ("CC-BY-4.0", "https://creativecommons.org/licenses/by/4.0/"),
        ("CC-BY-SA-3.0", "https://creativecommons.org/licenses/by-sa/3.0/"),
        ("CC-BY-NC-ND-2.0", "https://creativecommons.org/licenses/by-nc-nd/2.0/"),
        ("CC0-1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
        ("MIT", None),
        ("CC-BY-4.0 or so", None),
    ],
)
def test_addresses_of_deeds(licence, address):
    assert licence_address(licence) == address


def test_every_creative_commons_licence_of_the_pack_has_an_address():
    assert all(licence_address(item.licence) for item in SHIPPED.values() if item.licence.startswith("CC"))


def test_packages_are_apart_by_version_and_hold_their_items_in_order():
    giraffe = SHIPPED["giraffe"]
    others = [
        dataclasses.replace(giraffe, id="b"),
        dataclasses.replace(giraffe, id="a", author="Somebody", licence="CC-BY-4.0"),
        dataclasses.replace(giraffe, id="c", version="9"),
    ]
    first, second = by_package(others)
    assert [item.id for item in first.items] == ["a", "b"] and [item.id for item in second.items] == ["c"]
    assert first.authors == ("Somebody", "Comfy Org")
    assert set(first.licences) == {"CC-BY-4.0", "MIT"}


def test_what_was_changed():
    stills = SHIPPED.where(kind="still", purpose="parity")
    clips = SHIPPED.where(kind="clip", purpose="parity")
    assert changes(stills[0]) == "cropped, resized to 384 x 384 pixels, coded again"
    assert changes(clips[0]) == "cut to 24 frames at 12 a second, cropped, resized to 256 x 256 pixels, coded again"
    own = dataclasses.replace(SHIPPED["giraffe"], registry="own")
    assert "otherwise as it is" in changes(own)


def test_markup_in_a_name_stays_text():
    wild = dataclasses.replace(
        SHIPPED["giraffe"], author="<img src=x> | [a](b) `c` *d*", package="x", version="", registry="own"
    )
    page = credits_page({"giraffe": wild})
    assert "&lt;img src=x&gt; \\| \\[a\\](b) \\`c\\` \\*d\\*" in page
    assert "## x\n\nA teacher's own folder. Licence: MIT." in page
