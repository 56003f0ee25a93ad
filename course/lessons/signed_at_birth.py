"""Lesson 7: what a signature in a file says, what it does not, and what a curator can do with it."""

from __future__ import annotations

import base64
import hashlib
import html
import tempfile
from functools import lru_cache
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from course import forensics, judgement, media, provenance, ui
from course.errors import InputError
from course.forensics.marks import FOUND
from course.judgement.intervals import share_interval
from course.lessons import stock as files
from course.lessons.lesson import Lesson, free_items, in_plain_words
from course.media.catalogue import data_folder
from course.provenance import State
from course.ui.credential import WORDS, described
from course.ui.stock import DONE

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_lesson = Lesson("signed-at-birth", questions="signed")
question, next_move, done = _lesson.question, _lesson.next_move, _lesson.done
ui.warm()
files.begin()

SOME = 5
"""So many submissions are enough to see what they were: a short lesson has no time for all ten."""

KEYS, COPIES, TRUST, REGISTRY = "keys", "files", "trust", "registry"
"""Folders under the learner's own."""

AFTER = {
    "nothing": "as Ana signed it",
    "flip": "one bit of the picture turned over",
    "six swans": "one word of the statement changed: “Six swans at dusk”",
    "save again": "opened and saved again",
    "strip": "the statement taken out",
}
"""What can be done to the swans, by the name that a learner types."""

DESK = {"salt-lake.jpg": "salt-lake-mirror", "marigold.jpg": "marigold-petals", "harbour.jpg": "warehouse-canal"}
KEY = "look twice, lesson 7"
MARKED, PASTED_ON = "salt-lake-mirror", "cosmos-evening"
_LARGEST_SIDE = 1280


# a signature, and four states


@in_plain_words
def hook() -> ui.Page:
    """Two pictures, and no word about them."""
    signed = files.stock().files["swans"]
    shown = "".join(
        f'<figure class="lt-picture"><img style="display:block;width:100%" alt="{html.escape(files.alt("swans"))}" '
        f'src="data:image/jpeg;base64,{base64.b64encode(data).decode("ascii")}">'
        f"<figcaption>{letter}</figcaption></figure>"
        for letter, data in (("A", signed), ("B", provenance.flipped(signed)))
    )
    words = f"Two pictures, A and B. Each shows: {files.alt('swans')}"
    return ui.Page(f'<div class="lt-stage">{shown}</div>', words)


@in_plain_words
def look_at(name: str = "swans", after: str = "nothing") -> ui.CredentialView:
    """A signed picture, and what a check of its file comes to after something was done to it.

    Parameters
    ----------
    name : str
        ``"swans"``, or the path of a file of one's own.
    after : str
        One of the keys of `AFTER`.
    """
    if not isinstance(after, str) or after not in AFTER:
        raise InputError(f"Write one of these behind after=: {', '.join(map(repr, AFTER))}.")
    if name != "swans":
        return _own_file(name, after)
    made = files.stock()
    signed = made.files["swans"]
    changes = {
        "nothing": lambda: signed,
        "flip": lambda: provenance.flipped(signed),
        "six swans": lambda: signed.replace(b"Two swans", b"Six swans"),
        "save again": lambda: provenance.saved_again(signed),
        "strip": lambda: provenance.stripped(signed),
    }
    data = changes[after]()
    found = provenance.verify_bytes(data, made.trusted())
    note = f"The file has {len(data):,} bytes. Checked against the list of Driftwood, a small picture library."
    return ui.CredentialView(ui.Checked(f"The swans, {AFTER[after]}", data, files.alt("swans"), found, note))


def _own_file(name: object, after: str) -> ui.CredentialView:
    path = Path(name).expanduser() if isinstance(name, str) else None
    if path is None or not path.is_file():
        raise InputError('Write "swans", or the path of a file of your own between the quotation marks.')
    if after != "nothing":
        raise InputError("A file of your own is looked at as it is. At the signing desk you can change a copy.")
    found = provenance.verify(path, files.stock().trusted())
    note = "It stays on your computer."
    try:
        picture = media.open_file(path)
        shown = files.jpeg(_fitted(picture.frames[0] if isinstance(picture, media.Clip) else picture.pixels))
    except media.MediaError:
        # Songs, documents and drawings can be signed as well; and what a file says does not hang on seeing it.
        shown = b""
        note += " The course cannot show it; what its file says can be read all the same."
    return ui.CredentialView(ui.Checked("A file of your own", shown, "Your own picture.", found, note))


