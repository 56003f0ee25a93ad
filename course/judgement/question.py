"""A question on judgement: options with feedback for each, hints one at a time, answers that last."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from course.errors import InputError
from course.judgement.model import Past, Recorded, Save

ANSWER = "question.answer"
HINT = "question.hint"


@dataclass(frozen=True)
class Option:
    """One option: what it says, what is said to those who choose it, and whether it is right."""

    text: str
    feedback: str
    right: bool = False


@dataclass(frozen=True)
class Question:
    """A question with options.

    Attributes
    ----------
    id : str
        Short and lasting, for the record.
    prompt : str
        What is asked.
    options : tuple of Option
        Two or more, at least one of them right, each with its feedback.
    hints : tuple of str
        From a nudge to nearly the answer.
    why : str or None
        What is worth knowing once the question has been answered rightly.
    kind : str
        ``"choice"``, the only kind so far.

    Raises
    ------
    ValueError
        The question cannot be asked like this; the message names it.

    Examples
    --------
    >>> Question(
    ...     "pan",
    ...     "The curve is high. What follows?",
    ...     (Option("It is fake", "A pan does that too."), Option("Look again", "Yes.", right=True)),
    ... ).options[1].right
    True
    """

    id: str
    prompt: str
    options: tuple[Option, ...]
    hints: tuple[str, ...] = ()
    why: str | None = None
    kind: str = "choice"

    def __post_init__(self) -> None:
        if not self.id.strip():
            raise InputError("A question needs an id.")
        if not self.prompt.strip():
            raise InputError(f"Question {self.id!r} needs a prompt.")
        if self.kind != "choice":
            raise InputError(f"Question {self.id!r}: there is no kind {self.kind!r}; use 'choice'.")
        if len(self.options) < 2:
            raise InputError(f"Question {self.id!r} needs at least two options.")
        for number, option in enumerate(self.options, start=1):
            if not option.text.strip():
                raise InputError(f"Question {self.id!r}: option {number} needs a text.")
            if not option.feedback.strip():
                raise InputError(f"Question {self.id!r}: option {number} needs feedback.")
        if not any(option.right for option in self.options):
            raise InputError(f"Question {self.id!r} needs at least one right option.")
        if not all(hint.strip() for hint in self.hints):
            raise InputError(f"Question {self.id!r} has an empty hint.")


@dataclass(frozen=True)
class Feedback:
    """The reply to a choice.

    Attributes
    ----------
    text : str
        Feedback of the option chosen.
    right : bool
        Whether the option is right.
    why : str or None
        The question's own explanation, for a right choice only.
    """

    text: str
    right: bool
    why: str | None = None


def load_questions(path: Path | str) -> dict[str, Question]:
    """Read the questions of a lesson from a TOML file.

    Parameters
    ----------
    path : path
        A file of ``[[question]]`` tables, each with ``id``, ``prompt``, optionally ``kind``, ``hints`` and
        ``why``, and two or more ``[[question.option]]`` with ``text``, ``feedback`` and, where it is so,
        ``right = true``.

    Returns
    -------
    dict
        The questions by their id, in the order of the file.

    Raises
    ------
    ValueError
        The file is no TOML, or a question is malformed. The message names the file and the question.
    OSError
        The file cannot be read.

    Examples
    --------
    >>> import tempfile
    >>> text = '''
    ... [[question]]
    ... id = "pan"
    ... prompt = "The curve is high. What follows?"
    ... hints = ["What else moves every pixel at once?"]
    ... [[question.option]]
    ... text = "It is fake"
    ... feedback = "A pan does that too."
    ... [[question.option]]
    ... text = "Look again"
    ... feedback = "Yes."
    ... right = true
    ... '''
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "time.toml")
    ...     _ = path.write_text(text, encoding="utf-8")
    ...     list(load_questions(path))
    ['pan']
    """
    import tomllib  # 12 ms that only those who read a file pay

    path = Path(path)
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise InputError(f"{path} is not valid TOML: {error}") from error
    tables = content.pop("question", None)
    if content or not (isinstance(tables, list) and tables):
        raise InputError(f"{path} must hold [[question]] tables, one or more, and nothing else.")
    questions: dict[str, Question] = {}
    for number, table in enumerate(tables, start=1):
        try:
            question = _question(table)
        except ValueError as error:
            raise InputError(f"{path}, question {number}: {error}") from error
        if question.id in questions:
            raise InputError(f"{path}, question {number}: the id {question.id!r} is taken already.")
        questions[question.id] = question
    return questions


def shown_order(question: Question, code: str) -> tuple[int, ...]:
    """The order in which a learner sees the options, so that no place is the right one more often than another.

    Parameters
    ----------
    question : Question
        The question.
    code : str
        The learner's random code. With the same code the options always come in the same order.

    Returns
    -------
    tuple of int
        Places of the options in the file, in the order in which they are shown.

    Examples
    --------
    >>> question = Question("pan", "What follows?", (Option("A", "No."), Option("B", "Yes.", True), Option("C", "No.")))
    >>> shown_order(question, "heron-4821-birch"), shown_order(question, "otter-1734-fern")
    ((0, 1, 2), (1, 0, 2))
    """
    # A sum over the letters and no generator of random numbers: its order is the same on every version of Python.
    return tuple(
        sorted(
            range(len(question.options)),
            key=lambda place: hashlib.sha256(f"{code}/{question.id}/{place}".encode()).digest(),
        )
    )


class QuestionState(Recorded):
    """What a learner has done with a question.

    Parameters
    ----------
    question : Question
        The question.
    save : callable
        Takes one event, a flat mapping with ``"kind"``, and returns once it is safe; it raises when it is
        not, and then nothing has happened.
    past : iterable of mapping, or Shared
        Events saved earlier, of any kind and question; ``(event.data for event in log.events())``. What
        belongs to another wording of the question is passed over. Leave it out to ask anew, weeks later.
        With ``log.following()`` the record is looked at again before anything is saved: what was done in
        another window meanwhile counts, and is not saved once more.
    code : str, optional
        The learner's random code, by which the options are mixed, see :attr:`order`.

    Attributes
    ----------
    question : Question
        The question. Wherever an option is meant, in events too, its place in the file is given.
    order : tuple of int
        The places of the options in the order in which they are shown; that of the file without a code.

    Examples
    --------
    >>> question = Question("pan", "What follows?", (Option("A", "No.", False), Option("B", "Yes.", True)))
    >>> saved = []
    >>> state = QuestionState(question, saved.append)
    >>> state.choose(0, sure=True)
    Feedback(text='No.', right=False, why=None)
    >>> state.choose(1, sure=False).right, state.tries, saved[-1]["kind"]
    (True, 2, 'question.answer')
    >>> QuestionState(question, saved.append, past=saved).solved
    True
    """

    def __init__(
        self,
        question: Question,
        save: Save,
        past: Past = (),
        code: str | None = None,
    ) -> None:
        super().__init__(save, past)
        self.question = question
        self.order = tuple(range(len(question.options))) if code is None else shown_order(question, code)
        self._choices: list[tuple[int, bool]] = []
        self._hints = 0
        self._own: list[Mapping[str, object]] = []  # answers saved here that the record has not given back yet
        self._begin_with(past)

    def _take_up(self, event: Mapping[str, object]) -> None:
        if event.get("question") != self.question.id:
            return
        if event in self._own:
            self._own.remove(event)
        elif event.get("kind") == ANSWER and self._is_answer(event):
            self._choices.append((event["option"], event["sure"]))
        elif event.get("kind") == HINT and self._is_hint(event):
            self._hints = max(self._hints, event["hint"] + 1)

    @property
    def answered(self) -> bool:
        """Whether an option has been chosen."""
        return bool(self._choices)

    @property
    def solved(self) -> bool:
        """Whether a right option has been chosen, at whatever try."""
        return any(self.question.options[option].right for option, _ in self._choices)

    @property
    def tries(self) -> int:
        """How often an option has been chosen."""
        return len(self._choices)

    @property
    def choice(self) -> int | None:
        """Index of the option chosen last, or None."""
        return self._choices[-1][0] if self._choices else None

    @property
    def sure(self) -> bool | None:
        """Whether the learner was sure of the last choice; None before the first."""
        return self._choices[-1][1] if self._choices else None

    @property
    def feedback(self) -> Feedback | None:
        """The reply to the last choice, or None."""
        return None if self.choice is None else self._reply(self.choice)

    @property
    def hints_shown(self) -> tuple[str, ...]:
        """The hints asked for so far."""
        return self.question.hints[: self._hints]

    @property
    def hints_left(self) -> int:
        """How many hints are still to be had."""
        return len(self.question.hints) - self._hints

    def choose(self, index: int, sure: bool) -> Feedback:
        """Choose an option: save the choice, then reply.

        Parameters
        ----------
        index : int
            Of the option, counted from 0.
        sure : bool
            What the learner says of their own choice.

        Raises
        ------
        ValueError
            There is no such option. Nothing was saved.
        Exception
            Whatever `save` raises. Nothing has happened.
        """
        count = len(self.question.options)
        if not _is_index(index, count):
            raise InputError(f"Choose one of the {count} options; there is no option {index!r}.")
        sure = bool(sure)
        before = self.tries
        with self._alone():
            if self.tries == before or self._choices[-1] != (index, sure):
                event = {
                    "kind": ANSWER,
                    "question": self.question.id,
                    "option": index,
                    "sure": sure,
                    "right": self.question.options[index].right,
                    "tries": self.tries + 1,
                }
                self._save(event)
                if self._shared is not None:
                    self._own.append(event)
                self._choices.append((index, sure))
        self._changed()
        return self._reply(index)

    def hint(self) -> str:
        """The next hint.

        Raises
        ------
        ValueError
            There are no more hints.
        Exception
            Whatever `save` raises. The hint can be asked for again.
        """
        if not self.hints_left:
            raise InputError("There are no more hints for this question.")
        place = self._hints
        with self._alone():
            if self._hints == place:  # otherwise it was asked for in another window
                self._save({"kind": HINT, "question": self.question.id, "hint": place})
                self._hints += 1
        self._changed()
        return self.question.hints[place]

    def _reply(self, index: int) -> Feedback:
        option = self.question.options[index]
        return Feedback(option.feedback, option.right, self.question.why if option.right else None)

    def _is_answer(self, event: Mapping[str, object]) -> bool:
        option = event.get("option")
        return (
            _is_index(option, len(self.question.options))
            and isinstance(event.get("sure"), bool)
            # Otherwise the options have been put in another order since.
            and event.get("right") is self.question.options[option].right
        )

    def _is_hint(self, event: Mapping[str, object]) -> bool:
        return _is_index(event.get("hint"), len(self.question.hints))


def _question(table: object) -> Question:
    fields = _fields(
        table,
        required={"id": str, "prompt": str, "option": list},
        optional={"kind": str, "hints": list, "why": str},
    )
    name = fields["id"]
    if not all(isinstance(hint, str) for hint in fields.get("hints", [])):
        raise InputError(f"{name!r}: each hint must be text.")
    options = []
    for number, option in enumerate(fields.pop("option"), start=1):
        try:
            values = _fields(option, required={"text": str, "feedback": str}, optional={"right": bool})
        except ValueError as error:
            raise InputError(f"{name!r}, option {number}: {error}") from error
        options.append(Option(**values))
    fields["hints"] = tuple(fields.get("hints", ()))
    return Question(options=tuple(options), **fields)


def _fields(table: object, required: Mapping[str, type], optional: Mapping[str, type]) -> dict:
    """The fields of a TOML table, each of its type, none missing and none unknown (it would be a slip)."""
    if not isinstance(table, dict):
        raise InputError("expected a table.")
    types = {**required, **optional}
    for name in table:
        if name not in types:
            raise InputError(f"there is no field {name!r}; known are {', '.join(types)}.")
    for name in required:
        if name not in table:
            raise InputError(f"the field {name!r} is missing.")
    for name, value in table.items():
        if not isinstance(value, types[name]):
            raise InputError(f"the field {name!r} must be of type {types[name].__name__}.")
    return dict(table)


def _is_index(value: object, count: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < count
