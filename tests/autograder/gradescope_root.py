"""A root laid out as Gradescope's container is, without this checkout: its files, its folders, Docker's powers.

As root: a mount namespace in which the system's folders and the interpreter are bound into an empty folder,
entered by chroot with the capabilities that Docker leaves (so without namespaces of its own). Where that
may not be done: a folder that is named to the scripts.
"""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib64", "/etc", "/dev", "/proc")
CAPABILITIES = (
    "chown dac_override fowner fsetid kill setgid setuid setpcap net_bind_service net_raw sys_chroot mknod "
    "audit_write setfcap"
).split()
PASSED_ON = ("PIP_", "SSL_", "HTTP", "http", "REQUESTS_", "NO_PROXY", "no_proxy")

MAY_MOUNT = os.geteuid() == 0 and subprocess.run(["unshare", "--mount", "true"], check=False).returncode == 0

ENTER = r"""
set -eu
root=$1; python=$2; shift 2
for folder in $SYSTEM "$python"; do
    if [ -L "$folder" ]; then ln -sfn "$(readlink "$folder")" "$root$folder"; continue; fi
    [ -d "$folder" ] || continue
    mkdir -p "$root$folder"
    mount --rbind "$folder" "$root$folder"
    case $folder in /dev|/proc) ;; *) mount -o remount,bind,ro "$root$folder" ;; esac
done
exec setpriv --bounding-set "$CAPABILITIES" chroot "$root" "$@"
"""


class Root:
    """The container's root, with the zip in ``/autograder/source``.

    Args:
        folder: an empty folder.
        bundle: what ``autograder export gradescope`` wrote.
    """

    def __init__(self, folder: Path, bundle: Path):
        self.folder = folder
        self.autograder = folder / "autograder"
        for name in ("source", "submission", "results"):
            (self.autograder / name).mkdir(parents=True)
        (folder / "tmp").mkdir(mode=0o1777)
        with zipfile.ZipFile(bundle) as archive:
            for entry in archive.infolist():
                path = Path(archive.extract(entry, self.autograder / "source"))
                path.chmod(entry.external_attr >> 16 & 0o777)
        script = self.autograder / "source" / "run_autograder"
        (self.autograder / "run_autograder").write_bytes(script.read_bytes())
        (self.autograder / "run_autograder").chmod(0o755)

    def set_up(self) -> subprocess.CompletedProcess[str]:
        """Run ``setup.sh``, as the build of the image does."""
        return self._run("source/setup.sh")

    def grade(self, files: dict[str, str]) -> dict[str, object]:
        """Hand in these files and run the autograder; what it printed, and the text of its results."""
        for path in sorted(self.submission.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
        for name, text in files.items():
            path = self.submission / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        done = self._run("run_autograder")
        assert done.returncode == 0, done.stdout + done.stderr
        results = self.autograder / "results" / "results.json"
        return {"printed": done.stdout + done.stderr, "text": results.read_text(encoding="utf-8")}

    @property
    def submission(self) -> Path:
        """Where Gradescope puts what was handed in."""
        return self.autograder / "submission"

    def _run(self, script: str) -> subprocess.CompletedProcess[str]:
        environment = {k: v for k, v in os.environ.items() if k.startswith(PASSED_ON)}
        environment["PATH"] = f"{sys.base_prefix}/bin:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"
        if MAY_MOUNT:
            environment |= {
                "SYSTEM": " ".join(SYSTEM),
                "CAPABILITIES": ",".join(["-all", *(f"+{name}" for name in CAPABILITIES)]),
            }
            enter = ["unshare", "--mount", "bash", "-c", ENTER, "enter", str(self.folder), sys.base_prefix]
            command = [*enter, f"/autograder/{script}"]
        else:
            environment["AUTOGRADER_ROOT"] = str(self.autograder)
            command = [str(self.autograder / script)]
        return subprocess.run(
            command,
            env=environment,
            cwd=self.autograder,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
