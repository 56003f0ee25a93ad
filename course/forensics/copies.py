"""Copies inside one picture: which place shows again, turned or resized, in another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from course.errors import InputError
from course.forensics._grey import luma
from course.forensics._input import require_pixels
from course.forensics.measurement import MapMeasurement

WORKING_AREA = 400_000
"""Larger pictures are shrunk to so many pixels first, which bounds the time; coordinates are given in the original."""

SMALLEST_SIDE = 32
"""In pixels, after shrinking. Below this there is no room for a place and its copy."""

# All lengths at the working size. Keypoints: many and faint ones, since what they suggest is verified on the pixels.
KEYPOINTS = 2500
CELL = 48  # pixels
CONTRAST = 0.01
NEAR = 20.0  # pixels: nearer keypoints look at the same place
RATIO = 0.7
NEIGHBOURS = 4

# Transforms: a turn and a change of size read off one pair of keypoints is good to about this much.
LEAST_MATCHES = 4
TURN = 0.35  # radians
RESIZE = 0.4  # natural logarithm
FIT = 1.5  # pixels
CANDIDATES = 12
HYPOTHESES = 600
PAIRED = 40

# Pixels.
WINDOW = 9
FINE, COARSE = 1.0, 4.0  # standard deviations of the two blurs whose difference is compared
NOISE_POWER = 1.0  # squared grey levels; keeps flat surfaces from agreeing by chance
CORNERS = 1.0  # smaller eigenvalue of the structure tensor, below which a window shows a line or nothing
SMALLEST_AREA = 400
CORE = 0.1  # each pixel of the core may be less alike than its median has to be by this much
SOLID = 0.6  # share of the core's convex outline that agrees
LEVELS = 5.0  # grey levels
REPEATS = 0.9  # correlation with the neighbourhood
OVERLAP = 0.2  # share of the core that lies in its own copy
LIKENESS_AT_EDGE = 0.6
REACH = 9  # pixels beyond the core's outline
RIM = 2  # pixels


@dataclass(frozen=True, eq=False, kw_only=True)
class CopiesResult(MapMeasurement):
    """What `find_copies` answers with. `value` is the share of the picture that `mask` marks, 0 to 1.

    Attributes
    ----------
    map : ndarray of float32, shape (H, W)
        How like each marked pixel's surroundings are to those of its counterpart, 0 to 1; 0 where nothing is marked.
    mask : ndarray of bool, shape (H, W)
        Both places of every pair. Which of the two came first cannot be told.
    count : int
        Number R of pairs of places.
    transforms : ndarray of float64, shape (R, 2, 3)
        ``transforms[r] @ (x, y, 1)`` is where pair r shows (x, y) again: a turn, a change of size and a shift.
    matches : ndarray of float64, shape (N, 4)
        Keypoints that led there: x, y of the one place and x, y of the other, in pixels.
    pair : ndarray of int64, shape (N,)
        Which transform each match belongs to.
    """

    mask: NDArray[np.bool_]
    count: int
    transforms: NDArray[np.float64]
    matches: NDArray[np.float64]
    pair: NDArray[np.int64]


class _Keypoints(NamedTuple):
    places: NDArray[np.float32]  # (N, 2): x, y
    turns: NDArray[np.float32]  # (N,): radians
    sizes: NDArray[np.float32]  # (N,): pixels
    descriptors: NDArray[np.float32]  # (N, 128), unit length


class _Candidate(NamedTuple):
    transform: NDArray[np.float64]  # (2, 3)
    pairs: NDArray[np.int64]  # (M, 2): numbers of keypoints


class _Layers(NamedTuple):
    grey: NDArray[np.float32]  # (H, W)
    smooth: NDArray[np.float32]  # (H, W): grey levels without pixel noise
    detail: NDArray[np.float32]  # (H, W): the same without slow changes of light


class _Verified(NamedTuple):
    transform: NDArray[np.float64]
    pairs: NDArray[np.int64]
    likeness: NDArray[np.float32]  # (H, W), 0 where not the same
    counterpart: NDArray[np.float32]  # (H, W), the same values at the other place


def find_copies(pixels: NDArray[np.uint8], likeness: float = 0.9) -> CopiesResult:
    """Find what shows twice in one picture, and prove it on the pixels.

    1. SIFT keypoints of the grey picture are matched with each other, those nearer than 20 pixels left out. With
       d_1 <= d_2 <= ... the distances to the nearest others, neighbours 1 to k are accepted for the largest
       k <= 4 with ``d_k < 0.7 d_k+1`` (g2NN).
    2. Each match names a turn, a change of size and a shift. As in RANSAC, the one that most others agree with is
       taken, then the two of them that most agree with to 1.5 pixels, then a least-squares fit; but matches are tried
       in order and not by chance. This is done again without them while 4 remain.
    3. The picture is warped onto itself by each transform and compared in windows of 9 pixels. With a, b the two
       pictures, each the difference of a fine and a coarse blur (1 and 4 pixels)::

           s = 2 mean(a b) / (mean(a^2) + mean(b^2) + 2)

       The core is where s > `likeness` - .1 and the window holds corners, not only lines. It must hold 3 of the
       keypoints and 400 pixels, have a median s of `likeness`, differ by 5 grey levels at most (median, brightness
       aside) and be solid. It must not overlap its own copy nor show again close by, as a fence or façade does.
    4. From the core the mask grows a few pixels far over what agrees as well as the core does.

    Pictures of more than 400,000 pixels are shrunk to that first; small copies are lost with it.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (H, W, 3)
        An RGB picture. Where the shorter side has fewer than 32 pixels, nothing is found.
    likeness : float, optional
        How like two places must be (median s), from 0.5 to below 1. With less, what is only made alike is found too.

    Returns
    -------
    CopiesResult
        `value` is the share of pixels in one of the places, 0 to 1.

    Raises
    ------
    ValueError
        If `pixels` or `likeness` is anything else.

    Notes
    -----
    An answer of 0 does not mean that nothing was copied: a piece of sky has no keypoints and is not found. Mirrored
    copies are not looked for.

    References
    ----------
    Amerini, I., Ballan, L., Caldelli, R., Del Bimbo, A. & Serra, G. (2011). A SIFT-based forensic method for
    copy-move attack detection and transformation recovery. IEEE Transactions on Information Forensics and Security.

    Fridrich, J., Soukal, D. & Lukas, J. (2003). Detection of copy-move forgery in digital images. Digital Forensic
    Research Workshop. (The question, and the problem of evenly repeating texture.)

    Lowe, D. (2004). Distinctive image features from scale-invariant keypoints. International Journal of Computer
    Vision.

    Examples
    --------
    A piece of 60 x 60 pixels is shown again 150 pixels further right:

    >>> import numpy as np
    >>> picture = np.random.default_rng(0).integers(0, 256, (40, 80, 3), dtype=np.uint8).repeat(4, 0).repeat(4, 1)
    >>> find_copies(picture).count
    0
    >>> picture[40:100, 190:250] = picture[40:100, 40:100]
    >>> result = find_copies(picture)
    >>> result.count
    1
    >>> right = result.transforms[0] @ (70, 70, 1) - (70, 70)
    >>> [abs(round(float(shift))) for shift in right]
    [150, 0]
    """
    require_pixels(pixels)
    if not (isinstance(likeness, int | float | np.integer | np.floating) and 0.5 <= likeness < 1):
        raise InputError(f"likeness must be a number from 0.5 to below 1; got {likeness!r}.")
    height, width = pixels.shape[:2]
    grey, factor = _working_copy(luma(pixels))
    verified: list[_Verified] = []
    keypoints = _keypoints(grey)
    if keypoints is not None:
        layers = _layers(grey.astype(np.float32))
        for candidate in _candidates(keypoints, _matches(keypoints)):
            found = _verify(layers, keypoints, candidate, likeness)
            if found is not None:
                verified.append(found)
    agreement = np.zeros(grey.shape, dtype=np.float32)
    for found in verified:
        np.maximum(agreement, found.likeness, out=agreement)
        np.maximum(agreement, found.counterpart, out=agreement)
    agreement = _resized(agreement, height, width)
    mask = agreement > 0
    return CopiesResult(
        value=float(np.count_nonzero(mask) / mask.size),
        unit="share of the picture",
        map=agreement,
        confounders=(
            "Things made alike: printed letters, screens, tiles and computer graphics are true copies by themselves.",
            "Even patterns such as fences and façades; they are set aside, and a copy inside one is lost with them.",
            "Sky, fog and plain walls: where nothing stands out, a copy is not found.",
            "Strong compression, noise, blur or shrinking, which take away what the comparison holds on to.",
            "An honest retouching tool: dust, stitched panoramas and phone software also copy pixels.",
        ),
        mask=mask,
        count=len(verified),
        transforms=_original_transforms(verified, factor),
        matches=_original_matches(verified, keypoints, factor),
        pair=np.repeat(np.arange(len(verified), dtype=np.int64), [len(found.pairs) for found in verified]),
    )


def _working_copy(grey: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
    """The picture at the working size, and by how much x and y were multiplied."""
    import cv2

    height, width = grey.shape
    factor = (WORKING_AREA / (height * width)) ** 0.5
    if factor >= 1:
        return grey, np.ones(2)
    size = max(1, round(width * factor)), max(1, round(height * factor))
    return cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.array(size) / (width, height)


def _resized(picture: NDArray[np.float32], height: int, width: int) -> NDArray[np.float32]:
    import cv2

    if picture.shape == (height, width):
        return picture
    return cv2.resize(picture, (width, height), interpolation=cv2.INTER_NEAREST)


def _keypoints(grey: NDArray[np.uint8]) -> _Keypoints | None:
    import cv2

    if min(grey.shape) < SMALLEST_SIDE:
        return None
    # Without the precise upscale all keypoints lie a quarter of a pixel off, which a turn doubles.
    sift = cv2.SIFT_create(contrastThreshold=CONTRAST, enable_precise_upscale=True)
    points = _even_choice(sift.detect(grey, None))
    if len(points) < 2 * LEAST_MATCHES:
        return None
    # From top to bottom, so that neighbours in the picture are neighbours in the table.
    points, descriptors = sift.compute(grey, sorted(points, key=lambda point: point.pt[::-1]))
    table = np.array([(*point.pt, point.angle, point.size) for point in points], dtype=np.float32)
    lengths = np.linalg.norm(descriptors, axis=1, keepdims=True)
    return _Keypoints(
        places=table[:, :2],
        turns=np.radians(table[:, 2]),
        sizes=table[:, 3],
        descriptors=descriptors / np.maximum(lengths, 1),
    )


def _even_choice(points: Sequence[Any]) -> list[Any]:
    """So many of the keypoints that the time is bounded: the strongest of each part of the picture in turn."""
    if len(points) <= KEYPOINTS:
        return list(points)
    table = np.array([(*point.pt, point.response) for point in points])
    cell = (table[:, 0] // CELL) + 1e4 * (table[:, 1] // CELL)
    by_cell = np.lexsort((-table[:, 2], cell))
    # The place in one's cell: how far behind the first of the cell in the sorted table.
    _, first, count = np.unique(cell[by_cell], return_index=True, return_counts=True)
    turn = np.arange(len(points)) - np.repeat(first, count)
    return [points[number] for number in by_cell[np.argsort(turn, kind="stable")[:KEYPOINTS]]]


def _matches(keypoints: _Keypoints) -> NDArray[np.int64]:
    """Pairs of keypoints that look alike, (M, 2), each in both directions."""
    places, descriptors = keypoints.places, keypoints.descriptors
    cosine = descriptors @ descriptors.T
    heights = places[:, 1]
    for start in range(0, len(places), 128):
        rows = slice(start, start + 128)
        band = slice(*np.searchsorted(heights, (heights[start] - NEAR, heights[rows][-1] + NEAR)))
        x, y = (places[rows, None, axis] - places[None, band, axis] for axis in (0, 1))
        cosine[rows, band][x * x + y * y < NEAR**2] = -1
    each = np.arange(len(cosine))
    nearest, cosines = [], []
    for _ in range(NEIGHBOURS + 1):
        best = cosine.argmax(axis=1)
        nearest.append(best)
        cosines.append(cosine[each, best])
        cosine[each, best] = -1
    distance = np.sqrt(np.maximum(2 - 2 * np.array(cosines), 0))
    gap = distance[:-1] < RATIO * distance[1:]
    accepted = np.where(gap.any(axis=0), NEIGHBOURS - gap[::-1].argmax(axis=0), 0)
    one_way = np.concatenate([np.stack([each, nearest[rank]], axis=1)[accepted > rank] for rank in range(NEIGHBOURS)])
    return np.unique(np.concatenate([one_way, one_way[:, ::-1]]), axis=0)


def _candidates(keypoints: _Keypoints, pairs: NDArray[np.int64]) -> list[_Candidate]:
    """Transforms that several matches agree on, the most popular first; each pair of places once."""
    here = keypoints.places[pairs[:, 0]].astype(np.float64)
    there = keypoints.places[pairs[:, 1]].astype(np.float64)
    turn = keypoints.turns[pairs[:, 1]] - keypoints.turns[pairs[:, 0]]
    growth = np.log(keypoints.sizes[pairs[:, 1]] / keypoints.sizes[pairs[:, 0]])
    count = len(keypoints.places)
    way, way_back = pairs @ (count, 1), pairs @ (1, count)
    free = np.ones(len(pairs), dtype=bool)
    found: list[_Candidate] = []
    for _ in range(CANDIDATES):
        left = np.flatnonzero(free)
        if len(left) < LEAST_MATCHES:
            break
        supporters = left[_largest_agreement(here[left], there[left], turn[left], growth[left])]
        if len(supporters) < LEAST_MATCHES:
            break
        transform, fitted = _fit(here, there, left, supporters)
        distinct = min(len(np.unique(ends[fitted].round(), axis=0)) for ends in (here, there))
        if len(fitted) < LEAST_MATCHES or distinct < LEAST_MATCHES:
            free[supporters] = False
            continue
        found.append(_Candidate(transform, pairs[fitted]))
        free[fitted] = False
        free &= ~np.isin(way, way_back[fitted])
    return found


def _largest_agreement(
    here: NDArray[np.float64], there: NDArray[np.float64], turn: NDArray[np.float32], growth: NDArray[np.float32]
) -> NDArray[np.int64]:
    """Which matches agree with the one that most agree with."""
    tried = slice(0, None, max(1, len(here) // HYPOTHESES))
    x, y = (here[None, :, axis] - here[tried, None, axis] for axis in (0, 1))
    across, along = (np.exp(growth[tried]) * wave(turn[tried]) for wave in (np.sin, np.cos))
    miss_x = along[:, None] * x - across[:, None] * y - (there[None, :, 0] - there[tried, None, 0])
    miss_y = across[:, None] * x + along[:, None] * y - (there[None, :, 1] - there[tried, None, 1])
    turned = np.abs((turn[None] - turn[tried, None] + np.pi) % (2 * np.pi) - np.pi)
    # The further from the keypoint that named the transform, the more its error in angle and size counts.
    agree = np.hypot(miss_x, miss_y) < 3 + 0.1 * np.hypot(x, y)
    agree &= (turned < TURN) & (np.abs(growth[None] - growth[tried, None]) < RESIZE)
    return np.flatnonzero(agree[agree.sum(axis=1).argmax()])


def _fit(
    here: NDArray[np.float64], there: NDArray[np.float64], free: NDArray[np.int64], supporters: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Least squares over those who agree to a few pixels, chosen anew from all free matches a few times."""
    supporters = supporters[_strict_agreement(here[supporters], there[supporters])]
    transform = _similarity(here[supporters], there[supporters])
    for _ in range(4):
        miss = here[free] @ transform[:, :2].T + transform[:, 2] - there[free]
        closer = free[np.hypot(*miss.T) < FIT]
        if len(closer) < LEAST_MATCHES:
            return transform, closer
        supporters = closer
        transform = _similarity(here[supporters], there[supporters])
    return transform, supporters


