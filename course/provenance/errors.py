"""The one exception of this room."""


class ProvenanceError(Exception):
    """What a file says of itself cannot be read or written. The message is one plain sentence with cause and cure."""
