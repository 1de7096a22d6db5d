"""What confining an engine costs: at its start, and with every question.

The command that confines is taken from a running engine, as the agent composed it; only the program at its
end is another one.
"""

from __future__ import annotations

import json
import pathlib
import statistics
import time

from .processes import BenchmarkError, run
from .programs import Programs
from .redoubt import Redoubt
from .results import BARE, Measurement

STARTS = 15
FILTER_DESCRIPTOR = 9
PLACE = "/tmp"
END_OF_OPTIONS = "--"


class Confinement:
    """Alternates starts and questions with and without it. Valid while `redoubt` runs."""

    def __init__(self, redoubt: Redoubt, programs: Programs):
        self._redoubt = redoubt
        self._programs = programs
        self._filter = redoubt.system_call_filter
        self._command = _with_sources(_confining_command(redoubt.processes()["engine 1"]), self._filter)

    def measure(self, round_number: int) -> list[Measurement]:
        plain, confined = [], []
        for _ in range(STARTS):
            plain.append(self._start(False))
            confined.append(self._start(True))
        measurements = [
            Measurement(name, "sandbox", round_number, {"start_ms": statistics.median(times)})
            for name, times in ((BARE, plain), (self._redoubt.name, confined))
        ]
        for name, is_confined in ((BARE, False), (self._redoubt.name, True), (BARE, False)):
            measurements.append(Measurement(name, "sandbox", round_number, self._questions(is_confined)))
        return measurements

    def _start(self, confined: bool) -> float:
        begin = time.monotonic()
        self._run("tiny", confined)
        return (time.monotonic() - begin) * 1000

    def _questions(self, confined: bool) -> dict[str, float]:
        command = self._with_program("roundtrip", ["-a"]) if confined else [self._programs["roundtrip"], "-a"]
        return json.loads(self._run_command([self._programs["roundtrip"], *command], confined))

    def _run(self, program: str, confined: bool) -> None:
        self._run_command(self._with_program(program, []) if confined else [self._programs[program]], confined)

    def _with_program(self, program: str, arguments: list[str]) -> list[str]:
        """The confining command, with a program of ours in the view and at the end."""
        own = f"{PLACE}/{program}"
        before = self._command.index("--remount-ro")
        options = [*self._command[:before], "--ro-bind", str(self._programs[program]), own, *self._command[before:]]
        return ["setsid", "prlimit", "--core=0", "--nofile=256", END_OF_OPTIONS, *options, own, *arguments]

    def _run_command(self, command: list[str | pathlib.Path], confined: bool) -> str:
        words = [str(word) for word in command]
        if not confined:
            return run(words)
        with_filter = ["sh", "-c", f'exec "$@" {FILTER_DESCRIPTOR}<"$0"', str(self._filter), *words]
        return run(with_filter)


def _with_sources(command: list[str], stand_in: pathlib.Path) -> list[str]:
    """The socket is gone once its engine has connected: another file is mounted in its place."""
    words = list(command)
    for at, word in enumerate(command):
        if word == "--ro-bind" and not pathlib.Path(command[at + 1]).exists():
            words[at + 1] = str(stand_in)
    return words


def _confining_command(engine: int) -> list[str]:
    """What confines a process, without the program that it became: bubblewrap's own command line."""
    pid = engine
    while pid > 1:
        words = pathlib.Path(f"/proc/{pid}/cmdline").read_text().split("\0")[:-1]
        if words and pathlib.PurePath(words[0]).name == "bwrap":
            # bwrap OPTIONS -- setpriv OPTIONS -- ENGINE
            first = words.index(END_OF_OPTIONS)
            return words[: words.index(END_OF_OPTIONS, first + 1) + 1]
        pid = int(pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    raise BenchmarkError(f"nothing confines the engine: pid={engine}")
