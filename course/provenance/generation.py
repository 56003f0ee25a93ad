"""What a generator wrote into its file: prompt, seed and model."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_LONGEST_GRAPH = 8_000_000
_MOST_STEPS = 200
_MODEL_KEYS = ("unet_name", "ckpt_name", "model_name")


@dataclass(frozen=True)
class Generation:
    """What a file says of how it was generated.

    Attributes
    ----------
    tool : str
        The program whose way of writing this is.
    prompt, model : str or None
    seed : int or None
        The number that the noise was drawn from: same program, model, prompt and seed give the same picture again.
    """

    tool: str
    prompt: str | None = None
    seed: int | None = None
    model: str | None = None


def find_generation(texts: Iterable[str]) -> Generation | None:
    """Look for a generator's own notes among the texts of a file.

    Parameters
    ----------
    texts : iterable of str
        Values of any fields.

    Returns
    -------
    Generation or None

    Examples
    --------
    >>> find_generation(["a cat\\nNegative prompt: blurry\\nSteps: 20, Seed: 7, Model: toy"])
    Generation(tool='Stable Diffusion web UI', prompt='a cat', seed=7, model='toy')
    >>> find_generation(['{"3": {"class_type": "KSampler", "inputs": {"seed": 5}}}']).seed
    5
    >>> find_generation(["Seed: apple"]) is None
    True
    """
    for text in texts:
        found = _graph(text) or _parameters(text)
        if found:
            return found
    return None


def _parameters(text: str) -> Generation | None:
    # one line of settings at the end, after the prompt and what was not wanted
    settings = re.search(r"^Steps: \d+,.*$", text[:200_000], re.MULTILINE)
    seed = settings and re.search(r"\bSeed: (\d{1,20})", settings[0])
    if not seed:
        return None
    model = re.search(r"\bModel: ([^,]{1,200})", settings[0])
    prompt = text[: settings.start()].split("\nNegative prompt:")[0].strip()
    return Generation("Stable Diffusion web UI", prompt or None, int(seed[1]), model[1].strip() if model else None)


def _graph(text: str) -> Generation | None:
    """The prompt graph of ComfyUI: nodes by number, each with inputs, some of them links ``[node, output]``."""
    start = text.find("{", 0, 32)
    if start < 0 or len(text) > _LONGEST_GRAPH or '"class_type"' not in text:
        return None
    try:
        graph = json.loads(text[start:])
    except (ValueError, RecursionError):
        return None
    if not isinstance(graph, dict):
        return None
    nodes = {
        str(key): node["inputs"]
        for key, node in graph.items()
        if isinstance(node, dict) and isinstance(node.get("inputs"), dict)
    }
    for inputs in nodes.values():
        seed = next((inputs[key] for key in ("seed", "noise_seed") if _is_number(inputs.get(key))), None)
        if seed is not None:
            wanted = _followed(nodes, inputs.get("positive"), ("text",), first="positive")
            model = _followed(nodes, inputs.get("model"), _MODEL_KEYS, first="model")
            return Generation("ComfyUI", wanted, seed, model)
    return None


def _followed(nodes: Mapping[str, dict], link: object, keys: tuple[str, ...], first: str) -> str | None:
    """Follow links until a node holds one of the keys as text, through inputs called `first` before others."""
    waiting, seen = [link], set()
    while waiting and len(seen) < _MOST_STEPS:
        link = waiting.pop(0)
        name = str(link[0]) if isinstance(link, list) and link else None
        if name is None or name in seen or name not in nodes:
            continue
        seen.add(name)
        inputs = nodes[name]
        for key in keys:
            if isinstance(inputs.get(key), str) and inputs[key].strip():
                return inputs[key]
        waiting = [inputs[first]] if first in inputs else waiting + [one for one in inputs.values() if one is not None]
    return None


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