def _strict_agreement(here: NDArray[np.float64], there: NDArray[np.float64]) -> NDArray[np.int64]:
    """Which matches agree with the two that most agree with.

    With places as complex numbers, a turn, a change of size and a shift are q = a p + b; two matches give a and b.
    """
    p, q = (places @ (1, 1j) for places in (here, there))
    first, second = np.triu_indices(min(len(p), PAIRED), 1)
    # Spread over the table, since neighbours in it are neighbours in the picture and name a poor turn.
    spread = np.linspace(0, len(p) - 1, min(len(p), PAIRED)).astype(np.int64)
    first, second = spread[first], spread[second]
    apart = np.abs(p[first] - p[second]) > 2 * FIT
    first, second = first[apart], second[apart]
    if len(first) == 0:
        return np.arange(len(p))
    a = (q[second] - q[first]) / (p[second] - p[first])
    b = q[first] - a * p[first]
    agree = np.abs(a[:, None] * p + b[:, None] - q) < FIT
    return np.flatnonzero(agree[agree.sum(axis=1).argmax()])


def _similarity(here: NDArray[np.float64], there: NDArray[np.float64]) -> NDArray[np.float64]:
    """The turn, change of size and shift that bring `here` nearest to `there` by least squares, (2, 3)."""
    middle, target = here.mean(axis=0), there.mean(axis=0)
    p, q = here - middle, there - target
    power = (p**2).sum()
    if power < 1e-9:
        return np.column_stack([np.eye(2), target - middle])
    along = (p * q).sum() / power
    across = (p[:, 0] * q[:, 1] - p[:, 1] * q[:, 0]).sum() / power
    if np.hypot(along - 1, across) < 0.01:
        # A plain shift is by far the most frequent copy; fitted as such it is exact.
        return np.column_stack([np.eye(2), np.median(there - here, axis=0).round(1)])
    linear = np.array([[along, -across], [across, along]])
    return np.column_stack([linear, target - linear @ middle])


