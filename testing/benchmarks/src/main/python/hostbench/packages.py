"""Packages of Debian's archive that are compared with, unpacked and never installed."""

from __future__ import annotations

import pathlib
import shutil
import subprocess
from collections.abc import Sequence

from .processes import BenchmarkError, run


def unpack(packages: Sequence[str], folder: pathlib.Path, program: str) -> None:
    """Puts packages, and what they need beyond what the host has, into `folder`, unless `program` is there."""
    if (folder / program).exists():
        return
    names = " ".join(packages)
    if shutil.which("apt-get") is None:
        raise BenchmarkError(f"compared with as Debian ships it, and this machine has no apt-get: packages={names}")
    archives = folder.parent / f"{folder.name}-archives"
    (archives / "partial").mkdir(parents=True, exist_ok=True)
    # --reinstall: the packages themselves are fetched even where the host has them.
    download = ["apt-get", "install", "-y", "-q", "--no-install-recommends", "--download-only", "--reinstall"]
    download += ["-o", f"Dir::Cache::archives={archives}", *packages]
    if subprocess.run(download, capture_output=True).returncode != 0:
        run(["apt-get", "update", "-q"], timeout_seconds=300)
        run(download, timeout_seconds=300)
    for archive in archives.glob("*.deb"):
        run(["dpkg-deb", "-x", archive, folder])


def libraries(folder: pathlib.Path) -> str:
    """What LD_LIBRARY_PATH has to be for programs in `folder`."""
    return ":".join(sorted({str(path.parent) for path in folder.glob("usr/lib/**/*.so.*")}))
