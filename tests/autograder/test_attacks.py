"""The attack corpus, on every rung that this machine reaches: no point forged, no secret leaked, nobody hurt."""

import base64
import codecs
import sys

import pytest
from attack_arena import Arena
from attack_corpus import KNOWN_OPEN, attacks
from attack_course import CANARIES, leaked
from attack_run import RUNGS

CORPUS = attacks()
FAMILIES = {
    "archives": 12,
    "exhausting": 12,
    "leaving": 10,
    "lying": 12,
    "patching": 12,
    "protocol": 12,
    "reading": 15,
    "speaking": 6,
    "writing": 6,
}


# Rung 3 is rung 4 without the room: the short run leaves it out.
SHORT_RUNGS = (2, 4)


@pytest.fixture(
    scope="module",
    params=[pytest.param(r, marks=[] if r in SHORT_RUNGS else [pytest.mark.long]) for r in RUNGS],
)
def arena(request, tmp_path_factory):
    if sys.platform != "linux":
        pytest.skip("rungs above 1 are Linux's")
    with Arena(tmp_path_factory.mktemp("arena"), request.param) as opened:
        if opened.rung < request.param:
            pytest.skip(f"rung {request.param} is not to be had here")
        yield opened


def marked(attack):
    return pytest.param(attack, id=attack.name, marks=[pytest.mark.long] if attack.long else [])


@pytest.mark.parametrize("attack", [marked(attack) for attack in CORPUS])
def test_an_attack_gets_nothing(arena, attack):
    faults = arena.run(attack).faults
    if attack.name in KNOWN_OPEN:
        assert faults, f"{attack.name} is stopped now; take it off KNOWN_OPEN"
    else:
        assert not faults


def test_the_corpus_is_whole():
    assert len({attack.name for attack in CORPUS}) >= 100
    assert len({attack.text for attack in CORPUS}) == len(CORPUS)
    for family, least in FAMILIES.items():
        assert sum(attack.name.startswith(f"{family}/") for attack in CORPUS) >= least, family
    assert set(KNOWN_OPEN) <= {attack.name for attack in CORPUS}


def test_a_canary_is_found_in_every_disguise():
    canary = CANARIES["a hidden test"]
    spellings = [
        canary,
        canary[::-1],
        canary.upper(),
        " ".join(canary),
        canary.encode().hex(),
        canary.encode().hex(" "),
        codecs.encode(canary, "rot13"),
        str(list(canary.encode())),
        *(base64.b64encode(b"x" * skip + canary.encode()).decode() for skip in range(3)),
    ]
    for spelling in spellings:
        assert leaked(f"message: {spelling}!".encode()) == ["a hidden test"], spelling
    assert leaked(b"an ordinary message: double(0.0) is 1.0, expected 0.0") == []
