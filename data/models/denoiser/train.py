"""Train the denoiser of lesson 1 on a computer without a graphics card: about three hours of one core.

    uv run --group training python data/models/denoiser/train.py              # trains, or goes on where it stopped
    uv run --group training python data/models/denoiser/train.py --steps 500  # a short try

`crops.py` makes what it learns from. Everything it leaves is in ``.work/``: the state to go on from, the loss as a
table and a plot, and sheets of samples. `export.py` turns the state into the file that the course runs.

The method: a time is drawn for each picture, noise is mixed in by the cosine schedule, and the network predicts
`v = signal * noise - noise_amount * picture` (Salimans and Ho, 2022), from which picture and noise both follow. One
label in ten is hidden, so the network can also do without. What is kept is a running mean of the weights (Ho et al.,
2020).
"""

from __future__ import annotations

import argparse
import copy
import csv
import math
import sys
import time
from pathlib import Path

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import torch
from PIL import Image
from rich.progress import Progress, TextColumn

HERE = Path(__file__).resolve().parent
WORK = HERE / ".work"
sys.path[:0] = [str(HERE.parents[2]), str(HERE)]

from network import Denoiser, one_hot  # noqa: E402

from course.diffusion import LABELS, sample, time_features  # noqa: E402

STEPS = 8_000
BATCH = 64
RATE = 6e-4  # of learning, at its highest
WARM_UP = 300  # steps until the rate is reached
HIDDEN = 0.1  # how often the label is hidden
MEAN_OVER = 1_000  # steps the running mean of the weights looks back
SAVE_EVERY = 500
SEED = 2026


def features(times: torch.Tensor) -> torch.Tensor:
    """Return the features of many times at once: (n, TIME_FEATURES)."""
    return torch.from_numpy(np.stack([time_features(float(one)) for one in times]))


