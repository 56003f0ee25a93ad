"""Pictures: what the course shows, and a learner's own.

Everything shown comes in through one of two doors, and both give RGB ``uint8``: `load` for an item of the
catalogue, `open_file` for a learner's own file. A teacher's own folder joins the catalogue: `own_pictures`.

Examples
--------
>>> from course import media
>>> catalogue = media.catalogue()
>>> clip = media.load(catalogue["giraffe"])
>>> clip.frames.shape, clip.frames.dtype
((72, 300, 300, 3), dtype('uint8'))
"""

from course.media.catalogue import Catalogue, Cue, Item, Pair, catalogue, pair, verify
from course.media.controlled import Changed, Controlled, controlled, load_controlled, verify_controlled
from course.media.credits import PackageCredits, by_package, credits_page, licence_address
from course.media.decode import Clip, Still, load
from course.media.errors import MediaError
from course.media.files import open_file
from course.media.own import OwnForm, OwnItem, own_forms, own_pictures
from course.media.whole_files import WholeFile, verify_whole_files, whole_files

__all__ = [
    "Catalogue",
    "Changed",
    "Clip",
    "Controlled",
    "Cue",
    "Item",
    "MediaError",
    "OwnForm",
    "OwnItem",
    "PackageCredits",
    "Pair",
    "Still",
    "WholeFile",
    "by_package",
    "catalogue",
    "controlled",
    "credits_page",
    "licence_address",
    "load",
    "load_controlled",
    "open_file",
    "own_forms",
    "own_pictures",
    "pair",
    "verify",
    "verify_controlled",
    "verify_whole_files",
    "whole_files",
]
