from itertools import permutations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course.judgement.question import Feedback, Option, Question, QuestionState, load_questions, shown_order

PAN = Question(
    id="pan",
    prompt="The curve is high. What follows?",
    options=(
        Option("It is fake.", "A slow pan over a photograph does that too."),
        Option("Look for another cause.", "Yes: a pan, a lamp, the codec.", right=True),
        Option("Nothing at all.", "It tells you where to look."),
    ),
    hints=("What else moves every pixel at once?", "Think of the person holding the camera."),
    why="A measurement says how much, not why.",
)


@pytest.fixture
def saved():
    return []


@pytest.fixture
def state(saved):
    return QuestionState(PAN, saved.append)


def shown(state):
    return (
        state.answered,
        state.solved,
        state.tries,
        state.choice,
        state.sure,
        state.feedback,
        state.hints_shown,
        state.hints_left,
    )


def test_a_fresh_question_has_no_reply(state):
    assert shown(state) == (False, False, 0, None, None, None, (), 2)


def test_each_option_has_its_own_reply(saved):
    for index, option in enumerate(PAN.options):
        state = QuestionState(PAN, saved.append)
        reply = state.choose(index, sure=True)
        assert reply == Feedback(option.feedback, option.right, PAN.why if index == 1 else None)
        assert state.feedback == reply and state.solved is option.right


def test_a_choice_is_saved_whole(state, saved):
    state.choose(0, sure=True)
    state.choose(1, sure=False)
    assert saved == [
        {"kind": "question.answer", "question": "pan", "option": 0, "sure": True, "right": False, "tries": 1},
        {"kind": "question.answer", "question": "pan", "option": 1, "sure": False, "right": True, "tries": 2},
    ]
    assert (state.answered, state.solved, state.tries, state.choice, state.sure) == (True, True, 2, 1, False)


def test_once_solved_stays_solved(state):
    state.choose(1, sure=True)
    state.choose(0, sure=True)
    assert state.solved and not state.feedback.right


def test_hints_come_one_at_a_time_and_end(state, saved):
    assert state.hint() == PAN.hints[0] and state.hints_shown == PAN.hints[:1] and state.hints_left == 1
    assert state.hint() == PAN.hints[1] and state.hints_left == 0
    with pytest.raises(ValueError, match="no more hints"):
        state.hint()
    assert saved == [{"kind": "question.hint", "question": "pan", "hint": number} for number in (0, 1)]


@pytest.mark.parametrize("index", [-1, 3, 1.0, True, "1", None])
def test_an_option_that_is_not_there_is_refused(state, saved, index):
    with pytest.raises(ValueError, match="one of the 3 options"):
        state.choose(index, sure=True)
    assert saved == [] and not state.answered


def test_what_cannot_be_saved_has_not_happened():
    def full(event):
        raise OSError("the disk is full")

    state = QuestionState(PAN, full)
    before = shown(state)
    for act in (lambda: state.choose(1, sure=True), state.hint):
        with pytest.raises(OSError, match="full"):
            act()
        assert shown(state) == before


def test_observers_are_told_after_it_is_saved(state, saved):
    told = []
    state.observe(lambda each: told.append((len(saved), each.tries, each.hints_left)))
    state.hint()
    state.choose(2, sure=False)
    assert told == [(1, 0, 1), (2, 1, 1)]


def test_answers_outlive_the_kernel(state, saved):
    state.hint()
    state.choose(2, sure=True)
    state.choose(1, sure=False)
    assert shown(QuestionState(PAN, print, past=saved)) == shown(state)


def test_answers_to_other_questions_and_other_wordings_are_passed_over(saved):
    QuestionState(PAN, saved.append).choose(1, sure=True)
    other = Question("ball", PAN.prompt, PAN.options)
    assert not QuestionState(other, print, past=saved).answered
    reordered = Question("pan", PAN.prompt, PAN.options[::-1][:2] + PAN.options[:1])
    assert QuestionState(reordered, print, past=saved).solved  # option 1 is the right one still
    swapped = Question("pan", PAN.prompt, (PAN.options[1], PAN.options[0]))
    assert not QuestionState(swapped, print, past=saved).answered


@pytest.mark.parametrize("question", [PAN, Question("two", PAN.prompt, PAN.options[:2])])
def test_every_order_comes_up_and_each_code_has_its_own_for_good(question):
    codes = [f"otter-{number}-fern" for number in range(1000, 1200)]
    orders = [shown_order(question, code) for code in codes]
    places = tuple(range(len(question.options)))
    assert set(orders) == set(permutations(places))
    assert orders == [shown_order(question, code) for code in codes]
    assert QuestionState(question, print, code=codes[0]).order == orders[0]
    assert QuestionState(question, print).order == places


def test_the_order_changes_from_question_to_question():
    orders = {shown_order(Question(f"q{number}", PAN.prompt, PAN.options), "otter-1000-fern") for number in range(50)}
    assert len(orders) == 6


