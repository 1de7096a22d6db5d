"""Those that look at files, each as its makers ship it and with two threads where it has more than one."""

from __future__ import annotations

import abc
import json
import os
import pathlib
import resource
import subprocess
import time
from collections.abc import Mapping

from hostbench.packages import libraries, unpack
from hostbench.processes import Background, BenchmarkError, brief, cpu_nanos
from hostbench.redoubt import Redoubt

THREADS = 2
LIMIT_SECONDS = 900


class Scanner(abc.ABC):
    name: str

    def __enter__(self) -> Scanner:
        return self

    def __exit__(self, *problem: object) -> None:
        return

    @abc.abstractmethod
    def found(self, tree: pathlib.Path) -> int:
        """Looks at every file of the tree. Returns in how many something was found."""

    def pids(self) -> list[int]:
        """Processes that work besides the command itself."""
        return []

    def measure(self, tree: pathlib.Path) -> dict[str, float]:
        before, begin = _children_seconds() + cpu_nanos(self.pids()) / 1e9, time.monotonic()
        found = self.found(tree)
        seconds = time.monotonic() - begin
        return {
            "found": found,
            "seconds": seconds,
            "cpu_seconds": _children_seconds() + cpu_nanos(self.pids()) / 1e9 - before,
        }


class Yara(Scanner):
    name = "yara"

    def __init__(self, package: pathlib.Path, rules: pathlib.Path):
        unpack(["yara"], package, "usr/bin/yara")
        self._package = package
        self._rules = rules

    def found(self, tree: pathlib.Path) -> int:
        command = [self._package / "usr/bin/yara", "-r", "-N", "-p", str(THREADS), self._rules, tree]
        return len(_lines(command, {"LD_LIBRARY_PATH": libraries(self._package)}, (0,)))


class ClamScan(Scanner):
    name = "clamscan"

    def __init__(self, package: pathlib.Path, rules: pathlib.Path):
        _unpack_clamav(package)
        self._package = package
        self._rules = rules

    def found(self, tree: pathlib.Path) -> int:
        command = [self._package / "usr/bin/clamscan", "-r", "-i", "--no-summary", "-d", self._rules, tree]
        return len(_found(_lines(command, {"LD_LIBRARY_PATH": libraries(self._package)}, (0, 1))))


class ClamDaemon(Scanner):
    name = "clamdscan"

    def __init__(self, package: pathlib.Path, rules: pathlib.Path, folder: pathlib.Path):
        _unpack_clamav(package)
        self._environment = {"LD_LIBRARY_PATH": libraries(package)}
        self._package = package
        self._folder = folder / "clamd"
        self._folder.mkdir()
        self._configuration = self._folder / "clamd.conf"
        self._configuration.write_text(
            f"LocalSocket {self.socket}\nLocalSocketMode 666\nDatabaseDirectory {rules.parent}\n"
            f"TemporaryDirectory {self._folder}\nForeground yes\nMaxThreads {THREADS}\nUser root\n"
        )
        self._daemon: Background | None = None

    @property
    def socket(self) -> pathlib.Path:
        return self._folder / "clamd.ctl"

    def __enter__(self) -> Scanner:
        command = [self._package / "usr/sbin/clamd", "-c", self._configuration]
        self._daemon = Background(command, self._folder / "log", LIMIT_SECONDS, **self._environment)
        end = time.monotonic() + 60
        while not self.socket.exists():
            if time.monotonic() > end:
                raise BenchmarkError(f"clamd does not listen: {self._daemon.tail()}")
            time.sleep(0.1)
        return self

    def __exit__(self, *problem: object) -> None:
        if self._daemon is not None:
            self._daemon.kill()
        self.socket.unlink(missing_ok=True)

    def pids(self) -> list[int]:
        return self._daemon.pids() if self._daemon is not None else []

    def found(self, tree: pathlib.Path) -> int:
        command = [self._package / "usr/bin/clamdscan", "-c", self._configuration]
        command += ["--multiscan", "--fdpass", "-i", "--no-summary", tree]
        return len(_found(_lines(command, self._environment, (0, 1))))


class RedoubtScan(Scanner):
    """With a clamd, that one works for one of the engines."""

    def __init__(self, name: str, redoubt: Redoubt, clamd: ClamDaemon | None = None):
        self.name = name
        self._redoubt = redoubt
        self._clamd = clamd

    def __enter__(self) -> Scanner:
        if self._clamd is not None:
            self._clamd.__enter__()
        self._redoubt.__enter__()
        return self

    def __exit__(self, *problem: object) -> None:
        self._redoubt.stop()
        if self._clamd is not None:
            self._clamd.__exit__()

    def pids(self) -> list[int]:
        return self._redoubt.all_pids() + (self._clamd.pids() if self._clamd is not None else [])

    def found(self, tree: pathlib.Path) -> int:
        summary = json.loads(self._redoubt.scan(tree).splitlines()[-1])["summary"]
        if summary["unscanned"] > 0:
            raise BenchmarkError(f"files were not looked at: {summary}")
        return summary["found"]


def _unpack_clamav(package: pathlib.Path) -> None:
    unpack(["clamav", "clamav-daemon", "clamdscan"], package, "usr/bin/clamdscan")


def _children_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _lines(command: list, environment: Mapping[str, str], good: tuple[int, ...]) -> list[str]:
    done = subprocess.run(
        list(map(str, command)),
        capture_output=True,
        text=True,
        errors="replace",
        timeout=LIMIT_SECONDS,
        env={**os.environ, **environment},
    )
    if done.returncode not in good:
        raise BenchmarkError(f"command={command[0]} status={done.returncode} {brief(done.stderr or done.stdout)}")
    return done.stdout.splitlines()


def _found(lines: list[str]) -> list[str]:
    return [line for line in lines if line.endswith(" FOUND")]