# signing


def signing_state() -> provenance.SigningDesk:
    """The model behind `sign`."""
    log = _lesson.log
    return provenance.SigningDesk(
        {label: files.plain(item) for label, item in DESK.items()},
        log.folder / KEYS,
        _as_jpeg,
        log.append,
        _lesson.past(),
        log.folder / COPIES,
    )


@in_plain_words
def sign() -> ui.SigningView:
    """A certificate by a pen name, a picture, a signature, and what becomes of it."""
    alts = {label: media.catalogue()[item].alt for label, item in DESK.items()}
    return ui.SigningView(signing_state(), alts)


def _as_jpeg(data: bytes) -> bytes:
    """A learner's own picture as a JPEG of moderate size, without notes."""
    # A name from outside could mean something to this computer; ours cannot, and the kind is told by the content.
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "picture")
        path.write_bytes(data)
        picture = media.open_file(path)
    if isinstance(picture, media.Clip):
        raise InputError("This desk signs pictures that stand still: choose a photograph.")
    return files.jpeg(_fitted(picture.pixels))


def _fitted(pixels: np.ndarray) -> np.ndarray:
    import cv2

    factor = _LARGEST_SIDE / max(pixels.shape[:2])
    if factor >= 1:
        return pixels
    height, width = (max(1, round(side * factor)) for side in pixels.shape[:2])
    return cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA)


# trust


def trust_state() -> provenance.TrustChoice:
    """The model behind `trust`."""
    made = files.stock()
    shown = {title: made.files[key] for title, key in _TRUSTED.items()}
    return provenance.TrustChoice(
        made.known(), shown, provenance.TrustList(_lesson.log.folder / TRUST), _lesson.log.append
    )


_TRUSTED = {"Two swans": "swans", "Peaks over the fog": "peaks", "An old lane": "lane", "A rabbit": "rabbit"}


@in_plain_words
def trust() -> ui.TrustView:
    """A list of trust one chooses, and what the same four files come to by it."""
    made = files.stock()
    pictures = {title: made.files[key] for title, key in _TRUSTED.items()}
    return ui.TrustView(trust_state(), pictures, {title: files.alt(key) for title, key in _TRUSTED.items()})


# the small stock library


def stock_state() -> judgement.CurationState:
    """The model behind `stock`."""
    return judgement.CurationState(
        judgement.load_curation(data_folder() / "curation.toml"), _lesson.log.append, _lesson.past()
    )


def _checked() -> dict[str, provenance.Credential]:
    made = files.stock()
    made.wait()
    return {key: provenance.verify_bytes(data, made.trusted()) for key, data in made.files.items()}


@in_plain_words
def stock() -> ui.StockView:
    """Ten submissions, to accept, to ask about or to turn down."""
    made = files.stock()
    pictures = {key: provenance.stripped(data) for key, data in made.files.items()}
    return ui.StockView(stock_state(), _checked(), pictures, {key: files.alt(key) for key in pictures})


@in_plain_words
def what_they_were() -> ui.Page:
    """Those that were decided, by what a check says and by what they are; from five on, and all ten at the end."""
    state = stock_state()
    many, total = len(state.decided), len(state.curation.submissions)
    if many < SOME:
        words = f"You have decided on {many} of {total}. Decide on {SOME} or more above, then run this cell again."
        return ui.Page(f'<p class="lt-note">{words}</p>', words)
    found = {key: one for key, one in _checked().items() if key in state.decided}
    origin = {key: media.catalogue()[files.PICTURES[key]].origin for key in found}
    rows = "".join(
        f"<tr><td>{html.escape(one.title)}</td><td>{WORDS[found[one.key].state][0]}</td>"
        f"<td>{html.escape(one.was)}</td><td>{DONE[state.decided[one.key].decision]}</td></tr>"
        for one in state.curation.submissions
        if one.key in found
    )
    counts = {
        word: [sum(found[key].state is value and origin[key] == kind for key in found) for kind in _KINDS]
        for value, (word, _) in WORDS.items()
    }
    said = "; ".join(
        f"{word}: {camera} photograph{'s' * (camera != 1)}, {made} generated" for word, (camera, made) in counts.items()
    )
    figure = ui.figure(
        lambda fig: _draw_states(fig, found, origin),
        f"{len(found)} marks in four rows. {said}.",
        caption="Circles are photographs, squares were generated." + _mixed(counts),
        size=(7.2, 2.4),
    )
    head = "<tr><th>submission</th><th>state</th><th>what it was</th><th>you</th></tr>"
    rest = "" if state.complete else f"You have decided on {many} of {total}. The rest keep their secret until you do."
    note = f'<p class="lt-note">{rest}</p>' if rest else ""
    return ui.Page(f"{figure._repr_html_()}<table>{head}{rows}</table>{note}", f"{said} {rest}".strip())


