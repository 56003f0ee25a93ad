"""What a generator wrote into its file: prompt, seed and model."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

_LONGEST = 8_000_000
_MOST_STEPS = 200
_MOST_NODES = 20_000
_DEEPEST = 4  # a note within a note within a note
_MODEL_KEYS = ("unet_name", "ckpt_name", "model_name")


@dataclass(frozen=True)
class Generation:
    """What a file says of how it was generated.

    Attributes
    ----------
    tool : str
        The program whose way of writing this is; ``"a generator"`` where several write like this.
    prompt, model : str or None
    seed : int or None
        The number that the noise was drawn from. The same program in the same version, with the same model, prompt,
        settings and seed, gives nearly the same picture again; on another machine it may differ a little.
    """

    tool: str
    prompt: str | None = None
    seed: int | None = None
    model: str | None = None


def find_generation(texts: Iterable[str], named: Mapping[str, str] | None = None) -> Generation | None:
    """Look for a generator's own notes among the texts of a file.

    Parameters
    ----------
    texts : iterable of str
        Values of any fields.
    named : mapping of str to str, optional
        The same by the names of their fields: some programs give prompt and seed a field each.

    Returns
    -------
    Generation or None

    Examples
    --------
    >>> find_generation(["a cat\\nNegative prompt: blurry\\nSteps: 20, Seed: 7, Model: toy"])
    Generation(tool='Stable Diffusion web UI', prompt='a cat', seed=7, model='toy')
    >>> find_generation(['{"3": {"class_type": "KSampler", "inputs": {"seed": 5}}}']).seed
    5
    >>> find_generation(['{"sui_image_params": {"prompt": "a cat", "seed": 7, "model": "toy"}}'])
    Generation(tool='SwarmUI', prompt='a cat', seed=7, model='toy')
    >>> find_generation(["Seed: apple"]) is None
    True
    """
    named = named or {}
    best: Generation | None = None
    for text in texts:
        found = _json(text) or _parameters(text) or _dream(text)
        if found and (best is None or _known(found) > _known(best)):
            best = found
    if best is None:
        best = _described(named, "", whole=True)
    if best and best.prompt is None and best.tool == "NovelAI":  # which keeps the prompt in a field beside the rest
        best = replace(best, prompt=_words(named.get("Description")))
    return best


def _known(found: Generation) -> int:
    return sum(one is not None for one in (found.prompt, found.seed, found.model))


# text


def _parameters(text: str) -> Generation | None:
    # one line of settings at the end, after the prompt and what was not wanted
    settings = re.search(r"^Steps: \d+,.*$", text[:200_000], re.MULTILINE)
    seed = settings and re.search(r"\bSeed: (\d{1,20})", settings[0])
    if not seed:
        return None
    model = re.search(r"\bModel: ([^,]{1,200})", settings[0])
    prompt = re.split(r"(?:^|\n)Negative prompt:", text[: settings.start()])[0].strip()
    return Generation("Stable Diffusion web UI", prompt or None, int(seed[1]), model[1].strip() if model else None)


def _dream(text: str) -> Generation | None:
    """A line as one typed it to the first versions of InvokeAI: ``"a cat" -s 50 -S 7 -W 512 …``."""
    found = re.match(r'\s*"(.{1,20000}?)"((?: -{1,2}[A-Za-z_]+(?: [^\s-]\S*)?)+)\s*\Z', text[:40_000], re.DOTALL)
    seed = found and re.search(r" -S ?(\d{1,20})\b", found[2])
    return Generation("InvokeAI", found[1].strip() or None, int(seed[1])) if found and seed else None


# JSON


def _json(text: str) -> Generation | None:
    start = text.find("{", 0, 32)
    if start < 0 or len(text) > _LONGEST or '"' not in text[start : start + 4_000]:
        return None
    if not any(word in text for word in ("seed", "Seed", "prompt", "Prompt", "KSampler")):
        return None
    try:
        note, _ = json.JSONDecoder(parse_int=_sane).raw_decode(text[start:])
    except (ValueError, RecursionError):
        return None
    return _from_json(note, "", 0)


def _sane(digits: str) -> int | None:
    """A whole number; one that no program draws is left out, and must not hide what stands beside it."""
    return int(digits) if len(digits) <= 40 else None


def _from_json(note: object, name: str, depth: int) -> Generation | None:
    """Whatever of a note says how the picture was generated, from the outside in."""
    if isinstance(note, str):
        return _json(note) if depth and note.lstrip()[:1] == "{" and depth <= _DEEPEST else None
    if not isinstance(note, dict) or depth > _DEEPEST:
        return None
    found = _graph(_nodes(note)) or _graph(_page_nodes(note)) or _described(note, name)
    if found:
        return found
    for key, inner in list(note.items())[:_MOST_STEPS]:
        found = _from_json(inner, str(key), depth + 1)
        if found:
            return found
    return None


# by the letters of their names alone, small
_PROMPTS = ("prompt", "positiveprompt", "rawprompt", "fullprompt", "sdprompt", "c")
_SEEDS = ("seed", "noiseseed", "randomseed")
_MODELS = (
    "modelweights", "model", "modelname", "basemodel", "basemodelname", "checkpoint", "sdmodel", "stablediffusionmodel",
    "usestablediffusionmodel", "sdmodelname", "ckptname",
)  # fmt: skip
_SETTINGS = ("steps", "numinferencesteps", "sampler", "samplername", "scheduler", "cfgscale", "guidancescale", "scale")
_TOOLS = {
    "sui_image_params": "SwarmUI",
    "invokeai_metadata": "InvokeAI",
    "sd-metadata": "InvokeAI",
    "mflux_version": "mflux",
    "use_stable_diffusion_model": "Easy Diffusion",
    "Stable Diffusion model": "Easy Diffusion",
    "app_version": "InvokeAI",
    "base_model_hash": "Fooocus",
    "uc": "NovelAI",
    "ModelHash": "Stability Matrix",
}


def _described(note: Mapping[str, Any], name: str, *, whole: bool = False) -> Generation | None:
    """Prompt, seed and model by the names they go by, from one list of names and values."""
    plain = {re.sub(r"[^a-z]", "", str(key).lower()): value for key, value in list(note.items())[:_MOST_STEPS]}
    inner = plain.get("image")
    if isinstance(inner, dict) and "seed" in inner:  # what early InvokeAI keeps one floor further in
        plain = {**plain, **{str(key).lower(): value for key, value in inner.items()}}
    prompt = next((words for key in _PROMPTS if (words := _words(plain.get(key)))), None)
    seed = next((number for key in _SEEDS if (number := _whole(plain.get(key))) is not None), None)
    model = next((words for key in _MODELS if (words := _words(plain.get(key)))), None)
    settings = sum(plain.get(key) is not None for key in _SETTINGS)
    if whole and (prompt is None or seed is None):  # fields of a file have such names for other reasons too
        return None
    if not (prompt and (seed is not None or (model and settings))) and not (seed is not None and settings >= 2):
        return None
    tool = next((tool for key, tool in _TOOLS.items() if key == name or key in note), "a generator")
    stated = str(plain.get("version", "")) + str(plain.get("software", ""))
    tool = next((one for one in ("RuinedFooocus", "Fooocus", "NovelAI") if one in stated), tool)
    if tool == "NovelAI" and "c" in note:
        tool = "Draw Things"
    return Generation(tool, prompt, seed, model)


def _words(value: object) -> str | None:
    """A text, or that of a list or of a named thing."""
    for _ in range(3):
        if isinstance(value, list) and value:
            value = value[0]
        elif isinstance(value, dict):
            value = next((value[key] for key in ("prompt", "name", "model_name", "base_caption") if key in value), None)
    return value.strip("\0 \n") or None if isinstance(value, str) else None


def _whole(value: object) -> int | None:
    if isinstance(value, list) and value:  # one for each picture
        value = value[0]
    if isinstance(value, str) and re.fullmatch(r"\s*\d{1,20}\s*", value):
        return int(value)
    return value if _is_number(value) else None


# the graphs of ComfyUI


def _nodes(graph: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The graph that is run: nodes by number, each with inputs, some of them links ``[node, output]``."""
    return {
        str(key): node["inputs"]
        for key, node in list(graph.items())[:_MOST_NODES]
        if isinstance(node, dict) and "class_type" in node and isinstance(node.get("inputs"), dict)
    }