def _layers(grey: NDArray[np.float32]) -> _Layers:
    import cv2

    smooth = cv2.GaussianBlur(grey, (0, 0), FINE)
    return _Layers(grey, smooth, smooth - cv2.GaussianBlur(smooth, (0, 0), COARSE))


def _verify(layers: _Layers, keypoints: _Keypoints, candidate: _Candidate, likeness: float) -> _Verified | None:
    """Compare the picture with itself under one transform; None if too little agrees."""
    import cv2

    height, width = layers.smooth.shape
    here = keypoints.places[candidate.pairs[:, 0]]
    low, high = here.min(axis=0), here.max(axis=0)
    margin = max(48, np.hypot(*(high - low)) / 2)
    left, top = np.maximum(low - margin, 0).astype(int)
    right, bottom = np.minimum(np.ceil(high + margin), (width, height)).astype(int)
    part = np.s_[top:bottom, left:right]
    shifted = candidate.transform.copy()
    shifted[:, 2] += candidate.transform[:, :2] @ (left, top)

    def counterpart(picture: NDArray[np.float32], border: int) -> NDArray[np.float32]:
        how = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        return cv2.warpAffine(picture, shifted, (right - left, bottom - top), flags=how, borderMode=border)

    # Blurred after the change of size and not before, so that both pictures have lost the same.
    there = _layers(counterpart(layers.grey, cv2.BORDER_REPLICATE))
    outside = counterpart(np.ones_like(layers.grey), cv2.BORDER_CONSTANT) < 1
    smooth = np.ascontiguousarray(layers.smooth[part])
    agreement = _likeness(layers.detail[part], there.detail)
    agreement[outside] = 0
    corners = cv2.cornerMinEigenVal(smooth, WINDOW, 3)
    core = ((agreement > likeness - CORE) & (corners > CORNERS)).astype(np.uint8)
    core = cv2.morphologyEx(core, cv2.MORPH_OPEN, np.ones((5, 5), np.uint8))
    core, supporters = _supported(core, here - (left, top))
    if supporters.sum() < LEAST_MATCHES - 1 or np.count_nonzero(core) < SMALLEST_AREA:
        return None
    sure = core > 0
    # A copy may have been made lighter or darker.
    difference = smooth - there.smooth
    difference = np.abs(difference - np.median(difference[sure]))
    difference[outside] = 255
    difference = cv2.blur(difference, (5, 5))
    usual = float(np.median(difference[sure]))
    if np.median(agreement[sure]) < likeness or usual > LEVELS:
        return None
    equal = difference <= 1.5 * usual + 0.1
    outline = cv2.fillConvexPoly(np.zeros_like(core), cv2.convexHull(cv2.findNonZero(core)), 1)
    solid = np.mean(((agreement > likeness - CORE) | equal)[outline > 0])
    if solid < SOLID or _repeats(layers.detail, core, (left, top), candidate.transform):
        return None
    same = _grown(core, outline, agreement, equal)
    inside = np.where(same, np.clip(agreement, 1e-3, 1), 0).astype(np.float32)
    full = np.zeros((height, width), dtype=np.float32)
    full[part] = inside
    other = cv2.warpAffine(full, candidate.transform, (width, height), flags=cv2.INTER_NEAREST)
    return _Verified(candidate.transform, candidate.pairs[supporters], full, other)