class Run:
    """A training run that can be stopped at any time and goes on from the last save."""

    def __init__(self, folder: Path, steps: int) -> None:
        self.folder, self.steps, self.done, self.seconds = folder, steps, 0, 0.0
        torch.manual_seed(SEED)
        self.network = Denoiser(len(LABELS)).to(memory_format=torch.channels_last)
        self.mean = copy.deepcopy(self.network)
        self.optimiser = torch.optim.AdamW(self.network.parameters(), lr=RATE, weight_decay=0.01, betas=(0.9, 0.99))
        self.random = torch.Generator().manual_seed(SEED)
        crops = np.load(folder / "crops.npz")
        self.pictures = torch.from_numpy(crops["train"]).permute(0, 3, 1, 2)
        self.labels = torch.from_numpy(crops["train_labels"]).long()
        self.losses: list[tuple[int, float, float]] = []
        if (folder / "state.pt").exists():
            self._resume(torch.load(folder / "state.pt", weights_only=True))

    def _resume(self, state: dict) -> None:
        self.network.load_state_dict(state["network"])
        self.mean.load_state_dict(state["mean"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.random.set_state(state["random"])
        self.done, self.seconds = state["done"], state["seconds"]
        self.losses = [tuple(row) for row in state["losses"]]

    def save(self) -> None:
        """Write the state, first beside the old one, so that a stop while writing loses nothing."""
        state = {
            "network": self.network.state_dict(),
            "mean": self.mean.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "random": self.random.get_state(),
            "done": self.done,
            "seconds": self.seconds,
            "losses": self.losses,
        }
        torch.save(state, self.folder / "state.new")
        (self.folder / "state.new").replace(self.folder / "state.pt")
        with (self.folder / "loss.csv").open("w", newline="") as file:
            csv.writer(file).writerows([("step", "loss", "seconds"), *self.losses])

    def rate(self) -> float:
        """Return the rate of learning of this step: it rises quickly and falls as half a cosine."""
        return RATE * min(1.0, (self.done + 1) / WARM_UP) * (0.5 + 0.5 * math.cos(math.pi * self.done / self.steps))

    def step(self) -> float:
        """Learn from one batch; return its loss."""
        chosen = torch.randint(len(self.pictures), (BATCH,), generator=self.random)
        pictures = self.pictures[chosen].float() / 127.5 - 1
        mirrored = torch.rand(BATCH, generator=self.random) < 0.5
        pictures[mirrored] = pictures[mirrored].flip(-1)
        labels = self.labels[chosen]
        labels[torch.rand(BATCH, generator=self.random) < HIDDEN] = len(LABELS)
        # Times spread evenly over the batch make the loss, and so the learning, steadier than times at random.
        times = (torch.arange(BATCH) + torch.rand(BATCH, generator=self.random)) / BATCH
        noise = torch.randn(pictures.shape, generator=self.random)
        signal_part = torch.cos(math.pi / 2 * times)[:, None, None, None]
        noise_part = torch.sin(math.pi / 2 * times)[:, None, None, None]
        noisy = (signal_part * pictures + noise_part * noise).contiguous(memory_format=torch.channels_last)
        for group in self.optimiser.param_groups:
            group["lr"] = self.rate()
        with torch.autocast("cpu", dtype=torch.bfloat16):
            answer = self.network(noisy, features(times), one_hot(labels))
        loss = torch.nn.functional.mse_loss(answer.float(), signal_part * noise - noise_part * pictures)
        self.optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimiser.step()
        self.done += 1
        weight = max(1 / self.done, 1 / MEAN_OVER)
        with torch.no_grad():
            for kept, now in zip(self.mean.parameters(), self.network.parameters(), strict=True):
                kept.lerp_(now, weight)
        return loss.item()

    def train(self) -> None:
        """Learn until the last step, saving on the way."""
        with Progress(*Progress.get_default_columns(), TextColumn("loss {task.fields[loss]:.4f}")) as bar:
            task = bar.add_task("training", total=self.steps, completed=self.done, loss=float("nan"))
            while self.done < self.steps:
                began, losses = time.perf_counter(), []
                for _ in range(50):
                    losses.append(self.step())
                self.seconds += time.perf_counter() - began
                self.losses.append((self.done, sum(losses) / len(losses), self.seconds))
                bar.update(task, completed=self.done, loss=self.losses[-1][1])
                if self.done % SAVE_EVERY == 0 or self.done >= self.steps:
                    self.save()
                if self.done % (4 * SAVE_EVERY) == 0:
                    self.draw()

    def draw(self, columns: int = 12) -> None:
        """Draw what the running mean makes of noise, a row for each label, and the loss so far."""
        network = self.mean.eval().predict
        rows = [[sample(seed, label, network=network).picture for seed in range(columns)] for label in LABELS]
        sheet = np.concatenate([np.concatenate(row, axis=1) for row in rows])
        Image.fromarray(sheet.repeat(3, axis=0).repeat(3, axis=1)).save(self.folder / f"samples-{self.done:06d}.png")
        steps_done, losses, _ = zip(*self.losses, strict=True)
        figure, axes = plt.subplots(figsize=(7, 4))
        axes.semilogy(steps_done, losses, linewidth=0.8)
        axes.set(xlabel="step", ylabel="loss (mean square error of v)")
        figure.savefig(self.folder / "loss.png", dpi=120, bbox_inches="tight")
        plt.close(figure)


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Train the denoiser of lesson 1.")
    parser.add_argument("--steps", type=int, default=STEPS, help=f"how many batches to learn from ({STEPS})")
    parser.add_argument("--folder", type=Path, default=WORK, help="where crops.npz is and the state is kept")
    wanted = parser.parse_args(argv)
    if not (wanted.folder / "crops.npz").exists():
        print("There are no crops yet: run crops.py first.", file=sys.stderr)
        return 1
    run = Run(wanted.folder, wanted.steps)
    run.train()
    run.draw()
    print(f"{run.done} steps, {run.seconds / 3600:.2f} hours, last loss {run.losses[-1][1]:.4f}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
