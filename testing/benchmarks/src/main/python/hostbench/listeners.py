"""What is measured: nothing at all, the C loop, Redoubt, fapolicyd; each started afresh and ended.

A listener is a context manager: it is entered when it protects the scratch file system, and left when
the file system is free again. One that does not start raises BenchmarkError, never passes for another.
"""

from __future__ import annotations

import abc
import dataclasses
import pathlib
import types

from .processes import Background
from .programs import Programs
from .scratch import Scratch


@dataclasses.dataclass(frozen=True)
class Place:
    """Where a listener works."""

    folder: pathlib.Path
    scratch: Scratch
    programs: Programs
    repository: pathlib.Path


class Listener(abc.ABC):
    """One program, or none, that is asked before programs start."""

    #: how the tables call it
    name: str

    @abc.abstractmethod
    def start(self) -> None:
        """Returns when the scratch file system is protected."""

    @abc.abstractmethod
    def stop(self) -> None:
        """Ends it, raising BenchmarkError if it did not end in order."""

    @abc.abstractmethod
    def abandon(self) -> None:
        """Ends it by force, after a failure. Never raises."""

    def processes(self) -> dict[str, int]:
        """Its processes' ids by role; empty if it has none."""
        return {}

    def all_pids(self) -> list[int]:
        """Every process of its, whatever the role."""
        return list(self.processes().values())

    def check(self) -> None:  # noqa: B027  most have nothing to check
        """Raises BenchmarkError if what was measured was not protection."""

    def __enter__(self) -> Listener:
        try:
            self.start()
        except BaseException:
            self.abandon()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: types.TracebackType | None
    ):
        if error is not None:
            self.abandon()
            return
        try:
            self.check()
            self.stop()
        except BaseException:
            self.abandon()
            raise


class Bare(Listener):
    """Nobody is asked."""

    name = "bare"

    def start(self) -> None:
        pass

    def stop(self) -> None:
        pass

    def abandon(self) -> None:
        pass


class AllowLoop(Listener):
    """The floor: `src/main/c/allowloop.c`."""

    name = "floor (C)"
    LIMIT_SECONDS = 300

    def __init__(self, place: Place):
        self._place = place
        self._process: Background | None = None

    def start(self) -> None:
        command = [str(self._place.programs["allowloop"]), str(self._place.scratch.mount)]
        self._process = Background(command, self._place.folder / "allowloop.log", self.LIMIT_SECONDS)
        self._process.await_output("READY", 10)

    def processes(self) -> dict[str, int]:
        assert self._process is not None
        return {"listener": self._process.pids()[0]}

    def stop(self) -> None:
        assert self._process is not None
        self._process.terminate()
        self._process.await_end(10)

    def abandon(self) -> None:
        if self._process is not None:
            self._process.kill()
