"""The one exception of this room."""


class SourcesError(Exception):
    """The offline web cannot be read. The message is one plain sentence with the cause and what to do."""
