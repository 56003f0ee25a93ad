"""What a file says of itself: metadata, read with care, taken out, and written by hand.

>>> from course import media, provenance
>>> file = media.whole_files()["phone"]
>>> metadata = provenance.read_metadata(file.path)
>>> metadata.camera, metadata.location.words
('Xiaomi Mi A3', '15.8° south, 48° west')
>>> provenance.read_bytes(provenance.stripped(file.path.read_bytes())).empty
True
"""

from course.provenance.authority import Authority, Signer, open_signer, save_signer
from course.provenance.credentials import (
    SOURCES,
    Action,
    Credential,
    Ingredient,
    Note,
    Piece,
    Reason,
    State,
    Statement,
    Step,
    sign,
    signed,
    verify,
    verify_bytes,
)
from course.provenance.desk import Desk, Made
from course.provenance.errors import ProvenanceError
from course.provenance.generation import Generation
from course.provenance.lineage import Lineage, Link, Node, lineage
from course.provenance.metadata import Metadata, read_bytes, read_metadata
from course.provenance.place import Location
from course.provenance.registry import FINGERPRINT_BITS, MARK_BITS, NEAR, Entry, Match, Registry
from course.provenance.remarks import Remark, remarks
from course.provenance.signing import CLAIMS, SigningDesk
from course.provenance.tampering import flipped, moved, saved_again, statement_of
from course.provenance.trust import Known, TrustChoice, TrustList
from course.provenance.write import edit_metadata, edited, strip_metadata, stripped

__all__ = [
    "CLAIMS",
    "FINGERPRINT_BITS",
    "MARK_BITS",
    "NEAR",
    "SOURCES",
    "Action",
    "Authority",
    "Credential",
    "Desk",
    "Entry",
    "Generation",
    "Ingredient",
    "Known",
    "Lineage",
    "Link",
    "Location",
    "Made",
    "Match",
    "Metadata",
    "Node",
    "Note",
    "Piece",
    "ProvenanceError",
    "Reason",
    "Registry",
    "Remark",
    "Signer",
    "SigningDesk",
    "State",
    "Statement",
    "Step",
    "TrustChoice",
    "TrustList",
    "edit_metadata",
    "edited",
    "flipped",
    "lineage",
    "moved",
    "open_signer",
    "read_bytes",
    "read_metadata",
    "remarks",
    "save_signer",
    "saved_again",
    "sign",
    "signed",
    "statement_of",
    "strip_metadata",
    "stripped",
    "verify",
    "verify_bytes",
]
