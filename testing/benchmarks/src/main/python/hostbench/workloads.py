"""What is timed while a listener is asked, or is not."""

from __future__ import annotations

import dataclasses
import json
import pathlib
import time

from .listeners import Listener
from .processes import ORDINARY, BenchmarkError, cpu_nanos, machine_busy_seconds, own_cpu_seconds, resident_bytes, run
from .programs import Programs
from .redoubt import Redoubt
from .results import Measurement
from .scratch import Namespace, Scratch
from .toolchain import Toolchain

FIRST_DECISIONS = 300
PROTECTION_SECONDS = 20
# One build varies by more than what is looked for.
BUILDS = 6
# What the work has left to do, compiling for example, is neither idleness nor what stays.
SETTLE_SECONDS = 2


@dataclasses.dataclass(frozen=True)
class Sizes:
    """How much of each is done.

    starts         starts of the warm workload that are timed
    warm_starts    starts before them that are not
    copies         programs of the cold workload, each started once
    open_passes    how often each of the files is opened
    idle_seconds   how long the idle listener is watched
    """

    starts: int
    warm_starts: int
    copies: int
    open_passes: int
    idle_seconds: float


class Workloads:
    """The workloads of one run. Each returns what it measured under `listener` in round `round_number`."""

    def __init__(self, scratch: Scratch, programs: Programs, namespace: Namespace, sizes: Sizes):
        self._scratch = scratch
        self._programs = programs
        self._namespace = namespace
        self._sizes = sizes

    def first(self, listener: Listener, round_number: int) -> Measurement:
        """The first decisions of a listener that has just started: one program, over and over."""
        return self._timed(
            listener, round_number, "first", self._spawn("-n", str(FIRST_DECISIONS), self._scratch.tiny)
        )

    def warm(self, listener: Listener, round_number: int) -> Measurement:
        """One program, over and over, when everybody has got used to it."""
        counts = ("-n", str(self._sizes.starts), "-w", str(self._sizes.warm_starts))
        return self._timed(listener, round_number, "warm", self._spawn(*counts, self._scratch.tiny))

    def ordinary(self, listener: Listener, round_number: int) -> Measurement:
        """The same by an ordinary program, which whoever works for the listener may get in the way of.

        What counts there is a start to its end: when the parent returns from posix_spawn() depends on which
        of the two the scheduler runs first.
        """
        counts = ("-n", str(self._sizes.starts), "-w", str(self._sizes.warm_starts))
        command = [*ORDINARY, *self._spawn(*counts, self._scratch.tiny)]
        return self._timed(listener, round_number, "ordinary", command)

    def cold(self, listener: Listener, round_number: int) -> Measurement:
        """Programs that this listener has never judged."""
        arguments = ("-n", str(self._sizes.copies), "-d", self._scratch.copies_folder)
        return self._timed(listener, round_number, "cold", self._spawn(*arguments))

    def open(self, listener: Listener, round_number: int) -> Measurement:
        """Opens for reading."""
        counts = ("-n", str(self._sizes.copies), "-p", str(self._sizes.open_passes))
        command = self._namespace.enter(self._programs["openbench"], *counts, self._scratch.files_folder)
        return self._timed(listener, round_number, "open", command)

    def compile(self, listener: Listener, round_number: int, toolchain: Toolchain) -> Measurement:
        """A build with two jobs, by a listener in use whom every tool of the build has been shown once.

        The fastest of several in a row: what a neighbour takes from this machine only ever adds.
        """
        toolchain.clean()
        run(self._spawn("-n", str(self._sizes.warm_starts), self._scratch.tiny))
        run(self._namespace.enter(*toolchain.command("acquaintance.o")))
        watch = _Watch(listener)
        wall_millis = min(self._build(toolchain) for _ in range(BUILDS))
        return Measurement(listener.name, "compile", round_number, {"wall_ms": wall_millis, **watch.stop()})

    def _build(self, toolchain: Toolchain) -> float:
        toolchain.clean()
        begin = time.monotonic()
        run(self._namespace.enter(*toolchain.command("all.o")), timeout_seconds=300)
        wall_millis = (time.monotonic() - begin) * 1000
        toolchain.require_built()
        return wall_millis

    def footprint(self, listener: Listener, round_number: int) -> Measurement:
        """Memory of each process when the work is over, and the time on a CPU that waiting takes."""
        time.sleep(SETTLE_SECONDS)
        processes = listener.processes()
        values = {f"rss_mb {role}": resident_bytes(pid) / 1e6 for role, pid in processes.items()}
        pids = listener.all_pids()
        begin_nanos, begin = cpu_nanos(pids), time.monotonic()
        time.sleep(self._sizes.idle_seconds)
        spent = (cpu_nanos(pids) - begin_nanos) / 1e9 / (time.monotonic() - begin)
        return Measurement(listener.name, "footprint", round_number, {**values, "idle_percent": spent * 100})

    def protection(self, redoubt: Redoubt, round_number: int) -> Measurement:
        """From typing the command to the first refusal of the known-bad program, and from a crash to the next agent.

        Nobody types it under real-time scheduling, whatever this run has for the latencies: there a start's
        threads would wait for each other's time slices of 100 ms.
        """
        try:
            begin_nanos = redoubt.launch(ORDINARY)
            answer = self._first_denied()
            restarted_millis = redoubt.kill_agent()
            self._first_denied()
            values = {
                "restarted_ms": restarted_millis,
                "protected_ms": (answer["denied_at_nanos"] - begin_nanos) / 1e6,
                "allowed_before": answer["allowed"],
            }
            redoubt.stop()
        except BaseException:
            redoubt.abandon()
            raise
        return Measurement(redoubt.name, "start", round_number, values)

    def _first_denied(self) -> dict:
        command = [*ORDINARY, self._programs["firstdenied"], str(PROTECTION_SECONDS), self._scratch.known_bad]
        return json.loads(run(command))

    def _spawn(self, *arguments: str | pathlib.Path) -> list[str]:
        return self._namespace.enter(self._programs["spawnbench"], *arguments)

    @staticmethod
    def _timed(listener: Listener, round_number: int, workload: str, command: list[str]) -> Measurement:
        watch = _Watch(listener)
        values = json.loads(run(command))
        if values["failed"]:
            raise BenchmarkError(
                f"operations failed: workload={workload} failed={values['failed']} of={values['count']}"
            )
        return Measurement(listener.name, workload, round_number, {**values, **watch.stop()})


class _Watch:
    """Counts the CPU time of the listener, and of everybody else on the machine, meanwhile."""

    def __init__(self, listener: Listener):
        self._pids = listener.all_pids()
        self._begin = time.monotonic()
        self._busy, self._own, self._listener = self._read()

    def _read(self) -> tuple[float, float, float]:
        return machine_busy_seconds(), own_cpu_seconds(), cpu_nanos(self._pids) / 1e9

    def stop(self) -> dict[str, float]:
        busy, own, listener = self._read()
        seconds = time.monotonic() - self._begin
        listener_seconds = listener - self._listener
        foreign = (busy - self._busy) - (own - self._own) - listener_seconds
        return {"listener_cpu_ms": listener_seconds * 1000, "foreign_cores": max(0.0, foreign / seconds)}
