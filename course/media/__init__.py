"""Pictures: what the course shows, and a learner's own.

Everything shown comes in through one of two doors, and both give RGB ``uint8``: `load` for an item of the
catalogue, `open_file` for a learner's own file.

Examples
--------
>>> from course import media
>>> catalogue = media.catalogue()
>>> clip = media.load(catalogue["giraffe"])
>>> clip.frames.shape, clip.frames.dtype
((72, 300, 300, 3), dtype('uint8'))
"""

from course.media.catalogue import Catalogue, Cue, Item, Pair, catalogue, pair, verify
from course.media.decode import Clip, Still, load
from course.media.errors import MediaError
from course.media.files import open_file

__all__ = [
    "Catalogue",
    "Clip",
    "Cue",
    "Item",
    "MediaError",
    "Pair",
    "Still",
    "catalogue",
    "load",
    "open_file",
    "pair",
    "verify",
]
