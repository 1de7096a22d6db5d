"""One run of the benchmark: rounds of alternating variants with bare runs between them."""

from __future__ import annotations

import contextlib
import dataclasses
import pathlib
import sys
from collections.abc import Callable

from .confinement import Confinement
from .fapolicyd import Fapolicyd
from .listeners import AllowLoop, Bare, Listener, Place
from .processes import BenchmarkError
from .programs import compile_programs
from .redoubt import Redoubt
from .results import Measurement, Results
from .scratch import Namespace, Scratch
from .toolchain import Toolchain
from .workloads import Sizes, Workloads

PARTS = ("exec", "start", "sandbox", "compile")
VARIANTS = ("floor", "redoubt", "redoubt3", "lockdown", "lockdown-opens", "fapolicyd")


@dataclasses.dataclass(frozen=True)
class Plan:
    """What to measure.

    parts          of PARTS
    variants       of VARIANTS; bare is always measured
    rounds         rounds of each part
    sources        how many files are compiled
    own_scheduling whether Redoubt inherits no scheduling and raises its hook threads itself
    """

    parts: tuple[str, ...]
    variants: tuple[str, ...]
    rounds: int
    sources: int
    own_scheduling: bool
    sizes: Sizes


class Session:
    """Measures what the plan says. One use; everything that it mounts or starts is gone afterwards."""

    def __init__(self, plan: Plan, repository: pathlib.Path, folder: pathlib.Path):
        self._plan = plan
        self._repository = repository
        self._folder = folder
        self._results = Results()
        self._bare = Bare()

    def run(self) -> Results:
        rounds = {
            "exec": self._exec_round,
            "start": self._start_round,
            "sandbox": self._sandbox_round,
            "compile": self._compile_round,
        }
        with contextlib.ExitStack() as undo:
            self._set_up(undo)
            for part in self._plan.parts:
                for round_number in range(1, self._plan.rounds + 1):
                    _say(f"{part}: round {round_number} of {self._plan.rounds}")
                    rounds[part](round_number)
        return self._results

    # ---- the place

    def _set_up(self, undo: contextlib.ExitStack) -> None:
        build = self._repository / "build" / "bench"
        programs = compile_programs(self._repository / "testing/benchmarks/src/main/c", build / "bin")
        scratch = Scratch(self._folder, programs, self._plan.sizes.copies)
        undo.callback(scratch.close)
        if "compile" in self._plan.parts:
            _say("copying the compiler")
            self._toolchain = Toolchain(scratch.mount / "compile", self._plan.sources)
        namespace = Namespace()
        undo.callback(namespace.close)
        self._programs = programs
        self._workloads = Workloads(scratch, programs, namespace, self._plan.sizes)
        place = Place(self._folder, scratch, programs, self._repository)
        self._listeners = self._create_listeners(place, namespace, build / "fapolicyd")
        self._redoubt = self._listeners.get("redoubt")
        if isinstance(self._redoubt, Redoubt):
            _say("building Redoubt")
            self._redoubt.prepare()

    def _create_listeners(self, place: Place, namespace: Namespace, package: pathlib.Path) -> dict[str, Listener]:
        create: dict[str, Callable[[], Listener]] = {
            "floor": lambda: AllowLoop(place),
            "redoubt": lambda: Redoubt(place, 1, self._plan.own_scheduling),
            "redoubt3": lambda: Redoubt(place, 3, self._plan.own_scheduling),
            "lockdown": lambda: Redoubt(place, 1, self._plan.own_scheduling, lockdown="execs"),
            "lockdown-opens": lambda: Redoubt(place, 1, self._plan.own_scheduling, lockdown="opens"),
            "fapolicyd": lambda: Fapolicyd(place, namespace, package),
        }
        return {name: create[name]() for name in self._plan.variants}

    # ---- the rounds

    def _exec_round(self, round_number: int) -> None:
        self._exec_under(self._bare, round_number)
        for listener in self._listeners.values():
            self._exec_under(listener, round_number)
            self._exec_under(self._bare, round_number)

    def _exec_under(self, listener: Listener, round_number: int) -> None:
        work = self._workloads
        steps = [work.first, work.warm, work.ordinary, work.cold, work.open]
        if listener is not self._bare:
            steps.append(work.footprint)
        self._measure(listener, lambda: [step(listener, round_number) for step in steps])

    def _start_round(self, round_number: int) -> None:
        redoubt = self._redoubt
        if isinstance(redoubt, Redoubt):
            with self._errors_of(redoubt):
                self._results.add(self._workloads.protection(redoubt, round_number))

    def _sandbox_round(self, round_number: int) -> None:
        redoubt = self._redoubt
        if isinstance(redoubt, Redoubt):
            self._measure(redoubt, lambda: Confinement(redoubt, self._programs).measure(round_number))

    def _compile_round(self, round_number: int) -> None:
        def build(listener: Listener) -> None:
            self._measure(listener, lambda: [self._workloads.compile(listener, round_number, self._toolchain)])

        build(self._bare)
        for listener in self._listeners.values():
            build(listener)
            build(self._bare)

    def _measure(self, listener: Listener, work: Callable[[], list[Measurement]]) -> None:
        """Keeps the measurements only if the listener was in order to the end."""
        with self._errors_of(listener):
            with listener:
                measurements = work()
            for measurement in measurements:
                self._results.add(measurement)

    @contextlib.contextmanager
    def _errors_of(self, listener: Listener):
        try:
            yield
        except (BenchmarkError, OSError, ValueError, KeyError) as error:
            problem = f"{listener.name}: {type(error).__name__}: {error}"
            _say(problem)
            self._results.errors.append(problem)


def _say(message: str) -> None:
    print(f"bench: {message}", file=sys.stderr, flush=True)
