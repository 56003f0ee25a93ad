"""What a teacher should know of a form of their own before a class takes its result for a measurement.

The same questions as for the forms of the course (`course.form_audit`), asked of a few items and of pictures that did
not come from us. So what is said here is advice: whatever it is, the form can be used.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from course import form_audit, media, shortcuts
from course.form_audit import Look, met, one_picture, one_scene, table
from course.judgement.ranking import auc
from course.media.catalogue import data_folder
from course.shortcuts import LIMITS, holds

SMALLEST_SIDE = 12
"""Items of each origin. Somebody who is right three times in four on both sides is told from a coin from here on: the
95 per cent range of their d' is 0.2 to 2.4; with 8 of each it is 0.0 to 2.6, with 4 it is -0.5 to 2.6."""

SURE = 0.99
"""Level of the intervals of single numbers. A form of a few items in which there is nothing to be found would, of nine
numbers, have one beyond its limit at 95 per cent in one form of three, at 99 in one of twenty."""

_DETECTOR = "linear"


def remarks(folder: Path) -> list[str]:
    """Ask of each form of a folder whether it measures an eye, and little else.

    Parameters
    ----------
    folder : pathlib.Path
        With a sheet that is in order and files that can be opened.

    Returns
    -------
    list of str
        A sentence for each thing to know; empty if there is nothing. None of it keeps the form from being used.

    Raises
    ------
    media.MediaError
        If the sheet has mistakes, or a file cannot be opened.
    """
    forms = media.own_forms(folder)
    known: dict[str, media.Item] = {**media.catalogue(data_folder()), **media.own_pictures(folder)}
    items = {form.name: [known[one] for one in form.items] for form in forms.values()}
    found = [sentence for name, chosen in items.items() for sentence in _size(name, chosen)]
    shipped = _shipped()
    openly = _openly()
    looks = _looks({item.id: item for item in (*shipped.values(), *openly, *(i for c in items.values() for i in c))})
    for name, chosen in items.items():
        found += _shortcuts(name, chosen, openly, looks)
    return [*found, *_met_again(items, shipped, openly, looks)]


def _size(name: str, items: Sequence[media.Item]) -> Iterable[str]:
    camera, generated = (sum(item.origin == origin for item in items) for origin in ("camera", "generated"))
    if not camera or not generated:
        missing = "generated" if camera else "camera"
        yield (
            f"Form {name} has no {missing} item, so it cannot tell a sharp eye from somebody who gives one answer "
            "to all."
        )
    elif min(camera, generated) < SMALLEST_SIDE:
        yield (
            f"Form {name} is small: {camera} camera and {generated} generated items. Somebody who is right three times "
            f"in four cannot be told from a coin with fewer than {SMALLEST_SIDE} of each; take its results as practice."
        )


def _shortcuts(
    name: str, items: Sequence[media.Item], openly: Sequence[media.Item], looks: Mapping[str, Look]
) -> Iterable[str]:
    for kind in ("clip", "still"):
        asked = table([item for item in items if item.kind == kind], looks)
        if len(set(asked.generated)) < 2:
            continue
        for number in asked.features:
            sides = [
                [value for value, made in zip(asked.column(number), asked.generated, strict=True) if made is side]
                for side in (True, False)
            ]
            area = auc(*sides, level=SURE)
            if area.tells and not holds(area, LIMITS.single):
                where = "higher" if area.value > 0.5 else "lower"
                yield (
                    f"Form {name}: {number} is {where} in the generated {kind}s than in those from a camera (AUC "
                    f"{area.value:.2f}), so whoever goes by that alone does well; exchange some."
                )
        learned = table([item for item in openly if item.kind == kind and item.id not in asked.items], looks)
        area = shortcuts.examine(learned, asked, (_DETECTOR,))[_DETECTOR].auc
        if area.tells and not holds(area, LIMITS.single):
            does = "tells" if area.value > 0.5 else "is reliably wrong about"
            yield (
                f"Form {name}: a detector that learned colour, detail and movement from the lessons {does} its {kind}s "
                f"(AUC {area.value:.2f}), so a result may show the shortcut and not the eye; exchange some."
            )


def _met_again(
    items: Mapping[str, Sequence[media.Item]],
    shipped: Mapping[str, media.Item],
    openly: Sequence[media.Item],
    looks: Mapping[str, Look],
) -> list[str]:
    """What a class may have met before: in the course, or in another form of the same folder."""
    where = {one: f"form {form.name}" for form in form_audit.load_forms() for one in form.items}
    found = []
    names = list(items)
    for at, name in enumerate(names):
        for item in items[name]:
            places = [where[item.id]] if item.id in where else []
            if item.registry != "own" and not places:
                places = ["the lessons"]
            places += [f"form {other}" for other in names[at + 1 :] if item in items[other]]
            if places:
                found.append(
                    f"“{item.id}” of form {name} is also in {' and in '.join(places)}: whoever met it there knows it."
                )
    asked = [met(item, f"form {name}", looks) for name, chosen in items.items() for item in chosen]
    others = [met(item, where[one], looks) for one, item in shipped.items()]
    others += [met(item, form_audit.OPENLY, looks) for item in openly]
    return [*found, *one_scene(asked, others), *one_picture(asked, others)[0]]


def _shipped() -> dict[str, media.Item]:
    """The items of the course's own forms."""
    catalogue = media.catalogue(data_folder())
    return {one: catalogue[one] for form in form_audit.load_forms() for one in form.items if one in catalogue}


def _openly() -> tuple[media.Item, ...]:
    from course.lessons.lesson import free_items

    return free_items(purpose="parity")


def _looks(items: Mapping[str, media.Item]) -> dict[str, Look]:
    from course.forensics.picture_numbers import clip_numbers, still_numbers

    def seen(item: media.Item) -> Look:
        shown = media.load(item)
        # The size of the file is left out: a teacher's own is coded when it is shown.
        numbers = clip_numbers(shown.frames) if isinstance(shown, media.Clip) else still_numbers(shown.pixels)
        return form_audit.look(shown, numbers)

    with ThreadPoolExecutor(2) as two:
        return dict(zip(items, two.map(seen, items.values()), strict=True))
