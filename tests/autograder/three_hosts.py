"""Three hosts on one machine: network namespaces with an address each, joined by a bridge; needs root."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

HOSTS = {"desk": "10.77.0.1", "head": "10.77.0.2", "node": "10.77.0.3"}


def why_not() -> str:
    """Why there can be no hosts here, "" where there can."""
    if os.getuid() != 0:
        return "network namespaces are root's to make"
    if not shutil.which("ip") or not shutil.which("unshare"):
        return "needs the commands ip and unshare"
    probe = f"ag{os.getpid()}probe"
    if subprocess.run(["ip", "netns", "add", probe], capture_output=True).returncode:
        return "no network namespaces here"
    bridged = subprocess.run(
        ["ip", "-n", probe, "link", "add", "name", "br0", "type", "bridge"], capture_output=True
    ).returncode
    subprocess.run(["ip", "netns", "del", probe])
    return "no bridges here" if bridged else ""


class Hosts:
    """The three hosts and the switch between them; a context manager that removes them."""

    def __init__(self) -> None:
        self._mark = f"ag{os.getpid()}"

    def __enter__(self):
        self._ip("netns", "add", self._space("switch"))
        self._in("switch", "link", "add", "name", "br0", "type", "bridge")
        self._in("switch", "link", "set", "br0", "up")
        for host, address in HOSTS.items():
            self._ip("netns", "add", self._space(host))
            peer = ["peer", "name", f"to-{host}", "netns", self._space("switch")]
            self._in(host, "link", "add", "eth0", "type", "veth", *peer)
            self._in("switch", "link", "set", f"to-{host}", "master", "br0", "up")
            self._in(host, "address", "add", f"{address}/24", "dev", "eth0")
            for link in ("lo", "eth0"):
                self._in(host, "link", "set", link, "up")
        return self

    def __exit__(self, *_):
        for host in (*HOSTS, "switch"):
            subprocess.run(["ip", "netns", "del", self._space(host)], check=False)

    def on(self, host: str) -> list[str]:
        """What stands before a command that runs on a host."""
        return ["ip", "netns", "exec", self._space(host)]

    def without(self, host: str, folder: Path) -> list[str]:
        """The same, where the host has a disk of its own in place of a folder."""
        hidden = 'mount -t tmpfs none "$0" && exec "$@"'
        return [*self.on(host), "unshare", "-m", "sh", "-c", hidden, str(folder)]

    def cut(self, host: str) -> None:
        """Pull a host's cable."""
        self._in("switch", "link", "set", f"to-{host}", "down")

    def _space(self, host: str) -> str:
        return f"{self._mark}{host}"

    def _in(self, host: str, *arguments: str) -> None:
        self._ip("-n", self._space(host), *arguments)

    def _ip(self, *arguments: str) -> None:
        subprocess.run(["ip", *arguments], check=True)
