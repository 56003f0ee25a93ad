import io

import pytest
from PIL import Image

from course.provenance import Action, digital_source, read_bytes
from course.ui.credential import SAYS, done

HEAD = (
    'xmlns:x="adobe:ns:meta/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
    'xmlns:I="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"'
)
SPELLINGS = {
    "attribute": '<rdf:Description rdf:about="" I:DigitalSourceType="{}"/>',
    "element": '<rdf:Description rdf:about=""><I:DigitalSourceType>{}</I:DigitalSourceType></rdf:Description>',
    "resource": '<rdf:Description rdf:about=""><I:DigitalSourceType rdf:resource="{}"/></rdf:Description>',
}


def _read(spelling: str, address: str):
    packet = f"<x:xmpmeta {HEAD}><rdf:RDF>{SPELLINGS[spelling].format(address)}</rdf:RDF></x:xmpmeta>"
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "JPEG", xmp=packet.encode())
    return read_bytes(out.getvalue())


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("base", [digital_source.BASE, digital_source.BASE.replace("http:", "https:"), ""])
def test_each_way_to_write_a_term_is_read(spelling, base):
    found = _read(spelling, base + "computationalCapture")
    assert found.declared == "Declared as taken with a camera, several shots combined by it."
    assert found.sections["XMP"] == {"DigitalSourceType": base + "computationalCapture"}


@pytest.mark.parametrize("name", digital_source.TERMS)
def test_each_term_is_said_in_words_in_a_note_and_in_a_signed_statement(name):
    words = digital_source.TERMS[name]
    assert _read("attribute", digital_source.BASE + name).declared == f"Declared as {words}."
    assert done((Action("created", source=name),)) == SAYS.get(name, words)
    assert done((Action("edited", source=name),)) == f"edited: {SAYS.get(name, words)}"


@pytest.mark.parametrize("name", ["dreamed", "x" * 500, "<script>"])
def test_a_term_that_nobody_knows_is_shown_as_it_is(name):
    assert digital_source.in_words(name) == f"“{name[:60]}”, a term that this course does not know"
    assert "does not know" in done((Action("created", source=name),))


def test_a_statement_without_a_term_says_so():
    assert done((Action("created"),)) == "created"
