"""Who did what to which ingredient: the chain of statements in a file as nodes and the ways between them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from course.provenance.credentials import Action, Credential, Piece, Reason, State, Step

UNTITLED = "Untitled"
"""What a file is called that no statement gives a title."""


@dataclass(frozen=True, kw_only=True)
class Node:
    """A file of the chain: with a statement of its own, or a piece that has none.

    Attributes
    ----------
    key : str
        Short, and unique in the lineage.
    title : str
        As its own statement has it; without one, the name that the statement of the next file gives it; or `UNTITLED`.
    signer, tool : str
        Empty without a statement.
    actions : tuple of Action
    state : State
        Of the last file: what its check comes to now. Of the others: what it came to when they were taken up.
    reasons : tuple of Reason
    column, row : int
        Where to draw it: what was made first stands in column 0, the file itself in the last one.
    changed : bool
        Whether its statement was changed after it was taken up.
    """

    key: str
    title: str
    signer: str
    tool: str
    actions: tuple[Action, ...]
    state: State
    reasons: tuple[Reason, ...]
    column: int
    row: int
    changed: bool = False


@dataclass(frozen=True)
class Link:
    """A file that went into another one: `whole` if it was opened and worked on, else placed into it."""

    source: str
    target: str
    whole: bool


@dataclass(frozen=True)
class Lineage:
    """Nodes, from the first to the last, and links."""

    nodes: tuple[Node, ...]
    links: tuple[Link, ...]

    def __getitem__(self, key: str) -> Node:
        return next(node for node in self.nodes if node.key == key)

    def before(self, key: str) -> tuple[str, ...]:
        """Keys of what a file was made from, what it was worked on first."""
        return tuple(link.source for link in self.links if link.target == key)

    def after(self, key: str) -> tuple[str, ...]:
        """Keys of what was made from a file."""
        return tuple(link.target for link in self.links if link.source == key)


def lineage(credential: Credential) -> Lineage:
    """Lay out the chain of a credential.

    Parameters
    ----------
    credential : Credential
        Of `course.provenance.verify`.

    Returns
    -------
    Lineage
        Empty if there is no statement.

    Examples
    --------
    >>> lineage(Credential(state=State.NONE))
    Lineage(nodes=(), links=())
    """
    steps = {step.label: step for step in credential.chain}
    if not steps:
        return Lineage((), ())
    last = credential.chain[0]
    files: dict[str, tuple[Step | None, Piece | None]] = {last.label: (last, None)}
    links: list[Link] = []
    waiting = [last]
    while waiting:
        step = waiting.pop(0)
        # what was worked on comes first, then what was placed into it
        for number, part in enumerate(sorted(step.ingredients, key=lambda one: not one.whole)):
            key = part.step if part.step in steps else f"{step.label}/{number}"
            links.append(Link(key, step.label, part.whole))
            if key not in files:
                files[key] = (steps.get(part.step), part)
                if part.step in steps:
                    waiting.append(steps[part.step])
    depth = _depths(last.label, links)
    deepest = max(depth.values())
    short = {key: f"n{number}" for number, key in enumerate(files)}
    rows: dict[int, int] = {}
    nodes = []
    for key, (step, part) in files.items():
        column = deepest - depth[key]
        row = rows[column] = rows.get(column, -1) + 1
        nodes.append(
            Node(
                key=short[key],
                title=(step.title if step else "") or (part.title if part else "") or UNTITLED,
                signer=step.signer if step else "",
                tool=step.tool if step else "",
                actions=step.actions if step else (),
                state=part.state if part else credential.state,
                reasons=part.reasons if part else credential.reasons,
                column=column,
                row=row,
                changed=bool(part and part.changed),
            )
        )
    ways = tuple(Link(short[link.source], short[link.target], link.whole) for link in links)
    return Lineage(tuple(sorted(nodes, key=lambda one: (one.column, one.row))), ways)


def _depths(last: str, links: Iterable[Link]) -> dict[str, int]:
    """How many steps each file lies before the last one, by the longest way."""
    before: dict[str, list[str]] = {}
    for link in links:
        before.setdefault(link.target, []).append(link.source)
    depth, waiting = {last: 0}, [(last, (last,))]
    while waiting:
        key, way = waiting.pop()
        for source in before.get(key, ()):
            # a damaged file may name itself among what it was made from
            if source not in way and depth[key] + 1 > depth.get(source, -1):
                depth[source] = depth[key] + 1
                waiting.append((source, (*way, source)))
    return depth
