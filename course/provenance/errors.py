"""The one exception of this room."""

from course.errors import CourseError


class ProvenanceError(CourseError):
    """What a file says of itself cannot be read or written. The message is one plain sentence with cause and cure."""
