"""Notes of generators, in the forms that published programs write them, made up here."""

import json

import pytest

from course.provenance import read_bytes, remarks
from course.provenance.generation import find_generation

PROMPT = "a paper boat, “blue”, on a lake"
PAGE = {
    "nodes": [
        {"id": 3, "type": "KSampler", "widgets_values": [42, "fixed", 20, 7.0, "euler"],
         "inputs": [{"name": "model", "link": 1}, {"name": "positive", "link": 4}]},
        {"id": 4, "type": "CheckpointLoaderSimple", "widgets_values": ["toy.safetensors"]},
        {"id": 6, "type": "CLIPTextEncode", "widgets_values": [PROMPT], "inputs": [{"name": "clip", "link": 3}]},
    ],
    "links": [[1, 4, 0, 3, 0, "MODEL"], [3, 4, 1, 6, 0, "CLIP"], [4, 6, 0, 3, 1, "CONDITIONING"]],
}  # fmt: skip
RUN = {
    "10": {"class_type": "SamplerCustomAdvanced", "inputs": {"noise": ["11", 0], "guider": ["12", 0]}},
    "11": {"class_type": "RandomNoise", "inputs": {"noise_seed": ["15", 0]}},
    "12": {"class_type": "BasicGuider", "inputs": {"model": ["13", 0], "conditioning": ["14", 0]}},
    "13": {"class_type": "UNETLoader", "inputs": {"unet_name": "toy.safetensors"}},
    "14": {"class_type": "CLIPTextEncode", "inputs": {"text": PROMPT}},
    "15": {"class_type": "PrimitiveInt", "inputs": {"value": 42}},
}
NOTES = {
    "SwarmUI": {"sui_image_params": {"prompt": PROMPT, "seed": 42, "model": "toy.safetensors", "steps": 20}},
    "InvokeAI": {"positive_prompt": PROMPT, "seed": 42, "model": {"name": "toy.safetensors"}, "app_version": "4.2"},
    "InvokeAI early": {
        "model": "stable diffusion", "model_weights": "toy.safetensors", "app_id": "invoke-ai/InvokeAI",
        "image": {"prompt": [{"prompt": PROMPT, "weight": 1}], "seed": 42, "steps": 50},
    },
    "NovelAI": {"prompt": PROMPT, "steps": 28, "sampler": "k_euler", "seed": 42, "scale": 5.0, "uc": "blurry"},
    "Fooocus": {"prompt": PROMPT, "seed": "42", "base_model": "toy.safetensors", "version": "Fooocus v2.5.0"},
    "Easy Diffusion": {"prompt": PROMPT, "seed": 42, "use_stable_diffusion_model": "toy.safetensors"},
    "Draw Things": {"c": PROMPT, "uc": "blurry", "seed": 42, "model": "toy.safetensors", "steps": 8},
    "mflux": {"mflux_version": "0.6", "prompt": PROMPT, "seed": 42, "model": "toy.safetensors"},
    "ComfyUI on the page": PAGE,
    "ComfyUI as run": RUN,
    "ComfyUI in a film": {"prompt": json.dumps(RUN), "workflow": json.dumps(PAGE)},
    "unknown": {"info": {"Prompt": PROMPT, "Seed": 42, "Model": "toy.safetensors"}},
}  # fmt: skip


@pytest.mark.parametrize("name", NOTES)
@pytest.mark.parametrize("place", ["parameters", "Comment", "invokeai_metadata", "EXIF"])
def test_notes_in_json_give_prompt_seed_and_model(name, place, chunked, coded):
    text = json.dumps(NOTES[name], ensure_ascii=name in ("NovelAI", "mflux"))
    if place == "EXIF":
        from PIL import Image

        exif = Image.Exif()
        exif[0x8769] = {0x9286: b"UNICODE\0" + text.encode("utf-16-be")}
        data = coded("JPEG", exif)
    else:
        data = chunked((b"iTXt", place.encode() + b"\0\0\0\0\0" + text.encode()))
    metadata = read_bytes(data)
    made = metadata.generation
    assert made and (made.prompt, made.seed) == (PROMPT, 42), made
    assert made.model == (None if name == "NovelAI" else "toy.safetensors")
    if name in ("SwarmUI", "InvokeAI", "NovelAI", "Fooocus", "Easy Diffusion", "Draw Things", "mflux"):
        assert made.tool == name
    (said,) = (one.found for one in remarks(metadata) if one.topic == "generation")
    assert PROMPT in said and "seed 42" in said and "a generator does" not in said


def test_notes_spread_over_fields_are_put_together(chunked):
    def made(*fields):
        return read_bytes(chunked(*((b"tEXt", name + b"\0" + text) for name, text in fields))).generation

    early = made(
        (b"Title", b"AI generated image"), (b"Description", b"a boat"), (b"Software", b"NovelAI"),
        (b"Comment", b'{"steps": 28, "sampler": "k_euler", "seed": 42, "scale": 11.0, "uc": "blurry"}'),
    )  # fmt: skip
    assert (early.tool, early.prompt, early.seed) == ("NovelAI", "a boat", 42)
    each = made((b"Prompt", b"a boat"), (b"Seed", b"42"), (b"Stable Diffusion model", b"toy"))
    assert (each.tool, each.prompt, each.seed, each.model) == ("Easy Diffusion", "a boat", 42, "toy")
    typed = made((b"Dream", b'"a boat" -s 50 -S 42 -W 512 -H 512 -C 7.5 -A k_lms'))
    assert (typed.tool, typed.prompt, typed.seed) == ("InvokeAI", "a boat", 42)


@pytest.mark.parametrize(
    "text",
    [
        '{"prompt": "Press any key"}',
        '{"seed": 5}',
        '{"prompt": "What is 2 + 2?", "answer": 4}',
        '{"model": "Canon", "steps": 3}',
        '{"prompt": 7, "seed": true}',
        '{"prompt": "cut off", "seed": 4',
        '{"nodes": [1, null], "links": [[1], null, 7], "seed": {}}',
        "[" * 50_000 + '"seed"',
        '{"seed": ' * 20_000,
        '"a boat" he said -S',
    ],
)
def test_what_has_no_recipe_is_none(text):
    assert find_generation([text], {"Comment": text}) is None


def test_notes_without_a_seed_do_not_speak_of_one(chunked):
    note = json.dumps({"prompt": "a boat", "model": "toy", "steps": 4}).encode()
    (said,) = (one.found for one in remarks(read_bytes(chunked((b"tEXt", b"x\0" + note)))))
    assert said.startswith("Notes of a generator: written as several programs do, model toy.") and "seed" not in said


def test_one_absurd_number_hides_nothing_beside_it():
    note = '{"prompt": "a boat", "steps": 20, "seed": ' + "9" * 5000 + ', "model": "toy"}'
    found = find_generation([note])
    assert (found.prompt, found.seed, found.model) == ("a boat", None, "toy")


def test_words_that_hang_on_a_node_of_their_own_are_followed():
    graph = {
        "3": {"class_type": "KSampler", "inputs": {"seed": 5, "positive": ["6", 0]}},
        "6": {"class_type": "CLIPTextEncode", "inputs": {"text": ["9", 0]}},
        "9": {"class_type": "PrimitiveString", "inputs": {"value": "a boat"}},
    }
    assert find_generation([json.dumps(graph)]).prompt == "a boat"
    graph["9"]["inputs"]["value"] = ["9", 0]  # a circle ends
    assert find_generation([json.dumps(graph)]).prompt is None
