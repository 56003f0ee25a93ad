"""The one exception of this room."""

from course.errors import CourseError


class MediaError(CourseError):
    """A picture cannot be shown. The message is one plain sentence with the cause and what to do."""
