"""Two versions of a page, sentence by sentence: what stayed, what went, what came."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from course.sources.dates import shown
from course.sources.model import DiffLine, Page

_SENTENCE = re.compile(r"(?<=[.!?…])[\s]+(?=[A-Z“‘\"'\d])")


def difference(old: Page, new: Page) -> tuple[DiffLine, ...]:
    """Compare two versions of a page.

    Parameters
    ----------
    old, new : Page

    Returns
    -------
    tuple of DiffLine
        Title, author, date and pictures first, then the text, a sentence a line, in the order of the newer version.

    Examples
    --------
    >>> def page(text):
    ...     return Page("https://a.example/", "A whale", None, "video", None, None, "", "", "", text)
    >>> for line in difference(page("Wow. Made with a video model."), page("Wow.")):
    ...     print(line.kind, line.text)
    same Title: A whale
    same Wow.
    removed Made with a video model.
    """
    before, after = _lines(old), _lines(new)
    lines: list[DiffLine] = []
    for what, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what == "equal":
            lines += [DiffLine("same", text) for text in after[c:d]]
        else:
            lines += [DiffLine("removed", text) for text in before[a:b]]
            lines += [DiffLine("added", text) for text in after[c:d]]
    return tuple(lines)


def _lines(page: Page) -> list[str]:
    head = [f"Title: {page.title}"]
    if page.author:
        head.append(f"Author: {page.author}")
    if page.date:
        head.append(f"Date: {shown(page.date)}")
    if page.pictures:
        head.append(f"Pictures: {', '.join(page.pictures)}")
    return head + [sentence for line in page.text.splitlines() for sentence in _SENTENCE.split(line) if sentence]
