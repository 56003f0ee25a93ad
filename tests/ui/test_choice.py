from course import record, ui


def _choice(keep):
    return ui.Choice("Which?", {"a": "A", "b": "B"}, "a", keep)


def test_a_choice_is_kept_before_it_is_shown():
    kept = []

    def keep(value):
        kept.append(value)
        return "Kept."

    view = _choice(keep)
    view.choose("b")
    assert (view.value, view.note, kept) == ("b", "Kept.", ["b"])


def test_what_cannot_be_kept_is_not_shown_as_chosen():
    def keep(value):
        raise record.RecordError("The folder is read-only.")

    view = _choice(keep)
    view.choose("b")
    assert (view.value, view.note) == ("a", "The folder is read-only.")
    ticks = view.tick
    view.choose("b")  # the same once more: it is tried again, and the page hears of it again
    assert (view.kept, view.tick) == (False, ticks + 1)
    view.choose("zzz")
    assert view.note == "That is not one of the choices."
