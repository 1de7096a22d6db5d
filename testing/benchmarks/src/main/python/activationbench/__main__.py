"""make activation-bench: what programs feel of other content, and what a trial costs.

`way`: a tiny program is started again and again while bundles are brought into force one after the other for an
engine that has a vote, each with its admission and a trial of five seconds; then as often while nothing is,
twice; then as often beside virtual machines of Java that start one after the other with the least share of the
processor (nice 19), which is what a trial is to a host. `switch`: the same without admission and trial: the
other process is started, takes over, and the first one ends. `paced`: programs are started at a rate while one
bundle after the other goes the whole way, one every minute (`--every`), half of it its trial, and after each round
while none does. `trial`: programs are started at a rate while the second process of an engine hears what the first
one hears, and while none does, before and after; what the agent, its engines and everything that is tried spent
meanwhile is compared, and how long the starts took.

Nothing else should run on the machine: the starts take longer then.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import pathlib
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from hostbench.listeners import Place
from hostbench.processes import ORDINARY, BenchmarkError, run
from hostbench.programs import compile_programs
from hostbench.redoubt import Redoubt
from hostbench.scratch import Scratch

REPOSITORY = pathlib.Path(__file__).resolve().parents[6]
PARTS = ("way", "switch", "paced", "trial")
# More than a block takes.
MOST_STARTS = 4_000_000
RATE = 100
# How long the second process hears what the first one hears, on the whole way.
HEARING_SECONDS = 5
SETTLE_SECONDS = 15


def main() -> int:
    arguments = _parser().parse_args()
    with contextlib.ExitStack() as undo:
        folder = pathlib.Path(undo.enter_context(tempfile.TemporaryDirectory(prefix="redoubt-activation-")))
        # Engines run as other users and have to reach their sockets in it.
        folder.chmod(0o755)
        programs = compile_programs(
            REPOSITORY / "testing/benchmarks/src/main/c", REPOSITORY / "build" / "bench" / "bin"
        )
        scratch = Scratch(folder, programs, 10)
        undo.callback(scratch.close)
        place = Place(folder, scratch, programs, REPOSITORY)
        bundles = sorted(arguments.bundles.glob("*.bundle"), key=lambda path: int(path.stem.rsplit("-", 1)[1]))
        if arguments.activations >= len(bundles):
            raise BenchmarkError(f"too few bundles: activations={arguments.activations} bundles={len(bundles)}")
        Redoubt(place).prepare()
        for part, skipped in (("way", ["probation"]), ("switch", ["admission", "trial", "probation"])):
            if part in arguments.parts:
                _stalls(place, bundles, part, skipped, arguments)
        if "paced" in arguments.parts:
            _paced(place, bundles, arguments)
        if "trial" in arguments.parts:
            _trial(place, bundles, arguments)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make activation-bench ACTIVATION=...", description=__doc__)
    parser.add_argument("bundles", type=pathlib.Path, help="a folder with bundles for the engine drill")
    parser.add_argument("--parts", type=lambda text: text.split(","), default=PARTS, help="of way,switch,paced,trial")
    parser.add_argument("--activations", type=int, default=100, help="how many in all (default 100)")
    parser.add_argument("--rounds", type=int, default=10, help="in how many rounds (default 10)")
    parser.add_argument("--every", type=int, default=60, help="paced: seconds from one to the next (default 60)")
    parser.add_argument("--trial-seconds", type=int, default=600, help="how long a trial takes (default 600)")
    parser.add_argument(
        "--sched", choices=("rr", "other"), default="other", help="rr: the starter runs ahead of other work"
    )
    return parser


# ---- way and switch


def _stalls(place: Place, bundles: list[pathlib.Path], part: str, skipped: list[str], arguments) -> None:
    options = ["--content-trial-seconds", str(HEARING_SECONDS)]
    for stage in skipped:
        options += ["--content-skip", stage]
    waiting = iter(bundles)
    rounds = []
    with Redoubt(place, own_scheduling=True, options=options) as listener:
        listener.activate(next(waiting))
        _start_many(place, 3000, arguments)
        each = max(1, arguments.activations // arguments.rounds)
        for number in range(1, arguments.rounds + 1):
            chosen = [next(waiting) for _ in range(each)]
            begin = time.monotonic()
            busy = _while(place, lambda: [listener.activate(bundle) for bundle in chosen], arguments)
            took = time.monotonic() - begin
            seconds = took / each
            quiet = [_start_many(place, busy["count"], arguments) for _ in range(2)]
            java = _while(place, lambda: _start_java(took), arguments)
            rounds.append({"busy": busy, "quiet": quiet, "java": java, "seconds": seconds})
            print(
                f"{part}: round {number} of {arguments.rounds}: {each} activations, {seconds:.1f} s each,"
                f" {busy['count']} starts, p99 {busy['exec_p99']:.0f} and"
                f" {quiet[0]['exec_p99']:.0f}, {quiet[1]['exec_p99']:.0f} µs without, {java['exec_p99']:.0f} beside Java",
                file=sys.stderr,
                flush=True,
            )
    print(f"\n### {part}: p99 of exec, {arguments.rounds * each} activations, starter under SCHED_{arguments.sched.upper()}\n")
    print("| µs, medians of the rounds | p50 | p99 | longest of all | failed |")
    print("| --- | ---: | ---: | ---: | ---: |")
    _print_row("while bundles are brought into force", [r["busy"] for r in rounds])
    _print_row("meanwhile nothing", [q for r in rounds for q in r["quiet"]])
    _print_row("meanwhile Java starts, nice 19", [r["java"] for r in rounds])
    _print_ratios(rounds)


def _print_ratios(rounds: list[dict]) -> None:
    without = [statistics.mean(q["exec_p99"] for q in r["quiet"]) for r in rounds]
    ratios = [r["busy"]["exec_p99"] / w for r, w in zip(rounds, without, strict=True)]
    differences = [r["busy"]["exec_p99"] - w for r, w in zip(rounds, without, strict=True)]
    spread = [abs(r["quiet"][0]["exec_p99"] - r["quiet"][1]["exec_p99"]) for r in rounds]
    print(
        f"\np99 to p99 without, median of the rounds: {statistics.median(ratios):.2f}"
        f" ({min(ratios):.2f} to {max(ratios):.2f}), {statistics.median(differences):+.0f} µs;"
        f" nothing against nothing: {statistics.median(spread):.0f} µs apart, at most {max(spread):.0f};"
        f" an activation takes {statistics.median(r['seconds'] for r in rounds):.1f} s\n"
    )


def _print_row(label: str, blocks: list[dict]) -> None:
    print(
        f"| {label} | {statistics.median(b['exec_p50'] for b in blocks):.0f}"
        f" | {statistics.median(b['exec_p99'] for b in blocks):.0f}"
        f" | {max(b['exec_max'] for b in blocks):.0f} | {sum(b['failed'] for b in blocks)} |"
    )


def _start_java(seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        run(["nice", "-n", "19", "java", "-version"])


def _while(place: Place, work: Callable[[], object], arguments) -> dict:
    """What a program that is started again and again sees until some work is done."""
    over = place.folder / "over"
    over.unlink(missing_ok=True)
    with ThreadPoolExecutor(1) as worker:
        done = worker.submit(work)
        done.add_done_callback(lambda _: over.touch())
        measured = _start_many(place, MOST_STARTS, arguments, "-u", str(over))
        done.result()
    return measured


def _start_many(place: Place, count: int, arguments, *further: str) -> dict:
    prefix = ["chrt", "--rr", "10"] if arguments.sched == "rr" else ORDINARY
    command = [*prefix, place.programs["spawnbench"], "-n", str(count), *further, place.scratch.tiny]
    return json.loads(run(command, timeout_seconds=900))


# ---- paced


def _paced(place: Place, bundles: list[pathlib.Path], arguments: argparse.Namespace) -> None:
    every = arguments.every
    options = ["--content-trial-seconds", str(every // 2), "--content-skip", "probation"]
    each = max(1, arguments.activations // arguments.rounds)
    waiting = iter(bundles)
    rounds = []
    limit = arguments.rounds * each * every * 2 + 600
    with (
        contextlib.ExitStack() as undo,
        Redoubt(place, own_scheduling=True, options=options, limit_seconds=limit) as listener,
    ):
        spent = undo.enter_context(listener.spent())
        listener.activate(next(waiting))
        time.sleep(SETTLE_SECONDS)
        _pace(place, every, spent)
        quiet = _pace(place, every, spent)
        for number in range(1, arguments.rounds + 1):
            chosen = [next(waiting) for _ in range(each)]
            with ThreadPoolExecutor(1) as worker:
                way = worker.submit(_activate_in_turn, listener, chosen, every)
                busy = _pace(place, each * every, spent)
                seconds = way.result()
            time.sleep(SETTLE_SECONDS)
            before, quiet = quiet, _pace(place, every, spent)
            rounds.append({"busy": busy, "quiet": [before, quiet], "seconds": seconds})
            print(
                f"paced: round {number} of {arguments.rounds}: {each} activations, {seconds:.1f} s each, p99"
                f" {busy['exec_p99']:.0f}, {before['exec_p99']:.0f} before and {quiet['exec_p99']:.0f} µs after",
                file=sys.stderr,
                flush=True,
            )
    print(f"\n### p99 of exec, {arguments.rounds * each} activations, one every {every} s, {RATE} starts a second\n")
    print("| µs, medians of the rounds | p50 | p99 | longest of all | failed |")
    print("| --- | ---: | ---: | ---: | ---: |")
    _print_row("while bundles are brought into force", [r["busy"] for r in rounds])
    _print_row("meanwhile nothing", [rounds[0]["quiet"][0], *(r["quiet"][1] for r in rounds)])
    _print_ratios(rounds)


def _activate_in_turn(listener: Redoubt, bundles: list[pathlib.Path], every: int) -> float:
    """Begins one activation after the other at an interval; seconds that one took, on average."""
    took = []
    for bundle in bundles:
        begin = time.monotonic()
        listener.activate(bundle)
        took.append(time.monotonic() - begin)
        if took[-1] > every:
            raise BenchmarkError(f"an activation takes longer than the interval: seconds={took[-1]:.1f} every={every}")
        if bundle != bundles[-1]:
            time.sleep(every - took[-1])
    return statistics.mean(took)


# ---- trial


def _trial(place: Place, bundles: list[pathlib.Path], arguments: argparse.Namespace) -> None:
    options = ["--content-trial-seconds", str(arguments.trial_seconds), "--content-skip", "probation"]
    # The first bundle, which is there to be replaced, goes the same way.
    limit = 4 * arguments.trial_seconds + 600
    with (
        contextlib.ExitStack() as undo,
        Redoubt(place, own_scheduling=True, options=options, limit_seconds=limit) as listener,
    ):
        spent = undo.enter_context(listener.spent())
        listener.activate(bundles[0])
        time.sleep(SETTLE_SECONDS)
        _pace(place, 30, spent)  # what is first compiled, and what is recorded, is no part of the cost
        before = _pace(place, arguments.trial_seconds / 2, spent)
        with ThreadPoolExecutor(1) as worker:
            trial = worker.submit(listener.activate, bundles[1])
            during = _pace(place, arguments.trial_seconds, spent)
            trial.result()
        after = _pace(place, arguments.trial_seconds / 2, spent)
    print(f"\n### What a trial of {arguments.trial_seconds} s costs, {RATE} starts a second\n")
    print("| | agent, engines and what is tried, % of a core | p50 of exec, µs | p99 | longest | failed |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    _print_pace("before", before)
    _print_pace("from admission to the take-over, with its runs over the past", during)
    _print_pace("after", after)
    usual = statistics.mean((before["busy"], after["busy"]))
    p99 = statistics.mean((before["exec_p99"], after["exec_p99"]))
    print(
        f"\nThe trial: {during['busy'] - usual:.2f} % of a core; p99 to p99 without {during['exec_p99'] / p99:.2f},"
        f" {during['exec_p99'] - p99:+.0f} µs; before and after {abs(before['exec_p99'] - after['exec_p99']):.0f} µs apart"
    )


def _print_pace(label: str, pace: dict) -> None:
    print(
        f"| {label} | {pace['busy']:.2f} | {pace['exec_p50']:.0f} | {pace['exec_p99']:.0f}"
        f" | {pace['exec_max']:.0f} | {pace['failed']} |"
    )


def _pace(place: Place, seconds: float, spent: Callable[[], float]) -> dict:
    """What programs feel that are started at a rate, and what is spent meanwhile, in % of a core."""
    before = spent()
    begin = time.monotonic()
    command = [place.programs["spawnpace"], "-s", str(int(seconds)), "-r", str(RATE), place.scratch.tiny]
    pace = json.loads(run(command, timeout_seconds=int(seconds) + 60))
    took = time.monotonic() - begin
    return pace | {"busy": (spent() - before) / took * 100}


if __name__ == "__main__":
    try:
        sys.exit(main())
    except BenchmarkError as error:
        sys.exit(f"failed: {error}")
