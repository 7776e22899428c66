"""How many starts learn XOR, and how many learn the targets that the source's repository trains on instead.

    python benchmarks/train_xor.py [--starts 30] [--steps 500]

Its targets are 1, 0, 1, 0 for the inputs 01, 11, 00, 10: 1 wherever the first input is 0, which one
straight line tells apart. Both are trained here with the same network, starts and rate.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "solutions"))

from computation_graph.train_xor import GOAL, TARGETS, training

RATE = 0.1
SOURCE_STEPS = 50


def main() -> None:
    """Print for each set of targets the steps that each start took, and a summary."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--starts", type=int, default=30)
    parser.add_argument("--steps", type=int, default=500)
    options = parser.parse_args()
    for name, targets in TARGETS.items():
        begun = time.perf_counter()
        runs = [training(targets, seed, options.steps, RATE) for seed in range(options.starts)]
        seconds = (time.perf_counter() - begun) / options.starts
        taken = [reached for _, _, reached in runs]
        early = sum(reached is not None and reached <= SOURCE_STEPS for reached in taken)
        late = sum(reached is not None for reached in taken)
        print(f"{name}: steps until the loss is at most {GOAL}, by seed:")
        print("  " + " ".join("-" if reached is None else str(reached) for reached in taken))
        print(f"  within {SOURCE_STEPS} steps {early} of {options.starts}", end=", ")
        print(f"within {options.steps} steps {late} of {options.starts}; {seconds:.2f} s a training")
        for seed, (_, losses, reached) in enumerate(runs):
            if reached is None:
                print(f"  seed {seed} ends at a loss of {losses[-1]:.4f}")


if __name__ == "__main__":
    main()