_UNNAMED = {
    "KSampler": ("seed",),
    "KSamplerAdvanced": ("", "noise_seed"),
    "RandomNoise": ("noise_seed",),
    "CLIPTextEncode": ("text",),
    "CheckpointLoaderSimple": ("ckpt_name",),
    "UNETLoader": ("unet_name",),
}
"""What the first values of a node mean, where the page does not name them."""


def _page_nodes(page: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The same out of the graph as it is drawn on the page: nodes with values in a row, and links by number."""
    nodes, links = page.get("nodes"), page.get("links")
    if not isinstance(nodes, list) or not isinstance(links, list):
        return {}
    from_node = {
        str(link[0]): [str(link[1]), link[2]]
        for link in links[:_MOST_NODES]
        if isinstance(link, list) and len(link) >= 3
    }
    found: dict[str, dict[str, Any]] = {}
    for node in nodes[:_MOST_NODES]:
        if not isinstance(node, dict):
            continue
        inputs: dict[str, Any] = {}
        widgets = node.get("widgets_values")
        named = list(_UNNAMED.get(str(node.get("type")), ()))
        for one in node["inputs"] if isinstance(node.get("inputs"), list) else ():
            if isinstance(one, dict) and str(one.get("link")) in from_node:
                inputs[str(one.get("name"))] = from_node[str(one["link"])]
        if isinstance(widgets, dict):
            inputs = {**widgets, **inputs}
        elif isinstance(widgets, list):
            for name, value in zip(named, widgets, strict=False):
                if name:
                    inputs.setdefault(name, value)
        found[str(node.get("id"))] = inputs
    return found


def _graph(nodes: Mapping[str, Mapping[str, Any]]) -> Generation | None:
    for inputs in nodes.values():
        seed = next(_seeds(nodes, inputs), None)
        if seed is not None:
            wanted = _followed(nodes, inputs.get("positive"), ("text",), first="positive")
            model = _followed(nodes, inputs.get("model"), _MODEL_KEYS, first="model")
            for other in nodes.values():  # noise, words and model may hang on nodes of their own
                for name in ("positive", "conditioning"):
                    wanted = wanted or _followed(nodes, other.get(name), ("text",), first="positive")
                model = model or next((words for key in _MODEL_KEYS if (words := _words(other.get(key)))), None)
            return Generation("ComfyUI", wanted, seed, model)
    return None


def _seeds(nodes: Mapping[str, Mapping[str, Any]], inputs: Mapping[str, Any]) -> Iterator[int]:
    for key in ("seed", "noise_seed"):
        value = inputs.get(key)
        if isinstance(value, list) and value:  # a link to a node that only holds the number
            held = nodes.get(str(value[0]), {})
            value = next((held[name] for name in ("seed", "noise_seed", "value", "int") if name in held), None)
        if _is_number(value):
            yield value


def _followed(nodes: Mapping[str, Mapping[str, Any]], link: object, keys: tuple[str, ...], first: str) -> str | None:
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
            if words := _held(nodes, inputs.get(key)):
                return words
        waiting = [inputs[first]] if first in inputs else waiting + [one for one in inputs.values() if one is not None]
    return None


def _held(nodes: Mapping[str, Mapping[str, Any]], value: object) -> str | None:
    """A text, or what a node holds that has nothing but a text, where a link leads to one."""
    if isinstance(value, list) and value:
        node = nodes.get(str(value[0]), {})
        value = next((node[name] for name in ("value", "string", "text") if isinstance(node.get(name), str)), None)
    return value if isinstance(value, str) and value.strip() else None


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
