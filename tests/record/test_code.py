from course.record.code import PATTERN, new_code


def test_every_code_has_the_shape_that_a_restored_file_is_held_to():
    assert all(PATTERN.fullmatch(new_code()) for _ in range(2000))


def test_codes_are_drawn_and_not_counted():
    assert len({new_code() for _ in range(500)}) == 500


def test_there_are_enough_codes_for_a_school():
    from course.record import code

    words = len(set(code._ANIMALS.split())) * len(set(code._PLANTS.split()))
    total = words * 9000
    assert total > 50_000_000
    assert 1000**2 / 2 / total < 0.01  # the birthday bound that the docstring quotes
