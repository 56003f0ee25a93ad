"""The chain: who did what to which picture, as a graph one walks through with the arrow keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import traitlets

from course.errors import InputError
from course.ui.credential import WORDS, done
from course.ui.look import View, static

if TYPE_CHECKING:
    from course.provenance import Lineage, Node


class ChainView(View):
    """Shows a `course.provenance.Lineage`. Walking through it happens in the browser; the kernel is not asked.

    Parameters
    ----------
    lineage : Lineage
    pictures : mapping of str to bytes
        Small JPEG pictures by title; a node may have none.
    told : str
        What is said below the chain.

    Raises
    ------
    ValueError
        If there is no statement, so nothing to show.
    """

    _esm = static("parts.js", "credential.js", "chain.js")

    graph = traitlets.Dict().tag(sync=True)
    pictures = traitlets.Dict().tag(sync=True)
    told = traitlets.Unicode().tag(sync=True)

    def __init__(self, lineage: Lineage, pictures: Mapping[str, bytes], told: str = ""):
        if not lineage.nodes:
            raise InputError("There is no statement in this file, so there is no chain to draw: choose a signed one.")
        super().__init__(
            graph={
                "nodes": [self._node(lineage, node) for node in lineage.nodes],
                "links": [[one.source, one.target, one.whole] for one in lineage.links],
            },
            pictures={node.key: pictures[node.title] for node in lineage.nodes if node.title in pictures},
            told=told,
        )

    @staticmethod
    def _of_a_part(node: Node, means: str) -> str:
        if node.changed:
            return "It was changed after it had been taken up."
        return f"When it was taken up: {means[0].lower()}{means[1:]}"

    def _node(self, lineage: Lineage, node: Node) -> dict[str, object]:
        word, means = WORDS[node.state]
        last = not lineage.after(node.key)
        rows = []
        if node.signer:
            whole = node.state.name in ("TRUSTED", "UNKNOWN")
            rows = [
                ["Signed by" if whole else "It names as signer", node.signer],
                ["What was done", done(node.actions)],
                ["Tool", node.tool or "–"],
            ]
        before = [lineage[key].title for key in lineage.before(node.key)]
        after = [lineage[key].title for key in lineage.after(node.key)]
        if before:
            rows.append(["Made from", ", ".join(before)])
        if after:
            rows.append(["Went into", ", ".join(after)])
        reasons = [one.words for one in node.reasons]
        return {
            "key": node.key,
            "title": node.title,
            "by": node.signer or "nobody signed",
            "tool": node.tool,
            "column": node.column,
            "row": node.row,
            "credential": {
                "state": str(node.state),
                "word": word,
                "means": means if last else self._of_a_part(node, means),
                "rows": rows,
                "reasons": reasons,
            },
        }