def _mixed(counts: dict[str, list[int]]) -> str:
    both = [word for word, (camera, made) in counts.items() if camera and made]
    if not both:
        return ""
    return f" {both[0]} holds both{', and so does ' + both[1].lower() if len(both) > 1 else ''}."


_KINDS = ("camera", "generated")


# a chain


@in_plain_words
def poster() -> ui.ChainView:
    """Who did what to which picture, until there was a poster; and in how many states its parts are."""
    made = files.stock()
    chain = provenance.lineage(provenance.verify_bytes(made.poster, made.trusted()))
    states = list(dict.fromkeys(WORDS[node.state][0].lower() for node in chain.nodes[:-1]))
    words = (
        f"{len(states)} states among the parts ({', '.join(states)}), in one file that is "
        f"{WORDS[chain.nodes[-1].state][0].lower()}. Jo signed for what Jo did, and the file says honestly what the "
        "parts were worth when they were taken up. Whoever looks at the last signature alone does not learn that."
    )
    return ui.ChainView(chain, made.parts, words)


# durable credentials: statement, mark and fingerprint


def registry() -> provenance.Registry:
    """The learner's own registry."""
    return provenance.Registry(_lesson.log.folder / REGISTRY)


@lru_cache(maxsize=1)
def _marked() -> tuple[bytes, int]:
    """The picture with an invisible number in it, signed; and the number."""
    pixels = media.load(MARKED).pixels
    number = int.from_bytes(hashlib.sha256(pixels.tobytes()).digest()[:4], "big")
    made = files.stock()
    signer = made.authorities["register"].issue("Ana Brook", files.AUTHORITIES["register"][0])
    statement = provenance.Statement(
        title="Salt lake", actions=(provenance.Action("created", source="camera"),), tool="Camera app"
    )
    marked = forensics.embed_mark(pixels, _bits(number), KEY)
    return provenance.signed(files.jpeg(marked, 92), statement, signer), number


@in_plain_words
def register() -> ui.CredentialView:
    """Mark a picture, sign it, and enter mark, fingerprint and statement in the learner's own registry."""
    data, number = _marked()
    seen = _fingerprint(_decoded(data))
    statement = provenance.statement_of(data)
    registry().enter(provenance.Entry(number, seen, "Salt lake", statement))
    note = (
        f"Entered in the registry on this computer: the number {number:08x} (it is in the picture as a mark that "
        f"nobody sees), the fingerprint {seen:016x}, and the signed statement, {len(statement):,} bytes. "
        "Nothing of the picture."
    )
    found = provenance.verify_bytes(data, files.stock().trusted())
    return ui.CredentialView(
        ui.Checked("Salt lake, as it leaves home", data, media.catalogue()[MARKED].alt, found, note)
    )


