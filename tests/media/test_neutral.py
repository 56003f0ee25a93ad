import pytest

from course import media
from course.media.neutral import telling_words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A dog runs over a wet lawn.", []),
        ("It is a real dog. A fake?", ["real", "fake"]),
        ("real-dog", ["real"]),
        ("Seen through a LENS.", ["lens"]),  # a full stop right behind it hides nothing
        ("An AI-generated dog, generated twice", ["ai", "generated"]),
        ("A rain of air, a kingdom of realms", []),  # inside a longer word it is another word
        ("kling-dog", ["kling"]),
        ("A still image, a large stable flow", []),
        ("", []),
    ],
)
def test_words_that_tell(text, found):
    assert telling_words(text, generators=["Kling 2.1", "Stable Diffusion Large", "Veo 3"]) == found


def test_the_pack_keeps_to_the_rule_that_a_teacher_is_held_to():
    items = media.catalogue()
    generators = {item.generator for item in items.values() if item.generator}
    assert {
        item.id: found for item in items.values() if (found := telling_words(f"{item.id} {item.alt}", generators))
    } == {}
