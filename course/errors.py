"""What speaks to a learner when something cannot be done.

Each message is one plain sentence with the cause and what to do, fit to stand on the page as it is. Any other exception
is a fault of the course: its words (a library's, say) mean nothing to a learner and are never shown.
"""


class CourseError(Exception):
    """Something cannot be done. The message is a sentence for the learner.

    Examples
    --------
    >>> from course import media
    >>> issubclass(media.MediaError, CourseError)
    True
    """


class InputError(CourseError, ValueError):
    """What was typed, chosen or passed cannot be used. A script may catch it as the ``ValueError`` it is.

    Examples
    --------
    >>> issubclass(InputError, ValueError)
    True
    """
