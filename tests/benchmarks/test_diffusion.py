"""A picture out of noise, in 25 steps: how long a learner waits for one, and for the sixteen squares' worth."""

from __future__ import annotations

from course import diffusion


def test_one_sample(benchmark):
    diffusion.sample(0, "sky", 1)  # reads the model
    made = benchmark.pedantic(diffusion.sample, args=(1, "leaf"), rounds=9)
    assert made.picture.shape == (32, 32, 3)
    assert benchmark.stats.stats.median <= 1.0


def test_sixteen_samples(benchmark):
    diffusion.sample(0, "sky", 1)
    labels = diffusion.LABELS
    benchmark.pedantic(lambda: [diffusion.sample(seed, labels[seed % len(labels)]) for seed in range(16)], rounds=3)
    assert benchmark.stats.stats.median <= 6.0