def test_an_answer_is_saved_by_its_place_in_the_file(saved):
    for number in range(1000, 1020):
        state = QuestionState(PAN, saved.append, code=f"otter-{number}-fern")
        state.choose(1, sure=True)
        assert saved[-1]["option"] == 1 and saved[-1]["right"] and state.choice == 1


junk = st.none() | st.booleans() | st.integers(-3, 9) | st.floats() | st.text(max_size=4)


@given(
    st.lists(
        st.fixed_dictionaries(
            {},
            optional={
                "kind": st.sampled_from(["question.answer", "question.hint"]) | junk,
                "question": st.just("pan") | junk,
                "option": junk,
                "sure": junk,
                "right": junk,
                "hint": junk,
            },
        ),
        max_size=20,
    )
)
def test_no_past_whatever_keeps_a_question_from_being_asked(past):
    state = QuestionState(PAN, print, past=past)
    assert 0 <= state.hints_left <= 2
    assert state.feedback is None or state.feedback.text


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32))
def test_two_hundred_random_steps_lose_nothing(seed):
    chance, saved, broken = Random(seed), [], [False]

    def save(event):
        if broken[0]:
            raise OSError("the disk is full")
        saved.append(event)

    state = QuestionState(PAN, save)
    for _ in range(200):
        before, count = shown(state), len(saved)
        try:
            match chance.choice(["choose", "choose", "hint", "reload", "disk"]):
                case "choose":
                    state.choose(chance.randint(-1, 4), sure=chance.random() < 0.5)
                case "hint":
                    state.hint()
                case "reload":
                    state = QuestionState(PAN, save, past=saved)
                    assert shown(state) == before
                case "disk":
                    broken[0] = not broken[0]
        except (ValueError, OSError):
            assert shown(state) == before and len(saved) == count
        assert state.tries == sum(event["kind"] == "question.answer" for event in saved)
        assert len(state.hints_shown) == sum(event["kind"] == "question.hint" for event in saved)


# Files

GOOD = """
[[question]]
id = "pan"
prompt = "Größe?"
kind = "choice"
hints = ["first", "second"]
why = "because"

[[question.option]]
text = "no"
feedback = "not so"

[[question.option]]
text = "yes"
feedback = "so"
right = true
"""


def write(tmp_path, text):
    path = tmp_path / "time.toml"
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def test_questions_are_read_in_order(tmp_path):
    second = GOOD.replace('"pan"', '"ball"').replace('kind = "choice"\n', "").replace('why = "because"\n', "")
    questions = load_questions(write(tmp_path, GOOD + second))
    assert list(questions) == ["pan", "ball"]
    assert questions["pan"] == Question(
        "pan",
        "Größe?",
        (Option("no", "not so"), Option("yes", "so", right=True)),
        ("first", "second"),
        "because",
    )
    assert questions["ball"].why is None


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('id = "pan"\n', "", "'id' is missing"),
        ('id = "pan"', 'id = " "', "needs an id"),
        ('prompt = "Größe?"\n', "", "'prompt' is missing"),
        ('prompt = "Größe?"', 'prompt = ""', "'pan' needs a prompt"),
        ('kind = "choice"', 'kind = "essay"', "'pan'.*'essay'"),
        ('kind = "choice"', 'kinds = "choice"', "no field 'kinds'"),
        ('hints = ["first", "second"]', 'hints = "first"', "'hints' must be"),
        ('hints = ["first", "second"]', "hints = [1]", "hint must be text"),
        ('hints = ["first", "second"]', 'hints = [""]', "empty hint"),
        ("right = true", "right = false", "'pan' needs at least one right option"),
        ("right = true", 'right = "yes"', "'pan', option 2: the field 'right'"),
        ('feedback = "not so"\n', "", "'pan', option 1: the field 'feedback' is missing"),
        ('feedback = "not so"', 'feedback = " "', "'pan': option 1 needs feedback"),
        ('text = "no"', 'text = ""', "'pan': option 1 needs a text"),
        ('[[question.option]]\ntext = "no"\nfeedback = "not so"\n', "", "at least two options"),
        ("[[question]]", "[[questions]]", "must hold .*question"),
        ("right = true", "right = yes", "not valid TOML"),
    ],
)
def test_a_malformed_file_says_where_and_what(tmp_path, old, new, says):
    assert old in GOOD
    with pytest.raises(ValueError, match=says) as caught:
        load_questions(write(tmp_path, GOOD.replace(old, new)))
    assert "time.toml" in str(caught.value)


def test_an_id_may_be_used_once(tmp_path):
    with pytest.raises(ValueError, match=r"time\.toml, question 2: the id 'pan' is taken"):
        load_questions(write(tmp_path, GOOD + GOOD))


@pytest.mark.parametrize("text", ["", "title = 3", "question = []", "question = [3]"])
def test_a_file_without_questions_is_refused(tmp_path, text):
    with pytest.raises(ValueError, match=r"time\.toml"):
        load_questions(write(tmp_path, text))
