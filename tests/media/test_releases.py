"""Every generator that the catalogue names, and the release that it belongs to, written out."""

from __future__ import annotations

import pytest

from course import media
from course.media.catalogue import data_folder
from course.media.releases import release

RELEASES = {
    "Capybara 0.1": "Capybara 0.1",
    "Chroma": "Chroma",
    "ERNIE-Image-Turbo": "ERNIE-Image",
    "FLUX 3 Image": "FLUX 3",
    "FLUX 3 Image [klein]": "FLUX 3",
    "FLUX 3 Image [klein], distilled": "FLUX 3",
    "FLUX.1 Canny [dev]": "FLUX.1",
    "FLUX.1 Krea [dev]": "FLUX.1",
    "FLUX.1 [dev]": "FLUX.1",
    "FLUX.1 [schnell]": "FLUX.1",
    "FLUX.2 [dev]": "FLUX.2",
    "FLUX.2 [klein] 4B": "FLUX.2",
    "FLUX.2 [klein] 9B": "FLUX.2",
    "FastH3 (MiniMax H3)": "MiniMax H3",
    "Gemini Omni 1.1 Flash": "Gemini Omni 1.1",
    "Gemini Omni Flash": "Gemini Omni",
    "Grok Imagine Image": "Grok Imagine",
    "HappyHorse 1.0": "HappyHorse 1.0",
    "HappyHorse 1.1": "HappyHorse 1.1",
    "HeyGen Video 1.0": "HeyGen Video 1.0",
    "HiDream-I1": "HiDream-I1",
    "HiDream-O1 Image": "HiDream-O1",
    "HunyuanVideo": "HunyuanVideo",
    "HunyuanVideo 1.5": "HunyuanVideo 1.5",
    "Kandinsky 5.0 Image Lite": "Kandinsky 5.0",
    "Kandinsky 5.0 Video Lite": "Kandinsky 5.0",
    "Kling 2.6": "Kling 2.6",
    "Kling O1": "Kling O1",
    "Kling O3": "Kling O3",
    "Krea 2": "Krea 2",
    "Krea 2 Turbo": "Krea 2",
    "Krea 3": "Krea 3",
    "LTX-2 (19B, distilled)": "LTX-2",
    "LTX-2 (Pro)": "LTX-2",
    "LTX-2.5 (22B, distilled)": "LTX-2.5",
    "LTX-2.5 (Pro)": "LTX-2.5",
    "LTX-Video 0.9": "LTX-Video 0.9",
    "Lens": "Lens",
    "Lens Turbo": "Lens",
    "LongCat-Image": "LongCat-Image",
    "Luma Ray 2": "Luma Ray 2",
    "Mage-Flow": "Mage-Flow",
    "MiniMax H3": "MiniMax H3",
    "MiniMax H3 Max": "MiniMax H3",
    "MiniMax Hailuo T2V-01": "MiniMax Hailuo T2V-01",
    "Mochi 1": "Mochi 1",
    "Moonvalley Marey": "Moonvalley Marey",
    "OmniGen2": "OmniGen2",
    "PixelDiT": "PixelDiT",
    "Pruna P-Video-2": "Pruna P-Video-2",
    "Qwen-Image": "Qwen-Image",
    "Qwen-Image-2512": "Qwen-Image-2512",
    "Recraft V4": "Recraft V4",
    "Recraft V4.1": "Recraft V4.1",
    "Recraft V4.1 Flash": "Recraft V4.1",
    "Reve Image": "Reve",
    "Runway Gen-4 Image": "Runway Gen-4",
    "SDXL 1.0": "SDXL",
    "SDXL Turbo": "SDXL",
    "Seedance 1.0 Pro": "Seedance 1.0",
    "Seedance 1.5 Pro": "Seedance 1.5",
    "Seedance 2.5": "Seedance 2.5",
    "Seedance 2.5 Draft": "Seedance 2.5",
    "Seedream 5.0 Flash": "Seedream 5.0",
    "Seedream 5.0 Lite": "Seedream 5.0",
    "Sora 2": "Sora 2",
    "Stable Diffusion 1.5 (ArchitectureRealMix v11)": "Stable Diffusion 1.5",
    "Stable Diffusion 1.5 (InteriorDesignSuperMix v2)": "Stable Diffusion 1.5",
    "Stable Diffusion 3.5 Large": "Stable Diffusion 3.5",
    "Stable Image Ultra": "Stable Image",
    "Veo 3 (fast)": "Veo 3",
    "Vidu Q1": "Vidu Q1",
    "Vidu Q2": "Vidu Q2",
    "Vidu Q3": "Vidu Q3",
    "Wan 2.1 (1.3B)": "Wan 2.1",
    "Wan 2.1 VACE (14B)": "Wan 2.1",
    "Wan 2.2 (14B)": "Wan 2.2",
    "Wan 2.2 (5B)": "Wan 2.2",
    "Wan 2.5": "Wan 2.5",
    "Wan 2.6": "Wan 2.6",
    "Wan 2.7": "Wan 2.7",
    "Z-Image": "Z-Image",
    "Z-Image-Turbo": "Z-Image",
}


@pytest.mark.parametrize(("generator", "name"), RELEASES.items(), ids=list(RELEASES))
def test_release(generator, name):
    assert release(generator) == name
    assert release(name) == name


def test_the_table_holds_every_generator_of_the_catalogue():
    named = {item.generator for item in media.catalogue(data_folder()).values() if item.generator}
    assert named - set(RELEASES) == set()
