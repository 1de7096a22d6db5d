"""Redoubt as its users start it: `./redoubt run`, with its folders in the scratch place."""

from __future__ import annotations

import contextlib
import itertools
import json
import pathlib
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence

from .listeners import Listener, Place
from .processes import ORDINARY, TICKS_PER_SECOND, Background, BenchmarkError, brief, run, signal_process
from .scratch import sha256_hex

PROTECTING = "redoubt: protecting"
RESTARTED = "redoubt: the agent died and is restarted"
FIRST_ENGINE = "scanner"
DENIAL_TRIES = 3


class Redoubt(Listener):
    """Redoubt in its default policy, in enforce mode, with one or more copies of the scanner.

    With `own_scheduling` it starts as an ordinary program and raises its own hook threads, and nothing else;
    without, everything of it inherits the scheduling of this run.

    Each start begins with an empty state, so that nothing has ever been judged.
    """

    LIMIT_SECONDS = 600
    START_SECONDS = 20
    STOP_SECONDS = 20
    # one folder for each start
    _NUMBERS = itertools.count(1)

    def __init__(
        self,
        place: Place,
        engines: int = 1,
        own_scheduling: bool = False,
        rules: pathlib.Path | None = None,
        content: pathlib.Path | None = None,
        clamd: pathlib.Path | None = None,
        scanner: bool = True,
        lockdown: str = "",
        options: Sequence[str] = (),
        further: int = 0,
        limit_seconds: int = LIMIT_SECONDS,
    ):
        """With `rules` it also watches processes, and one more engine runs those rules.

        `content` is a folder that files are held against, beside the list with the known-bad program. `clamd` is the
        socket of a clamd, which is asked too; without `scanner`, alone. `lockdown` is empty, `execs` or `opens`: which
        uses of files application control denies, unless they lie on the scratch file system, which is trusted.
        `further` is how many engines the `options` bring. Whatever happens, it is killed after `limit_seconds`.
        """
        self._options = options
        self._further = further
        self._limit_seconds = limit_seconds
        self._lockdown = lockdown
        self._clamd = clamd
        self._scanner = scanner
        self._rules = rules
        self._content = content
        self.name = "Redoubt" if engines == 1 else f"Redoubt, {engines} engines"
        if lockdown:
            self.name = "Redoubt, locked" if lockdown == "execs" else "Redoubt, opens locked too"
        self._place = place
        self._engines = engines
        self._scheduling = ORDINARY if own_scheduling else ()
        self._process: Background | None = None
        self._status: dict = {}

    # ---- the listener

    def start(self) -> None:
        self.launch()
        assert self._process is not None
        self._process.await_output(PROTECTING, self.START_SECONDS)
        if self._clamd is not None:
            self._add_clamav(self._clamd)
        if not self._scanner:
            self._command("engines", "revoke", FIRST_ENGINE, "all")
        self._await_engines()

    def processes(self) -> dict[str, int]:
        engines = self._status["engines"]
        return {
            "agent": self._status["pid"],
            **{f"engine {i + 1}": engine["pid"] for i, engine in enumerate(engines)},
        }

    def all_pids(self) -> list[int]:
        assert self._process is not None
        return sorted({*self._process.pids(), *self.processes().values()})

    def check(self) -> None:
        # On a busy machine an engine can miss the deadline, once: its late verdict is kept for the next time.
        if not any(self.denies_known_bad() for _ in range(DENIAL_TRIES)):
            raise BenchmarkError(
                "the known-bad program was allowed: nothing was protected while this was measured"
            )

    def stop(self) -> None:
        assert self._process is not None
        self._command("stop")
        self._process.await_end(self.STOP_SECONDS)

    def abandon(self) -> None:
        if self._process is not None:
            self._process.kill()

    # ---- what the measurement of its start uses

    def launch(self, scheduling: Sequence[str] | None = None) -> int:
        """Starts it, does not wait, and returns the time (CLOCK_MONOTONIC, nanoseconds) before.

        `scheduling` is a command that sets it, in place of what was chosen for this run.
        """
        kind = "-watching" if self._rules else ""
        kind += f"-locked-{self._lockdown}" if self._lockdown else ""
        if self._clamd is not None:
            kind += "-clamd" if self._scanner else "-clamd-alone"
        self._folder = self._place.folder / f"redoubt-{self._engines}{kind}-{next(self._NUMBERS)}"
        self._environment = {}
        for variable, folder in (("STATE", "state"), ("RUN", "run"), ("CONFIG", "config")):
            (self._folder / folder).mkdir(parents=True)
            self._environment[f"REDOUBT_{variable}_DIR"] = str(self._folder / folder)
        content = self._folder / "known-bad.hashes"
        if self._content is not None:
            content = self._folder / "content" / content.name
            shutil.copytree(self._content, content.parent)
        content.write_text(f"{sha256_hex(self._place.scratch.known_bad)}  known-bad\n")
        chosen = self._scheduling if scheduling is None else scheduling
        command = [*chosen, self._front_door, "run", "--filesystem", self._place.scratch.mount]
        command += ["--content", content if self._content is None else content.parent]
        command += ["--mode", "enforce", *self._options]
        if self._rules is not None:
            command += ["--rules", self._rules]
        if self._lockdown:
            self._command("trust", "add", str(self._place.scratch.mount))
            command += ["--app-control", "lockdown"]
        if self._lockdown == "opens":
            command += ["--opens", self._place.scratch.mount]
        for manifest in self._further_manifests():
            command += ["--engine", manifest]
        self._process = Background(
            list(map(str, command)), self._folder / "agent.log", self._limit_seconds, **self._environment
        )
        return self._process.started_nanos

    def kill_agent(self) -> float:
        """Kills the agent as a crash would, and returns after how many milliseconds the next was started."""
        assert self._process is not None
        pid = json.loads(self._command("status", "--json"))["pid"]
        begin = time.monotonic()
        signal_process(pid, signal.SIGKILL)
        self._process.await_output(RESTARTED, self.START_SECONDS)
        return (time.monotonic() - begin) * 1000

    def prepare(self) -> None:
        """Builds what is missing or old, the AOT cache among it, as an installation would."""
        run([self._front_door, "--build"], timeout_seconds=900)

    def denies_known_bad(self) -> bool:
        try:
            subprocess.run([self._place.scratch.known_bad], timeout=10, check=False)
        except PermissionError:
            return True
        return False

    def scan(self, folder: pathlib.Path) -> str:
        """What `redoubt scan` says of the files in it, as JSON, an object a line."""
        done = subprocess.run(
            self._command_line("scan", "--json", str(folder)), capture_output=True, text=True, timeout=600
        )
        if done.returncode not in (0, 1):
            raise BenchmarkError(f"scan failed: status={done.returncode} {brief(done.stderr or done.stdout)}")
        return done.stdout

    def activate(self, bundle: pathlib.Path) -> None:
        """Brings a bundle into force; returns when it is.

        The program that waits for it takes what others leave: it is no part of what is measured.
        """
        command = self._command_line("content", "activate", "--unsigned", str(bundle))
        run(["chrt", "--idle", "0", *command], timeout_seconds=1200)

    @contextlib.contextmanager
    def spent(self) -> Iterator[Callable[[], float]]:
        """Tells the CPU seconds of the agent, its engines and all that it tries, ended ones too, since some time.

        The kernel counts for the groups of processes in which the agent puts them, as long as the groups are there.
        """
        root = next(
            pathlib.Path(mount.split()[1])
            for mount in pathlib.Path("/proc/mounts").read_text().splitlines()
            if mount.split()[2] == "cgroup2"
        )
        room = f"redoubt-{_java_hash(self._environment['REDOUBT_RUN_DIR']):x}"
        # One that serves, the one beside it, those that are tried; each while it starts, and later.
        kinds = itertools.product(("", "+next", "-admission"), ("", "-idle", "-starting"))
        rooms = [root / "".join((room, *kind)) for kind in kinds]
        kept = [room / "kept" for room in rooms]
        for group in kept:
            group.mkdir(parents=True, exist_ok=True)
        agent = self._status["pid"]

        def seconds() -> float:
            ticks = pathlib.Path(f"/proc/{agent}/stat").read_text().rsplit(")", 1)[1].split()[11:13]
            micros = [
                int(line.split()[1])
                for room in rooms
                for line in (room / "cpu.stat").read_text().splitlines()
                if line.startswith("usage_usec ")
            ]
            return sum(map(int, ticks)) / TICKS_PER_SECOND + sum(micros) / 1e6

        try:
            yield seconds
        finally:
            for group in kept:
                group.rmdir()
                with contextlib.suppress(OSError):  # engines are still in it
                    group.parent.rmdir()

    def status(self) -> dict:
        """What the agent says of itself."""
        return json.loads(self._command("status", "--json"))

    def counters(self) -> dict[str, int]:
        """What the agent counts, since its start."""
        return self.status()["counters"]

    @property
    def system_call_filter(self) -> pathlib.Path:
        """What the agent loads into each engine."""
        return self._folder / "run" / "engines" / "system-calls.bpf"

    # ---- inside

    @property
    def _front_door(self) -> pathlib.Path:
        return self._place.repository / "redoubt"

    def _command(self, *arguments: str) -> str:
        return run(self._command_line(*arguments), timeout_seconds=30)

    def _command_line(self, *arguments: str) -> list[str]:
        settings = [f"{name}={value}" for name, value in self._environment.items()]
        return ["env", *settings, str(self._front_door), *arguments]

    def _await_engines(self) -> None:
        assert self._process is not None
        end = time.monotonic() + self.START_SECONDS
        wanted = self._engines + (self._rules is not None) + (self._clamd is not None) + bool(self._lockdown)
        wanted += self._further
        while True:
            self._status = json.loads(self._command("status", "--json"))
            states = {engine["id"]: engine["state"] for engine in self._status["engines"]}
            without = [engine["id"] for engine in self._status["engines"] if "no clamd" in engine["engineVersion"]]
            if list(states.values()) == ["ready"] * wanted and not without:
                return
            if time.monotonic() > end:
                raise BenchmarkError(
                    f"not all engines are ready: wanted={wanted} states={states}: {self._process.tail()}"
                )
            time.sleep(0.1)

    def _add_clamav(self, socket: pathlib.Path) -> None:
        """The engine that comes with us, for a clamd that is somewhere else, as its owner would add it."""
        ours = self._place.repository / "packaging" / "engines" / "optional" / "clamav.engine"
        manifest = self._folder / "clamd.engine"
        text = re.sub(r"(?m)^id=.*", "id=clamd", ours.read_text())
        manifest.write_text(text.replace("/run/clamav/clamd.ctl", str(socket)))
        self._command("engines", "add", str(manifest))
        rights = ["judge:exec", "judge:open", "judge:scan", "file-content", f"socket:{socket}"]
        self._command("engines", "grant", "clamd", *rights, "--files-may-leave")

    def _further_manifests(self) -> list[pathlib.Path]:
        """Copies of the scanner's own manifest, under ids that get the same content as it."""
        if self._engines == 1:
            return []
        manifest = self._place.repository / "packaging" / "engines" / f"{FIRST_ENGINE}.engine"
        copies = []
        for number in range(2, self._engines + 1):
            name = f"{FIRST_ENGINE}-{number}"
            renamed, changes = re.subn(rf"(?m)^id={FIRST_ENGINE}$", f"id={name}", manifest.read_text())
            if changes != 1:
                raise BenchmarkError(f"the manifest names no id to replace: manifest={manifest}")
            copy = self._folder / f"{name}.engine"
            copy.write_text(renamed)
            copies.append(copy)
        return copies


def _java_hash(text: str) -> int:
    """What Java's `String.hashCode` says, as an unsigned number of 32 bits."""
    value = 0
    for character in text:
        value = (value * 31 + ord(character)) & 0xFFFFFFFF
    return value