@in_plain_words
def find_again(crop: float = 0.8, quality: int = 60, size: float = 1.0) -> ui.Page:
    """Cut the picture, shrink it, save it again, all without its statement; then look it up in the registry.

    Parameters
    ----------
    crop : float
        How much of width and height is left, 0.4 to 1.
    quality : int
        Of the saving, 10 to 95.
    size : float
        1 as it is, 0.5 half as wide; 0.2 to 1.
    """
    for name, value, low, high in (("crop", crop, 0.4, 1), ("quality", quality, 10, 95), ("size", size, 0.2, 1)):
        if not isinstance(value, int | float) or isinstance(value, bool) or not low <= value <= high:
            raise InputError(f"Use a number from {low} to {high} for {name}; {value!r} is not one.")
    known = registry()
    if not known.entries:
        raise InputError("The registry is empty: run the cell above first, which enters the picture.")
    pixels = forensics.attacks.crop(_decoded(_marked()[0]), float(crop))
    if size < 1:
        pixels = forensics.attacks.resize(pixels, float(size))
    data = files.jpeg(pixels, int(quality))
    pixels = _decoded(data)
    inside = provenance.verify_bytes(data, files.stock().trusted())
    mark = forensics.read_mark(pixels, provenance.MARK_BITS, KEY)
    by_mark = known.by_mark(_number(mark.bits)) if mark.found else None
    seen = _fingerprint(pixels)
    near = known.by_fingerprint(seen, within=provenance.FINGERPRINT_BITS)
    by_print = near[0] if near[0].distance <= provenance.NEAR else None
    rows = [
        (
            "Its own statement:",
            WORDS[inside.state][0].lower(),
            "It was lost with the first saving.",
        ),
        (
            "The mark",
            f"finds “{by_mark.title}”" if by_mark else "finds nothing",
            f"Its strength is {mark.value:z.1f}. Chance hardly ever gets above {FOUND:.0f}.",
        ),
        (
            "The fingerprint",
            f"finds “{by_print.entry.title}”" if by_print else "finds nothing",
            f"It differs in {near[0].distance} of 64 bits. Up to {provenance.NEAR} count as the same picture.",
        ),
    ]
    entry = by_mark or (by_print.entry if by_print else None)
    after = _what_was_found(entry, data)
    markup = _looked_up(data, rows, after)
    return ui.Page(markup, " ".join(f"{what} {found}. {why}" for what, found, why in rows) + f" {after}")


def _what_was_found(entry: provenance.Entry | None, data: bytes) -> str:
    if entry is None:
        return "Nothing leads back to the statement. That says nothing against the picture."
    told = provenance.verify_bytes(data, files.stock().trusted(), entry.statement)
    rows = dict(described(told)["rows"])
    title, says = rows.get("Title", "–"), rows.get("It says", "–")
    return (
        f"The registry hands out the statement: “{title}”, {says}, signed by {told.signer or 'nobody'}. "
        "It was signed for the picture as it was then. That this copy was made from it is what the registry believes; "
        "look at both before you believe it too."
    )


def _looked_up(data: bytes, rows: list[tuple[str, str, str]], after: str) -> str:
    threads = "".join(
        f'<p class="lt-thread"><strong>{html.escape(what)} {html.escape(found)}</strong>{html.escape(why)}</p>'
        for what, found, why in rows
    )
    alt = f"A copy. {media.catalogue()[MARKED].alt}"
    return _beside(data, alt, "The copy that somebody sends you.", f"{threads}<p>{html.escape(after)}</p>")


def _beside(data: bytes, alt: str, caption: str, markup: str) -> str:
    """A picture on the left, and what there is to say on the right."""
    picture = base64.b64encode(data).decode("ascii")
    return (
        f'<div class="lt-sheet"><figure class="lt-picture"><img style="width:auto;max-width:100%" '
        f'alt="{html.escape(alt, quote=True)}" src="data:image/jpeg;base64,{picture}">'
        f"<figcaption>{html.escape(caption)}</figcaption></figure><div>{markup}</div></div>"
    )


