"""An epoch of `nn_epoch` against the same epoch in PyTorch on the CPU.

    python benchmarks/nn_epoch_vs_torch.py [--images 6000] [--rounds 7] [--threads 1]

Data, start, batches, steps and precision are the same. The two take turns, each keeps its best time, and the
weights must agree in the end. numpy's BLAS and PyTorch get the same number of threads, which is why this file
sets it before importing either.
"""

# ruff: noqa: N803, N806  (matrices have capital letters)

from __future__ import annotations

import argparse
import math
import os
import sys
import time
from pathlib import Path

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--images", type=int, default=6000)
parser.add_argument("--rounds", type=int, default=7)
parser.add_argument("--threads", type=int, default=1)
OPTIONS = parser.parse_args()
for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = str(OPTIONS.threads)
sys.path.insert(0, str(Path(__file__).parents[1] / "solutions"))

import numpy as np  # noqa: E402
import torch  # noqa: E402
from numpy.typing import NDArray  # noqa: E402
from tensor_autodiff.tensor import Tensor  # noqa: E402
from tensor_autodiff.two_layers import nn_epoch  # noqa: E402

HIDDEN, CLASSES, PIXELS = 100, 10, 784
RATE, BATCH = 0.2, 100
AGREEMENT = 1e-3

Array = NDArray[np.float32]


def torch_epoch(X: torch.Tensor, y: torch.Tensor, W1: torch.Tensor, W2: torch.Tensor) -> None:
    """The same epoch as PyTorch's users write it; W1 and W2 are moved in place."""
    for first in range(0, len(X), BATCH):
        Z = torch.relu(X[first : first + BATCH] @ W1) @ W2
        loss = torch.nn.functional.cross_entropy(Z, y[first : first + BATCH])
        gradients = torch.autograd.grad(loss, (W1, W2))
        with torch.no_grad():
            for W, gradient in zip((W1, W2), gradients, strict=True):
                W.sub_(RATE * gradient)


def data() -> tuple[Array, NDArray[np.int64], Array, Array]:
    """Images, classes and the start."""
    random = np.random.default_rng(0)
    X = random.random((OPTIONS.images, PIXELS), dtype=np.float32)
    weights = [
        (random.normal(size=size) / math.sqrt(size[0])).astype(np.float32)
        for size in ((PIXELS, HIDDEN), (HIDDEN, CLASSES))
    ]
    return X, random.integers(CLASSES, size=OPTIONS.images), *weights


def main() -> None:
    """Print the best time of each, and their ratio."""
    torch.set_num_threads(OPTIONS.threads)
    X, y, W1, W2 = data()
    X_t, y_t = torch.from_numpy(X), torch.from_numpy(y)
    best = {"ours": math.inf, "PyTorch": math.inf}
    for _ in range(OPTIONS.rounds):
        ours = Tensor(W1), Tensor(W2)
        theirs = [torch.tensor(W, requires_grad=True) for W in (W1, W2)]
        begun = time.perf_counter()
        moved = nn_epoch(X, y, *ours, lr=RATE, batch=BATCH)
        best["ours"] = min(best["ours"], time.perf_counter() - begun)
        begun = time.perf_counter()
        torch_epoch(X_t, y_t, *theirs)
        best["PyTorch"] = min(best["PyTorch"], time.perf_counter() - begun)
    for a, b in zip(moved, theirs, strict=True):
        if not np.abs(a.numpy() - b.detach().numpy()).max() <= AGREEMENT:
            sys.exit("the two trainings do not agree: one of them is wrong")
    print(
        f"an epoch of {OPTIONS.images} images, float32, {OPTIONS.threads} thread(s): "
        f"ours {1e3 * best['ours']:.1f} ms, PyTorch {1e3 * best['PyTorch']:.1f} ms "
        f"({best['ours'] / best['PyTorch']:.2f} times its time)"
    )


if __name__ == "__main__":
    main()
