"""make soak: a day of a host's life in an hour, and whether anything grows meanwhile.

A host that starts 5 programs and opens 20 files a second does so 24 times as often here, for 60 minutes, under an
agent with the scanner, the Sigma engine and the ransomware engine: programs that were judged before, every second
one that was not, every ten seconds one that must be denied; opens of files that are judged. Every ten seconds the
memory, descriptors and threads of agent and engines are noted, and what the agent counts.

It fails if something grows between the first sixth, which warms up, and the last: memory by more than a
twentieth and 8 MiB, descriptors and threads by more than 8; if a program that must be denied ran, or one that must
run did not; or if the agent saw fewer events than there were and counts no loss. The page goes to docs/results, the
picture to docs, with --write.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime
import itertools
import json
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time

from hostbench.listeners import Place
from hostbench.processes import BenchmarkError, run
from hostbench.programs import compile_programs
from hostbench.redoubt import Redoubt
from hostbench.scratch import Scratch

from .picture import Series, draw

REPOSITORY = pathlib.Path(__file__).resolve().parents[6]
STARTS_PER_SECOND = 5 * 24
OPENS_PER_SECOND = 20 * 24
SAMPLE_SECONDS = 10
# Of what is looked at, the first part warms up.
PARTS = 6
MEMORY_SHARE, MEMORY_MIB, MOST_MORE = 1.05, 8, 8
LOSSES = (
    "queue_overflows_total",
    "records_lost_total",
    "notify_lost_total",
    "process_events_lost_total",
    "file_events_lost_total",
    "network_events_lost_total",
    "reports_dropped_total",
    "overload_total",
)


def main() -> int:
    arguments = _parser().parse_args()
    seconds = int(arguments.minutes * 60)
    with contextlib.ExitStack() as undo:
        folder = pathlib.Path(undo.enter_context(tempfile.TemporaryDirectory(prefix="redoubt-soak-")))
        # Engines run as other users and have to reach their sockets in it.
        folder.chmod(0o755)
        programs = compile_programs(
            REPOSITORY / "testing/benchmarks/src/main/c", REPOSITORY / "build" / "bench" / "bin"
        )
        scratch = Scratch(folder, programs, 10)
        undo.callback(scratch.close)
        place = Place(folder, scratch, programs, REPOSITORY)
        Redoubt(place).prepare()
        options = ["--opens", str(scratch.mount), "--ransomware", "report"]
        listener = Redoubt(
            place,
            own_scheduling=True,
            rules=REPOSITORY / "packaging/content/rules",
            options=options,
            further=1,
            limit_seconds=seconds + 300,
        )
        with listener:
            result = Soak(place, listener, seconds).run()
    problems = judge(result)
    _report(result, problems, arguments)
    return 1 if problems else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make soak SOAK=...", description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=60, help="how long, of which each is 24 (default 60)")
    parser.add_argument("--write", action="store_true", help="write docs/soak.svg and the page in docs/results")
    return parser


class Soak:
    """The load, and what is noted of it."""

    def __init__(self, place: Place, listener: Redoubt, seconds: int):
        self._place = place
        self._listener = listener
        self._seconds = seconds
        self._over = threading.Event()
        self._opened = 0
        self._fresh = 0
        self._denied = 0
        self._wrong: list[str] = []

    def run(self) -> dict:
        before = self._listener.counters()
        workers = [threading.Thread(target=work) for work in (self._open_files, self._start_others)]
        for worker in workers:
            worker.start()
        samples = []
        begin = time.monotonic()
        command = [
            str(self._place.programs["spawnpace"]), "-s", str(self._seconds), "-r", str(STARTS_PER_SECOND),
            str(self._place.scratch.tiny),
        ]  # fmt: skip
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as spawner:
            while spawner.poll() is None:
                samples.append({"second": round(time.monotonic() - begin), **self._sample()})
                self._pause(spawner, begin + SAMPLE_SECONDS * len(samples))
            assert spawner.stdout is not None
            paced = json.loads(spawner.stdout.read())
        self._over.set()
        for worker in workers:
            worker.join()
        time.sleep(2)
        after = self._listener.counters()
        counted = {name: after[name] - before.get(name, 0) for name in after}
        return {
            "seconds": self._seconds,
            "starts": paced["started"] + self._fresh + self._denied,
            "failed": paced["failed"],
            "exec_p50": paced["exec_p50"],
            "exec_p99": paced["exec_p99"],
            "opens": self._opened,
            "fresh": self._fresh,
            "denied": self._denied,
            "wrong": self._wrong,
            "counted": counted,
            "samples": samples,
        }

    def _pause(self, spawner: subprocess.Popen, until: float) -> None:
        while spawner.poll() is None and time.monotonic() < until:
            time.sleep(0.2)
        if spawner.poll() is None and len(self._wrong) > 100:
            spawner.terminate()

    def _sample(self) -> dict:
        status = self._listener.status()
        sample = {"agent": _process(status["pid"])}
        for engine in status["engines"]:
            sample[engine["id"]] = {"mib": engine["costs"]["residentBytes"] / (1 << 20), **_handles(engine["pid"])}
        return sample

    def _open_files(self) -> None:
        files = sorted((self._place.scratch.mount / "files").iterdir())
        begin = time.monotonic()
        for number, file in enumerate(itertools.cycle(files)):
            if self._over.is_set():
                return
            try:
                file.read_bytes()
                self._opened += 1
            except OSError as error:
                self._wrong.append(f"open {file.name}: {error}")
            late = begin + number / OPENS_PER_SECOND - time.monotonic()
            if late > 0:
                time.sleep(late)

    def _start_others(self) -> None:
        """Every second a program that nobody has judged, every ten one that must not run."""
        program = self._place.scratch.mount / "fresh"
        for number in itertools.count():
            if self._over.wait(1):
                return
            program.unlink(missing_ok=True)
            shutil.copy(self._place.scratch.tiny, program)
            with program.open("ab") as file:
                file.write(number.to_bytes(8, "little"))
            try:
                subprocess.run([program], check=True, timeout=10)
                self._fresh += 1
            except (OSError, subprocess.SubprocessError) as error:
                self._wrong.append(f"start: {error}")
            if number % 10 == 0:
                if self._listener.denies_known_bad():
                    self._denied += 1
                else:
                    self._wrong.append("the known-bad program ran")


def _process(pid: int) -> dict:
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    kibibytes = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))
    return {"mib": kibibytes / 1024, **_handles(pid)}


def _handles(pid: int) -> dict:
    try:
        descriptors = len(list(pathlib.Path(f"/proc/{pid}/fd").iterdir()))
        threads = len(list(pathlib.Path(f"/proc/{pid}/task").iterdir()))
        return {"descriptors": descriptors, "threads": threads}
    except OSError:
        return {"descriptors": 0, "threads": 0}


def judge(result: dict) -> list[str]:
    """What is wrong with a soak, in words; nothing if nothing is."""
    problems = list(result["wrong"][:10])
    if result["failed"]:
        problems.append(f"programs that must run did not: failed={result['failed']}")
    seen = result["counted"].get("events_read_total", 0)
    lost = sum(result["counted"].get(name, 0) for name in LOSSES)
    if seen + lost < result["starts"]:
        problems.append(f"events that nobody counted: starts={result['starts']} seen={seen} lost={lost}")
    for name, early, late in parts(result["samples"]):
        if late["mib"] > early["mib"] * MEMORY_SHARE + MEMORY_MIB:
            problems.append(f"memory grows: {name} from {early['mib']:.1f} to {late['mib']:.1f} MiB")
        for what in ("descriptors", "threads"):
            if late[what] > early[what] + MOST_MORE:
                problems.append(f"{what} grow: {name} from {early[what]:.0f} to {late[what]:.0f}")
    return problems


def parts(samples: list[dict]):
    """Of each process the medians of the second part of all and of the last."""
    size = max(1, len(samples) // PARTS)
    names = [name for name in samples[-1] if name != "second"]
    for name in names:
        early = [sample[name] for sample in samples[size : 2 * size] if name in sample] or [samples[0][name]]
        late = [sample[name] for sample in samples[-size:] if name in sample]
        yield name, _medians(early), _medians(late)


def _medians(samples: list[dict]) -> dict:
    return {key: statistics.median(sample[key] for sample in samples) for key in ("mib", "descriptors", "threads")}


# ---- what is written


def _report(result: dict, problems: list[str], arguments: argparse.Namespace) -> None:
    page = _page(result, problems)
    print(page)
    if arguments.write and not problems:
        samples = result["samples"]
        series = [
            Series(name, [(sample["second"] / 60, sample[name]["mib"]) for sample in samples if name in sample])
            for name in samples[-1]
            if name != "second"
        ]
        (REPOSITORY / "docs" / "soak.svg").write_text(
            draw("Memory of agent and engines, MiB", "minutes, of which each is 24 of a host's life", series)
        )
        today = datetime.date.today().isoformat()
        (REPOSITORY / "docs" / "results" / f"{today}-soak.md").write_text(page)


def _page(result: dict, problems: list[str]) -> str:
    commit = run(["git", "-C", str(REPOSITORY), "rev-parse", "--short=12", "HEAD"]).strip()
    hours = result["seconds"] * 24 / 3600
    lost = {name: result["counted"].get(name, 0) for name in LOSSES}
    lines = [
        f"# A soak, {datetime.date.today().isoformat()}",
        "",
        f"`make soak`, commit {commit}: {result['seconds'] / 60:.0f} minutes at 24 times the load of a host that starts"
        f" 5 programs and opens 20 files a second, as much as {hours:.0f} hours of its life. Scanner, Sigma engine with"
        " the starter rules and ransomware engine; opens judged on the file system.",
        "",
        "Passed." if not problems else "Failed: " + "; ".join(problems),
        "",
        "| | early | late |",
        "| --- | ---: | ---: |",
    ]
    for name, early, late in parts(result["samples"]):
        for key, unit in (("mib", "memory, MiB"), ("descriptors", "descriptors"), ("threads", "threads")):
            lines.append(f"| {name}, {unit} | {early[key]:.0f} | {late[key]:.0f} |")
    lines += [
        "",
        f"- {result['starts']:,} starts ({result['fresh']:,} of programs that were new), {result['opens']:,} opens;"
        f" {result['denied']:,} starts of a known-bad program, each denied; {result['failed']} that must run did not.",
        f"- A start: p50 {result['exec_p50']:.0f} µs, p99 {result['exec_p99']:.0f} µs.",
        f"- Events read: {result['counted'].get('events_read_total', 0):,}. Counted as lost: "
        + (", ".join(f"{name} {count:,}" for name, count in lost.items() if count) or "none")
        + ".",
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except BenchmarkError as error:
        sys.exit(f"failed: {error}")