@in_plain_words
def goes_wrong(limit: int = 18) -> ui.Page:
    """Two ways in which a registry is wrong: a mark put on another picture, and strangers that look alike.

    Parameters
    ----------
    limit : int
        In how many of 64 bits two fingerprints may differ and still count as the same picture, 0 to 32.
    """
    if not isinstance(limit, int) or isinstance(limit, bool) or not 0 <= limit <= 32:
        raise InputError(f"Use a whole number from 0 to 32 for limit; {limit!r} is not one.")
    known = registry()
    data, number = _marked()
    if known.by_mark(number) is None:
        raise InputError("The registry is empty: run the cell that enters the picture first.")
    other = media.load(PASTED_ON).pixels
    pasted = files.jpeg(forensics.embed_mark(other, _bits(number), KEY), 90)
    mark = forensics.read_mark(_decoded(pasted), provenance.MARK_BITS, KEY, search="shift")
    entry = known.by_mark(_number(mark.bits)) if mark.found else None
    apart = (_fingerprint(_decoded(pasted)) ^ _fingerprint(_decoded(data))).bit_count()
    names, distances = _strangers()
    wrong = int((distances <= limit).sum())
    first = (
        f"We put the number of Ana's salt lake on a generated picture of flowers. Asked "
        f"for the mark, the registry says: “{entry.title if entry else 'nothing'}”. The fingerprint does not agree: "
        f"{apart} of 64 bits differ."
    )
    second = (
        f"Among {len(names)} different pictures of ours there are {len(distances):,} pairs. "
        f"With a limit of {limit} bits, {wrong} of them would pass for the same picture. "
        f"{_in_a_million(wrong, len(distances))}"
    )
    markup = _beside(
        pasted,
        media.catalogue()[PASTED_ON].alt,
        "A generated picture with the number of Ana's photograph in it.",
        f'<p class="lt-thread"><strong>A mark can be put on anything.</strong>{html.escape(first)}</p>'
        f'<p class="lt-thread"><strong>Strangers can look alike.</strong>{html.escape(second)}</p>',
    )
    return ui.Page(markup, f"{first} {second}")


def _in_a_million(wrong: int, pairs: int) -> str:
    """What a count of pairs says of a registry of a million pictures, and how sure one can be of it.

    References
    ----------
    Hanley, J. A. and Lippman-Hand, A. (1983). If nothing goes wrong, is everything all right? JAMA 249(13), 1743-1745:
    none in n leaves room for up to 3 in n.
    """
    where = "In a registry of a million pictures, if they are as much alike as ours,"
    if not wrong:
        most = _rounded(3 / pairs * 1_000_000)
        return (
            f"That is not none in a million. {where} a search could still meet up to about {most} strangers: who finds "
            f"none in {pairs:,} cannot rule out three in {pairs:,}."
        )
    low, high = (_rounded(1_000_000 * bound) for bound in share_interval(wrong, pairs))
    about = _rounded(wrong / pairs * 1_000_000)
    range_ = f"{low} to {high}, as far as {pairs:,} pairs can tell"
    return f"{where} every search would meet about {about} strangers ({range_})."


def _rounded(number: float) -> str:
    digits = max(0, len(str(int(number))) - 2)
    return f"{round(number, -digits):,.0f}"


@lru_cache(maxsize=1)
def _strangers() -> tuple[tuple[str, ...], np.ndarray]:
    """The stills that may be shown, and in how many bits the fingerprints of each two of them differ."""
    stills = free_items(kind="still")
    prints = [_fingerprint(media.load(item).pixels) for item in stills]
    return tuple(item.id for item in stills), np.array([(a ^ b).bit_count() for a, b in combinations(prints, 2)])


def _fingerprint(pixels: np.ndarray) -> int:
    return int(forensics.perceptual_hash(pixels).hex, 16)


def _bits(number: int) -> list[int]:
    return [number >> place & 1 for place in reversed(range(provenance.MARK_BITS))]


def _number(bits: np.ndarray) -> int:
    return int("".join(str(int(bit)) for bit in bits), 2)


def _decoded(data: bytes) -> np.ndarray:
    import cv2

    return cv2.cvtColor(cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)


# figures


def _draw_states(fig: Figure, found: dict[str, provenance.Credential], origin: dict[str, str]) -> None:
    axes = fig.subplots()
    ink = axes.yaxis.label.get_color()
    states = list(State)
    for row, state in enumerate(reversed(states)):
        here = sorted((key for key in found if found[key].state is state), key=lambda key: origin[key])
        for x, key in enumerate(here):
            camera = origin[key] == "camera"
            colour, marker = (ui.CAMERA, "o") if camera else (ui.GENERATED, "s")
            axes.plot(x, row, marker, color=colour, ms=13)
            axes.text(x + 0.16, row, key, va="center", color=ink)
        axes.text(-0.4, row, WORDS[state][0], ha="right", va="center", color=ink, fontweight="bold")
    axes.set(xlim=(-0.3, 4.6), ylim=(-0.6, len(states) - 0.4))
    axes.set_axis_off()
    title = "The state says who said it and whether it is whole, not what it shows"
    fig.suptitle(title, x=0.01, ha="left", fontsize=11, fontweight="bold")
