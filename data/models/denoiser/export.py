"""Turn what `train.py` left into ``denoiser.onnx``, which the course runs, and a few answers to test it by.

    uv run --group training python data/models/denoiser/export.py

Large tables of weights are stored with 16 bits each and widened when the file is read, which halves it. The answers
in ``agreement.npz`` are PyTorch's own, for the same weights: single answers, and one whole walk for each label. The
plot of the loss is copied beside them.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import warnings
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[2]), str(HERE)]

from network import Denoiser  # noqa: E402

from course.diffusion import LABELS, SIDE, amounts, sample, time_features  # noqa: E402

LARGE = 1024  # values: smaller tables stay at 32 bits
OPSET = 13  # what OpenCV 4.11 and 5.0 both read
TIMES = (0.04, 0.2, 0.5, 0.8, 1.0)


def narrow(network: Denoiser) -> None:
    """Round the large tables to what 16 bits hold."""
    with torch.no_grad():
        for table in network.parameters():
            if table.numel() >= LARGE:
                table.copy_(table.half().float())


def store_halves(model: onnx.ModelProto) -> None:
    """Store the large tables of a model with 16 bits; a Cast each widens them again."""
    kept, widened = [], []
    for table in model.graph.initializer:
        values = numpy_helper.to_array(table)
        if values.dtype == np.float32 and values.size >= LARGE:
            kept.append(numpy_helper.from_array(values.astype(np.float16), f"{table.name}_half"))
            widened.append(helper.make_node("Cast", [f"{table.name}_half"], [table.name], to=TensorProto.FLOAT))
        else:
            kept.append(table)
    nodes = [*widened, *model.graph.node]
    del model.graph.initializer[:], model.graph.node[:]
    model.graph.initializer.extend(kept)
    model.graph.node.extend(nodes)
    onnx.checker.check_model(model)


def export(state: Path, out: Path) -> Path:
    """Write the running mean of the weights in `state` as ONNX; return the path."""
    network = Denoiser(len(LABELS)).eval()
    network.load_state_dict(torch.load(state, weights_only=True)["mean"])
    narrow(network)
    labels = torch.eye(len(LABELS) + 1)
    generator = torch.Generator().manual_seed(1)
    asked = []
    for number, time in enumerate(TIMES):
        picture = amounts(time)[1] * torch.randn((1, 3, SIDE, SIDE), generator=generator)
        asked.append((picture, torch.from_numpy(time_features(time))[None], labels[number : number + 1]))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            network,
            asked[0],
            out,
            input_names=["picture", "time", "label"],
            output_names=["v"],
            opset_version=OPSET,
            dynamo=False,
        )
    model = onnx.load(out)
    store_halves(model)
    onnx.save(model, out)
    with torch.no_grad():
        answers = [network(*one) for one in asked]
    np.savez_compressed(
        out.with_name("agreement.npz"),
        picture=torch.cat([one[0] for one in asked]).numpy(),
        time=np.array(TIMES),
        label=np.arange(len(TIMES)),
        v=torch.cat(answers).numpy(),
        samples=np.stack([sample(seed, label, network=network.predict).picture for seed, label in enumerate(LABELS)]),
    )
    return out


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Write denoiser.onnx from the state of a training run.")
    parser.add_argument("--state", type=Path, default=HERE / ".work" / "state.pt")
    parser.add_argument("--out", type=Path, default=HERE / "denoiser.onnx")
    wanted = parser.parse_args(argv)
    out = export(wanted.state, wanted.out)
    shutil.copyfile(wanted.state.with_name("loss.png"), out.with_name("loss.png"))
    print(f"{out}: {out.stat().st_size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
