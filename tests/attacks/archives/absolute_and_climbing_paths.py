"""Members with absolute paths and paths that climb out, to lie in the tests, the scores and /tmp once unpacked."""

import io
import tarfile

TEXT = b"def double(x):\n    return 0.5  # attack-was-here\n"


def pack(folder, course):
    with tarfile.open(folder / "mini.tar.gz", "w:gz") as archive:
        for name in (
            "mini/double.py",
            "/tmp/attack-was-here",
            "../../../../../../tmp/attack-was-here",
            f"{course}/tests/tasks/mini/conftest.py",
            "../../../scores/mini/neighbour.json",
            "mini/../../../course/tests/tasks/mini/probes.py",
        ):
            member = tarfile.TarInfo(name)
            member.size = len(TEXT)
            archive.addfile(member, io.BytesIO(TEXT))
