"""The one exception of this room."""

from course.errors import CourseError


class SourcesError(CourseError):
    """The offline web cannot be read. The message is one plain sentence with the cause and what to do."""
