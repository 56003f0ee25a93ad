"""The one exception of this room."""


class MediaError(Exception):
    """A picture cannot be shown. The message is one plain sentence with the cause and what to do."""
