"""Run the attack corpus and print, attack by attack, what it got: ``python tests/autograder/attack_run.py``.

Without arguments all attacks run on rungs 2, 3 and 4; ``--rung 3`` picks one, and further arguments are
parts of attacks' names. Exit code 1 where an attack that is not known to be open gets through.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from attack_arena import GROWTH_BYTES, Arena, Outcome
from attack_corpus import KNOWN_OPEN, attacks
from rich.console import Console
from rich.table import Table

RUNGS = (2, 3, 4)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what is asked for, print the table and the sums; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rung", type=int, action="append", choices=RUNGS)
    parser.add_argument("--short", action="store_true", help="without the attacks that take long")
    parser.add_argument("names", nargs="*", help="parts of the names of the attacks to run")
    asked = parser.parse_args(arguments)
    chosen = [
        attack
        for attack in attacks()
        if (not asked.names or any(part in attack.name for part in asked.names))
        and not (asked.short and attack.long)
    ]
    outcomes = []
    for rung in asked.rung or RUNGS:
        with tempfile.TemporaryDirectory(prefix="autograder-corpus-") as folder:
            Path(folder).chmod(0o755)
            with Arena(Path(folder), rung) as arena:
                if arena.rung < rung:
                    print(
                        f"rung {rung} is not to be had here; rung {arena.rung} is what this machine reaches"
                    )
                    continue
                outcomes += [arena.run(attack) for attack in chosen]
    Console(width=None if sys.stdout.isatty() else 200).print(_table(outcomes), _sums(outcomes))
    return int(any(outcome.faults and outcome.attack.name not in KNOWN_OPEN for outcome in outcomes))


def _table(outcomes: Sequence[Outcome]) -> Table:
    table = Table("attack", "rung", "got", "earns", "verdict", "s", "what the student reads")
    for outcome in outcomes:
        said = next(iter(_told(outcome)), "")
        table.add_row(
            outcome.attack.name,
            str(outcome.rung),
            "-" if outcome.score is None else f"{outcome.score:g}",
            f"{outcome.attack.earns:g}",
            _verdict(outcome),
            f"{outcome.seconds:.2f}",
            said if len(said) <= 90 else f"{said[:90]} ...",
        )
    return table


def _told(outcome: Outcome) -> list[str]:
    """The messages on the attacked task, not those of the tasks that were not handed in."""
    return [line.replace("[", "(") for line in outcome.said if not line.endswith("is still to do")]


def _verdict(outcome: Outcome) -> str:
    if not outcome.faults:
        return "stopped"
    known = " (known)" if outcome.attack.name in KNOWN_OPEN else ""
    return "; ".join(outcome.faults) + known


def _sums(outcomes: Sequence[Outcome]) -> str:
    counts = {
        "tried": len(outcomes),
        "forged": sum(outcome.forged for outcome in outcomes),
        "leaked": sum(bool(outcome.leaks) for outcome in outcomes),
        "neighbours disturbed": sum(outcome.disturbed for outcome in outcomes),
        "left behind": sum(bool(outcome.left) for outcome in outcomes),
        "blamed on the kit": sum(outcome.blamed for outcome in outcomes),
        "too large": sum(outcome.grown > GROWTH_BYTES for outcome in outcomes),
        "too slow": sum(outcome.seconds > outcome.attack.seconds for outcome in outcomes),
    }
    user = "root" if os.getuid() == 0 else f"user {os.getuid()}"
    return f"as {user}: " + ", ".join(f"{count} {name}" for name, count in counts.items())


if __name__ == "__main__":
    sys.exit(main())
