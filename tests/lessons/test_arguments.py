import pytest

from course.errors import InputError
from course.lessons.arguments import check_arguments
from course.lessons.lesson import Lesson, LessonError


def none():
    """Takes nothing."""


def one(name):
    """Takes one."""


def two(caught, wrongly_accused=1):
    """Takes one or two."""


@pytest.mark.parametrize(
    ("function", "given", "named"),
    [
        (none, (), {}),
        (one, ("x",), {}),
        (one, (), {"name": 1}),
        (two, (1,), {}),
        (two, (1, 2), {}),
        (two, (1,), {"wrongly_accused": 2}),
    ],
)
def test_what_fits_passes(function, given, named):
    check_arguments(function, given, named)


@pytest.mark.parametrize(
    ("function", "given", "named", "said"),
    [
        (none, (1,), {}, "Nothing goes between the brackets of none: write lesson.none()"),
        (none, (), {"a": 1}, "“a” is not known to none. Nothing goes between its brackets: write lesson.none()"),
        (one, (), {}, "one needs something between its brackets, as this page had it: lesson.one(name=...)"),
        (
            one,
            (1, 3),
            {},
            "one takes one value, and there are 2. In full it reads lesson.one(name=...). A number with decimals is "
            "written with a point, as in 1.3, and a word stands between quotation marks.",
        ),
        (one, ("x",), {"name": "y"}, "“name” is given twice to one: write it once."),
        (two, (), {}, "two needs a value for “caught”. In full it reads lesson.two(caught=..., wrongly_accused=...)."),
        (two, (1,), {"wrongly_acused": 2}, "“wrongly_acused” is not known to two. Did you mean “wrongly_accused”?"),
        (
            two,
            (1, 2),
            {"zebra": 2},
            "“zebra” is not known to two. In full it reads lesson.two(caught=..., wrongly_accused=...).",
        ),
    ],
)
def test_what_does_not_fit_is_said_in_a_sentence(function, given, named, said):
    with pytest.raises(InputError) as raised:
        check_arguments(function, given, named)
    assert str(raised.value) == said


def test_a_part_that_all_lessons_share_does_not_count_the_lesson_itself():
    lesson = Lesson("how-sharp-are-your-eyes", questions="eyes")
    with pytest.raises(LessonError, match="question takes one value, and there are 2"):
        lesson.question("beak", 3)
    with pytest.raises(LessonError, match="question needs something between its brackets"):
        lesson.question()