def _likeness(here: NDArray[np.float32], there: NDArray[np.float32]) -> NDArray[np.float32]:
    import cv2

    window = (WINDOW, WINDOW)
    power = cv2.blur(here * here + there * there, window) + 2 * NOISE_POWER
    return 2 * cv2.blur(here * there, window) / power


def _supported(core: NDArray[np.uint8], places: NDArray[np.float32]) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """Those pieces of the core that hold keypoints, and which keypoints they hold."""
    import cv2

    _, labels = cv2.connectedComponents(core)
    # A keypoint at the rim of a piece belongs to it.
    near = cv2.dilate(labels.astype(np.float32), np.ones((WINDOW, WINDOW), np.uint8)).astype(np.int64)
    x, y = places.round().astype(int).T
    label = near[y.clip(0, core.shape[0] - 1), x.clip(0, core.shape[1] - 1)]
    return np.isin(labels, label[label > 0]).astype(np.uint8), label > 0


def _repeats(
    detail: NDArray[np.float32], core: NDArray[np.uint8], corner: tuple[int, int], transform: NDArray[np.float64]
) -> bool:
    """Whether the core is a pattern: it overlaps its own copy, or its middle shows again close by.

    So do a fence, a row of windows, and a line that looks alike all along.
    """
    import cv2

    y, x = np.nonzero(core)
    there = np.column_stack([x, y]) + corner
    there = (there @ transform[:, :2].T + transform[:, 2] - corner).round().astype(np.int64)
    there = there[((there >= 0) & (there < core.shape[::-1])).all(axis=1)]
    if np.count_nonzero(core[there[:, 1], there[:, 0]]) > OVERLAP * len(x):
        return True
    depth = cv2.distanceTransform(cv2.copyMakeBorder(core, 1, 1, 1, 1, cv2.BORDER_CONSTANT), cv2.DIST_L2, 5)
    _, deepest, _, (x, y) = cv2.minMaxLoc(depth)
    x, y = x - 1 + corner[0], y - 1 + corner[1]
    height, width = detail.shape
    half = min(int(np.clip(deepest, 10, 20)), (min(height, width) - 1) // 2)
    search = half + 40
    x, y = int(np.clip(x, half, width - half - 1)), int(np.clip(y, half, height - half - 1))
    left, top = max(0, x - search), max(0, y - search)
    template = detail[y - half : y + half + 1, x - half : x + half + 1]
    scene = detail[top : y + search + 1, left : x + search + 1]
    likeness = cv2.matchTemplate(scene, template, cv2.TM_CCORR_NORMED)
    # The place itself, and its copy if that lies so near.
    for place_x, place_y in ((x, y), transform @ (x, y, 1)):
        centre = round(place_x) - half - left, round(place_y) - half - top
        cv2.circle(likeness, centre, 8, 0.0, -1)
    return bool(likeness.max() > REPEATS)


def _grown(
    core: NDArray[np.uint8], outline: NDArray[np.uint8], agreement: NDArray[np.float32], equal: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """The core, and around it what agrees as well as the core does."""
    import cv2

    reach = cv2.dilate(outline, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * REACH + 1, 2 * REACH + 1)))
    same = ((agreement > LIKENESS_AT_EDGE) | equal) & (reach > 0)
    same = cv2.morphologyEx(same.astype(np.uint8) | core, cv2.MORPH_OPEN, np.ones((5, 5), np.uint8)) | core
    same = cv2.morphologyEx(same, cv2.MORPH_CLOSE, np.ones((7, 7), np.uint8))
    _, labels = cv2.connectedComponents(same)
    kept = np.isin(labels, np.unique(labels[core > 0])).astype(np.uint8)
    outlines, _ = cv2.findContours(kept, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    filled = cv2.drawContours(kept, outlines, -1, 1, cv2.FILLED)
    # Windows that look over the edge of a copy see what is beside it, so that a rim was lost.
    return cv2.dilate(filled, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * RIM + 1, 2 * RIM + 1))) > 0


def _original_transforms(verified: list[_Verified], factor: NDArray[np.float64]) -> NDArray[np.float64]:
    """From the working size to the original: S^-1 A S, with the centres of pixels at whole numbers."""
    transforms = np.zeros((len(verified), 2, 3))
    for number, found in enumerate(verified):
        linear = found.transform[:, :2] * factor / factor[:, None]
        half = (factor - 1) / 2
        transforms[number, :, :2] = linear
        transforms[number, :, 2] = (found.transform[:, :2] @ half + found.transform[:, 2] - half) / factor
    return transforms


def _original_matches(
    verified: list[_Verified], keypoints: _Keypoints | None, factor: NDArray[np.float64]
) -> NDArray[np.float64]:
    if keypoints is None or not verified:
        return np.zeros((0, 4))
    pairs = np.concatenate([found.pairs for found in verified])
    ends = (keypoints.places[pairs].astype(np.float64) - (factor - 1) / 2) / factor
    return ends.reshape(-1, 4)
