"""Programs that are started, watched and always ended."""

from __future__ import annotations

import contextlib
import os
import pathlib
import signal
import subprocess
import time
from collections.abc import Sequence

POLL_SECONDS = 0.005
MESSAGE_CHARACTERS = 500
# Prefixes of a command: the kernel sends the signal to it when its parent has died, however it died.
DIES_WITH_US = ("setpriv", "--pdeathsig", "KILL", "--")
ENDS_WITH_US = ("setpriv", "--pdeathsig", "TERM", "--")
# Likewise: as what an ordinary shell starts, whatever scheduling this run has.
ORDINARY = ("chrt", "--other", "0")
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


class BenchmarkError(Exception):
    """Something could not be measured; the run goes on with the next and fails at its end."""


def run(command: Sequence[str], timeout_seconds: int = 120) -> str:
    """Runs a command that has to succeed and returns what it printed on standard output."""
    limited = ["timeout", "-s", "KILL", str(timeout_seconds), *map(str, command)]
    done = subprocess.run(limited, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        line, said = " ".join(map(str, command)), brief(done.stderr or done.stdout)
        raise BenchmarkError(f"command failed: command={line} status={done.returncode}: {said}")
    return done.stdout


def brief(output: str) -> str:
    """The end of what a program said, on one line."""
    return " / ".join(output.split("\n"))[-MESSAGE_CHARACTERS:].strip(" /")


class Background:
    """A program that runs while others are measured; it outlives neither a limit of time nor this one.

    Its output goes to a file and not to a pipe, which could fill up and stop it.
    """

    def __init__(self, command: Sequence[str], log: pathlib.Path, limit_seconds: int, **environment: str):
        self.log = log
        self.started_nanos = time.monotonic_ns()
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                [*DIES_WITH_US, "timeout", "-s", "KILL", str(limit_seconds), *ENDS_WITH_US, *map(str, command)],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **environment},
                start_new_session=True,
            )

    def output(self) -> str:
        return self.log.read_text(errors="replace")

    def await_output(self, text: str, timeout_seconds: float) -> None:
        """Returns when the program has printed `text`."""
        end = time.monotonic() + timeout_seconds
        while text not in self.output():
            if self._process.poll() is not None:
                raise BenchmarkError(
                    f"ended before it was ready: status={self._process.returncode}: {self.tail()}"
                )
            if time.monotonic() > end:
                raise BenchmarkError(
                    f"not ready in time: seconds={timeout_seconds} awaited={text!r}: {self.tail()}"
                )
            time.sleep(POLL_SECONDS)

    def tail(self) -> str:
        return brief(self.output())

    def pids(self) -> list[int]:
        """The program and its descendants, without `timeout`."""
        return descendants(self._process.pid)

    def terminate(self) -> None:
        """Asks the program, not `timeout`, to end."""
        for pid in children(self._process.pid):
            signal_process(pid, signal.SIGTERM)

    def await_end(self, timeout_seconds: float) -> int:
        """Returns the program's status; kills it when it does not end in time."""
        try:
            return self._process.wait(timeout_seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise BenchmarkError(
                f"did not end in time and was killed: seconds={timeout_seconds}: {self.tail()}"
            ) from None

    def kill(self) -> None:
        for pid in [*self.pids(), self._process.pid]:
            signal_process(pid, signal.SIGKILL)
        self._process.wait()


def signal_process(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def children(pid: int) -> list[int]:
    found = []
    try:
        for task in os.listdir(f"/proc/{pid}/task"):
            found += map(int, pathlib.Path(f"/proc/{pid}/task/{task}/children").read_text().split())
    except FileNotFoundError:
        pass
    return found


def descendants(pid: int) -> list[int]:
    found = []
    for child in children(pid):
        found += [child, *descendants(child)]
    return found


def resident_bytes(pid: int) -> int:
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    raise BenchmarkError(f"has no resident memory: pid={pid}")


def cpu_nanos(pids: Sequence[int]) -> int:
    """The time on a CPU of all threads that these processes have now, from the scheduler's own count."""
    total = 0
    for pid in pids:
        for schedstat in pathlib.Path(f"/proc/{pid}/task").glob("*/schedstat"):
            try:
                total += int(schedstat.read_text().split()[0])
            except (FileNotFoundError, ProcessLookupError):
                continue
    return total


def machine_busy_seconds() -> float:
    """CPU seconds that the machine has spent on anything, since boot."""
    total = pathlib.Path("/proc/stat").read_text().split(maxsplit=8)
    user, nice, system, _idle, _iowait, irq, softirq = map(int, total[1:8])
    return (user + nice + system + irq + softirq) / TICKS_PER_SECOND


def own_cpu_seconds() -> float:
    """CPU seconds of this process and of its children that have ended."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system
