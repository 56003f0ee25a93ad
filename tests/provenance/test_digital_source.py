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


OTHER_WAYS = {
    "parsed as a resource": ' rdf:parseType="Resource"><rdf:value>{}</rdf:value>',
    "described": "><rdf:Description><rdf:value>{}</rdf:value></rdf:Description>",
    "value beside": '><rdf:Description rdf:value="{}"/>',
    "about": '><rdf:Description rdf:about="{}"/>',
    "in a bag": "><rdf:Bag><rdf:li>{}</rdf:li></rdf:Bag>",
}


def _of(inside: str):
    packet = (
        f'<x:xmpmeta {HEAD}><rdf:RDF><rdf:Description rdf:about="">{inside}</rdf:Description></rdf:RDF></x:xmpmeta>'
    )
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "JPEG", xmp=packet.encode())
    return read_bytes(out.getvalue())


@pytest.mark.parametrize("way", OTHER_WAYS)
def test_what_rdf_allows_is_read(way):
    inside = OTHER_WAYS[way].format(digital_source.BASE + "trainedAlgorithmicMedia")
    found = _of(f"<I:DigitalSourceType{inside}</I:DigitalSourceType>")
    assert found.declared == f"Declared as {digital_source.TERMS['trainedAlgorithmicMedia']}."
    assert list(found.sections["XMP"]) == ["DigitalSourceType"]


def test_two_that_contradict_each_other_are_both_told():
    one = "<I:DigitalSourceType>{}</I:DigitalSourceType>"
    found = _of(one.format("digitalCapture") + one.format("trainedAlgorithmicMedia"))
    assert "taken with a camera" in found.declared and "made by a generator" in found.declared


@pytest.mark.parametrize("address", ["https://evil.example/x/digitalCapture", "ftp://cv.iptc.org/digitalCapture"])
def test_an_address_of_somebody_else_is_no_term(address):
    assert "does not know" in digital_source.in_words(address) and address in digital_source.in_words(address)
    assert "does not know" in _of(f"<I:DigitalSourceType>{address}</I:DigitalSourceType>").declared


def test_a_field_of_the_same_name_in_another_vocabulary_declares_nothing():
    found = _of('<o:DigitalSourceType xmlns:o="http://evil.example/">digitalCapture</o:DigitalSourceType>')
    assert found.declared is None


@pytest.mark.parametrize("written", ["{}#", "{}/", "{}?lang=en", "{}#x"])
def test_what_hangs_behind_a_term_does_not_matter(written):
    address = written.format(digital_source.BASE + "computationalCapture")
    assert digital_source.in_words(address) == digital_source.TERMS["computationalCapture"]
    assert digital_source.in_words("digsrctype:computationalCapture") == digital_source.TERMS["computationalCapture"]
