"""How sure one is, in the learner's own language: per cent, words, or times out of ten."""

from __future__ import annotations

LANGUAGES = {
    "percent": "In per cent: “I am 70 % sure.”",
    "words": "In words: “I am fairly sure.”",
    "tenths": "As times out of ten: “I would be right 7 times out of 10.”",
}

_WORDS = {
    50: "a pure guess",
    60: "leaning that way",
    70: "fairly sure",
    80: "quite sure",
    90: "very sure",
    100: "certain",
}


def said(value: float, language: str) -> str:
    """How sure one was, in the language one has chosen.

    Examples
    --------
    >>> said(80, "percent"), said(80, "words"), said(80, "tenths")
    ('80 % sure', 'quite sure', 'right 8 times out of 10')
    >>> said(95, "words")  # chosen in per cent, before the language was changed
    'very sure'
    """
    if language == "words":
        # halfway goes to the lower word: nobody is made surer than they said
        return min(_WORDS.items(), key=lambda step: (abs(step[0] - value), step[0]))[1]
    if language == "tenths":
        return f"right {value / 10:g} times out of 10"
    return f"{value:g} % sure"


def steps(language: str) -> list[tuple[int, str]]:
    """The steps of the confidence slider: per cent as stored, and what the learner reads.

    Examples
    --------
    >>> steps("words")[:2]
    [(50, 'a pure guess'), (60, 'leaning that way')]
    >>> steps("tenths")[-1]
    (100, 'right 10 times out of 10')
    >>> len(steps("percent"))
    11
    """
    if language == "words":
        return list(_WORDS.items())
    if language == "tenths":
        return [(value, f"right {value // 10} times out of 10") for value in _WORDS]
    return [(value, f"{value} %" + (" (a pure guess)" if value == 50 else "")) for value in range(50, 101, 5)]
