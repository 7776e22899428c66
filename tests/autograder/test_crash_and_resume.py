"""A run that is killed and started again grades every submission once, and loses, tears and changes nothing.

The whole proof takes long: fifty kills of runs over three hundred submissions. The short one, three kills
over twenty, is the same in small.
"""

import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from crash_runs import Class, counts, kill_now, lasting

pytest.importorskip("nbgrader", reason="an extra: pip install 'autodiff-course-kit[grade]'")
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are looked for in /proc")

FEW, MANY = 20, 300
CHAINS, KILLS_A_CHAIN = 10, 5
SMALL_DISK, LARGE_DISK = 300 << 10, 64 << 20


@pytest.fixture(scope="module")
def control(tmp_path_factory):
    """What students get in a run that nothing disturbs, by the size of the class."""
    known = {}

    def of(students):
        if students not in known:
            undisturbed = Class(tmp_path_factory.mktemp("control"), students)
            code, said, errors = undisturbed.finish()
            assert (code, errors) == (0, "")
            assert counts(said) == {"graded": students}
            known[students] = {name: lasting(text) for name, text in undisturbed.written().items()}
        return known[students]

    return of


def killed_again_and_again(group, control, kills, seed):
    rng, survived = random.Random(seed), 0  # noqa: S311  (a seed must give the same moments)
    while survived < kills:
        survived += group.kill(rng)
        group.look()
        if len(group.kept) == group.students and survived < kills:  # all is graded: from the start again
            shutil.rmtree(group.out)
            group.kept.clear()
    had = len(group.kept)
    code, said, errors = group.finish()
    assert (code, errors) == (0, "")
    assert counts(said) == {
        step: count for step, count in (("graded", group.students - had), ("skipped", had)) if count
    }
    group.check(control)
    print(f"survived {survived} kills of a run over {group.students} submissions")


def test_a_small_class_survives_three_kills(tmp_path, control):
    killed_again_and_again(Class(tmp_path, FEW), control(FEW), kills=3, seed=1)


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("seed", range(CHAINS))
def test_a_large_class_survives_fifty_kills(tmp_path, control, seed):
    killed_again_and_again(Class(tmp_path, MANY), control(MANY), KILLS_A_CHAIN, seed)


def robbed(group, control, seed, every):
    """Kill a worker of the run, or a fork server, again and again while it goes on."""
    rng, run, killed = random.Random(seed), group.start(), 0  # noqa: S311  (as above)
    wanted = 1
    while run.poll() is None and killed < every:
        time.sleep(rng.uniform(0.01, 0.1))
        written = len(group.written_names())
        if written >= wanted and (helpers := group.helpers(run)):
            kill_now(rng.choice(helpers))
            killed, wanted = killed + 1, written + rng.randint(4, 8)  # a worker that starts takes a while
    said, errors = run.communicate(timeout=600)
    assert (run.returncode, errors) == (0, ""), errors
    assert killed
    group.look()
    unscored = [name for name, text in group.written().items() if lasting(text)["score"] is None]
    if unscored:  # killed twice over one submission: such a one has no score, and is graded again
        for name in unscored:
            del group.kept[name]
        code, said, errors = group.finish()
        assert (code, counts(said)["graded"]) == (0, len(unscored))
    group.check(control)
    print(f"survived the loss of {killed} workers; {len(unscored)} submissions graded by the next run")


def test_a_small_class_survives_the_loss_of_workers(tmp_path, control):
    robbed(Class(tmp_path, FEW), control(FEW), seed=2, every=2)


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_a_large_class_survives_the_loss_of_ten_workers(tmp_path, control):
    robbed(Class(tmp_path, MANY), control(MANY), seed=3, every=10)


# Runs in a mount namespace of its own: SCORES is a disk that is full before the class is graded.
ON_A_SMALL_DISK = """
import subprocess, sys
out, *command = sys.argv[1:]
def mount(*options):
    subprocess.run(["mount", *options, out], check=True)
mount("-t", "tmpfs", "-o", "size={small}", "scores")
full = [subprocess.run(command, capture_output=True, text=True) for _ in range(2)]
before = {{path: path.read_bytes() for path in __import__("pathlib").Path(out).glob("mini/*.json")}}
mount("-o", "remount,size={large}")
after = subprocess.run(command, capture_output=True, text=True)
kept = all(path.read_bytes() == text for path, text in before.items())
subprocess.run(["cp", "-a", out + "/.", out + "-kept"], check=True)
for run in full:
    print(run.returncode, run.stderr.strip().replace(chr(10), " | "), sep="\\t")
print(after.returncode, len(before), kept, after.stderr.strip(), sep="\\t")
print(after.stdout)
"""


def filled(group, control, small):
    group.out.mkdir()
    program = ON_A_SMALL_DISK.format(small=small, large=LARGE_DISK)
    alone = ["unshare", "--mount", *([] if os.getuid() == 0 else ["--user", "--map-root-user"])]
    done = subprocess.run(
        [*alone, sys.executable, "-c", program, str(group.out), *group.command()],
        capture_output=True,
        text=True,
    )
    if done.returncode and "unshare" in done.stderr:
        pytest.skip(f"no file system can be mounted here: {done.stderr.strip()}")
    assert done.returncode == 0, done.stderr
    *full, back, said = done.stdout.split("\n", 3)
    for line in full:
        code, error = line.split("\t")
        assert code == "1"
        assert "cannot be written (No space left on device); make room" in error
        assert "Traceback" not in error
    code, before, kept, errors = back.split("\t")
    assert (code, kept, errors) == ("0", "True", "")
    assert 0 < int(before) < group.students
    assert counts(said) == {"graded": group.students - int(before), "skipped": int(before)}
    group.out = Path(f"{group.out}-kept")
    group.check(control)
    print(f"the disk was full twice, with {before} of {group.students} results on it")


def test_a_small_class_survives_a_full_disk(tmp_path, control):
    filled(Class(tmp_path, FEW), control(FEW), small=64 << 10)


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_a_large_class_survives_a_full_disk(tmp_path, control):
    filled(Class(tmp_path, MANY), control(MANY), small=SMALL_DISK)
