"""The place to measure in: a file system of its own, mounted where only this run can see it."""

from __future__ import annotations

import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import time

from .processes import DIES_WITH_US, BenchmarkError, run
from .programs import Programs

IMAGE_MEBIBYTES = 512
PRIVATE_FLAG = "REDOUBT_BENCH_PRIVATE"
PRIVATE_MOUNTS = ("unshare", "--mount", "--propagation", "private", "--")


def enter_private_mounts(program: str = __package__) -> None:
    """Starts this program again in a mount namespace of its own.

    Whatever is mounted there goes with the last process of the run, however that ends.
    """
    if os.environ.pop(PRIVATE_FLAG, None):
        return
    os.environ[PRIVATE_FLAG] = "1"
    os.execvp(PRIVATE_MOUNTS[0], [*PRIVATE_MOUNTS, sys.executable, "-m", program, *sys.argv[1:]])


class Namespace:
    """A second mount namespace, in which every workload runs.

    fapolicyd marks all mounts of a type that it finds: in here these are copies, so what it is asked
    about is what the workload does and nothing else of the machine. The same for the other variants,
    to be fair.
    """

    def __init__(self) -> None:
        self._holder = subprocess.Popen(
            [*DIES_WITH_US, *PRIVATE_MOUNTS, "sh", "-c", "echo; exec sleep infinity"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
        )
        assert self._holder.stdout is not None
        if not self._holder.stdout.readline():
            raise BenchmarkError("no private mount namespace")

    def enter(self, *command: str | pathlib.Path) -> list[str]:
        """The command line that runs `command` inside. The working folder becomes `/`."""
        return ["nsenter", "-t", str(self._holder.pid), "-m", "--", *map(str, command)]

    def close(self) -> None:
        self._holder.kill()
        self._holder.wait()


class Scratch:
    """An ext4 file system in a file, with everything on it that the workloads start or open.

    tiny          the program of the warm workload
    known-bad     a program whose SHA-256 is on the content list
    copies/00000  programs that behave as `tiny` and differ from it and from each other by 8 bytes
    files/00000   files of 4 KiB that are opened
    compile/      a compiler, its libraries and sources: see `toolchain.py`
    """

    def __init__(self, folder: pathlib.Path, programs: Programs, copies: int):
        self.mount = folder / "scratch"
        self.copies = copies
        self.mount.mkdir()
        image = folder / "scratch.ext4"
        with image.open("wb") as file:
            file.truncate(IMAGE_MEBIBYTES << 20)
        run(["mkfs.ext4", "-q", "-F", image])
        run(["mount", "-o", "loop,noatime", image, self.mount])
        self._fill(programs["tiny"])

    def _fill(self, tiny: pathlib.Path) -> None:
        program = tiny.read_bytes()
        self._add_program(self.tiny, program)
        self._add_program(self.known_bad, program + b"knownbad")
        self.copies_folder.mkdir()
        for i in range(self.copies):
            self._add_program(self.copies_folder / f"{i:05}", program + i.to_bytes(8, "little"))
        self.files_folder.mkdir()
        for i in range(self.copies):
            (self.files_folder / f"{i:05}").write_bytes(os.urandom(4096))
        os.sync()

    @staticmethod
    def _add_program(path: pathlib.Path, content: bytes) -> None:
        path.write_bytes(content)
        path.chmod(0o755)

    @property
    def tiny(self) -> pathlib.Path:
        return self.mount / "tiny"

    @property
    def known_bad(self) -> pathlib.Path:
        return self.mount / "known-bad"

    @property
    def copies_folder(self) -> pathlib.Path:
        return self.mount / "copies"

    @property
    def files_folder(self) -> pathlib.Path:
        return self.mount / "files"

    def close(self) -> None:
        """Unmounts; whoever still uses it is given a moment, then it is detached."""
        for _ in range(20):
            if subprocess.run(["umount", self.mount], capture_output=True).returncode == 0:
                return
            time.sleep(0.1)
        subprocess.run(["umount", "--lazy", self.mount], check=True)


def sha256_hex(path: pathlib.Path) -> str:
    with path.open("rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def remove_folder(folder: pathlib.Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
