"""No lesson talks to anyone but this machine: neither the browser nor the processes behind it."""

from __future__ import annotations

import json
import re
import sys
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

import pytest


def _descendants(pid: int) -> set[int]:
    parents = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                parents[int(folder.name)] = int(re.search(r"PPid:\s+(\d+)", (folder / "status").read_text())[1])
            except OSError:
                continue  # it has ended meanwhile
    family = {pid}
    while more := {child for child, parent in parents.items() if parent in family} - family:
        family |= more
    return family


def _peers(family: set[int]) -> set[str]:
    """Addresses that the sockets of these processes are connected to (Linux)."""
    inodes = set()
    for pid in family:
        try:
            for entry in Path(f"/proc/{pid}/fd").iterdir():
                if found := re.fullmatch(r"socket:\[(\d+)\]", str(entry.readlink())):
                    inodes.add(found[1])
        except OSError:
            continue
    peers = set()
    for table, width in (("tcp", 8), ("udp", 8), ("tcp6", 32), ("udp6", 32)):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            words = line.split()
            if words[9] in inodes and set(words[2].split(":")[0]) != {"0"}:
                raw = bytes.fromhex(words[2].split(":")[0])
                # The kernel prints each 32-bit word in this machine's byte order.
                raw = b"".join(
                    raw[i : i + 4][:: -1 if sys.byteorder == "little" else 1] for i in range(0, width // 2, 4)
                )
                address = ip_address(raw)
                peers.add(str(getattr(address, "ipv4_mapped", None) or address))
    return peers


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="sockets of other processes are read from /proc")
def test_lessons_reach_nothing_beyond_loopback(screen):
    seen: set[str] = set()
    for notebook in sorted(screen.lab.notebooks.glob("*.ipynb")):
        screen.open(notebook.name)
        family = _descendants(screen.lab.process.pid)
        assert len(family) >= 2  # the lab and a kernel, so the watch is on something
        for _ in range(4):
            seen |= _peers(family)
            screen.page.wait_for_timeout(50)
        screen.run(len(json.loads(notebook.read_text(encoding="utf-8"))["cells"]))
        seen |= _peers(_descendants(screen.lab.process.pid))
    assert seen, "no connection was seen at all, so the watch saw nothing"
    assert all(ip_address(peer).is_loopback for peer in seen), seen
    hosts = {
        urlsplit(url).hostname for url in screen.requests + screen.sockets if not url.startswith(("data:", "blob:"))
    }
    assert hosts == {"127.0.0.1"}
