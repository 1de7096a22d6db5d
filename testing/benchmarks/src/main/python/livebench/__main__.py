"""make live-bench: processor time and losses of sensors and Sigma engine while programs start.

Each rate is measured with and without `--rules`, one after the other, in rounds; the difference is what the
sensors and the engine cost. The programs lie outside the file system that the hook covers, so that judging
them costs nothing in either.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import pathlib
import statistics
import sys
import tempfile

from hostbench.listeners import Place
from hostbench.processes import cpu_nanos, machine_busy_seconds, own_cpu_seconds, resident_bytes, run
from hostbench.programs import compile_programs
from hostbench.redoubt import Redoubt
from hostbench.scratch import Scratch

REPOSITORY = pathlib.Path(__file__).resolve().parents[6]
COUNTED = ("host_events_total", "process_events_lost_total", "process_details_missed_total", "notify_lost_total")


def main() -> int:
    arguments = _parser().parse_args()
    rates = [float(word) for word in arguments.rates.split(",")]
    with contextlib.ExitStack() as undo:
        folder = pathlib.Path(undo.enter_context(tempfile.TemporaryDirectory(prefix="redoubt-live-")))
        programs = compile_programs(
            REPOSITORY / "testing/benchmarks/src/main/c", REPOSITORY / "build" / "bench" / "bin"
        )
        scratch = Scratch(folder, programs, 10)
        undo.callback(scratch.close)
        place = Place(folder, scratch, programs, REPOSITORY)
        variants = {"without": Redoubt(place), "with": Redoubt(place, rules=arguments.rules)}
        variants["with"].prepare()
        measured = [
            {"variant": name, "rate": rate, **_measure(listener, programs, rate, arguments.seconds)}
            for _ in range(arguments.rounds)
            for rate in rates
            for name, listener in variants.items()
        ]
    if arguments.json:
        print(json.dumps(measured, indent=2))
    else:
        _print_table(measured, rates)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="livebench", description=__doc__.splitlines()[0])
    parser.add_argument("--rates", default="100,1000,0", help="starts a second; 0: as many as two spawners reach")
    parser.add_argument("--seconds", type=float, default=20, help="how long each rate lasts (default 20)")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is measured (default 3)")
    parser.add_argument("--rules", type=pathlib.Path, default=REPOSITORY / "packaging/content/rules")
    parser.add_argument("--json", action="store_true", help="print every measurement")
    return parser


def _measure(listener: Redoubt, programs, rate: float, seconds: float) -> dict:
    with listener:
        _pace(programs, 200, 3)  # what is first compiled is no part of the cost
        before = _state(listener)
        paced = _pace(programs, rate, seconds)
        after = _state(listener)
        engine = listener.processes().get("engine 2")
        resident = resident_bytes(engine) / 1e6 if engine else 0.0
    cost = (after["cpu"] - before["cpu"]) / 1e9 / paced["seconds"] * 100
    other = (after["busy"] - before["busy"]) / paced["seconds"] * 100
    counted = {name: after[name] - before[name] for name in COUNTED}
    return {
        "starts_per_second": paced["started"] / paced["seconds"],
        "failed": paced["failed"],
        "cpu_percent": cost,
        "machine_percent": other,
        "engine_mb": resident,
        "started": paced["started"],
        **counted,
    }


def _state(listener: Redoubt) -> dict:
    counters = listener.counters()
    return {
        "cpu": cpu_nanos(listener.all_pids()),
        "busy": machine_busy_seconds() - own_cpu_seconds(),
        **{name: counters[name] for name in COUNTED},
    }


def _pace(programs, rate: float, seconds: float) -> dict:
    command = [programs["spawnpace"], "-s", str(seconds)]
    if rate > 0:
        command += ["-r", str(rate)]
    return json.loads(run([*command, programs["tiny"]], timeout_seconds=seconds + 60))


def _print_table(measured: list[dict], rates: list[float]) -> None:
    print("| starts/s | without, % of a core | with | sensors and engine | events | missed | lost | engine MB |")
    print("|---|---|---|---|---|---|---|---|")
    for rate in rates:
        rows = {
            name: [row for row in measured if row["rate"] == rate and row["variant"] == name]
            for name in ("without", "with")
        }
        without = statistics.median(row["cpu_percent"] for row in rows["without"])
        differences = [
            a["cpu_percent"] - b["cpu_percent"] for a, b in zip(rows["with"], rows["without"], strict=True)
        ]
        watched = rows["with"]
        print(
            f"| {statistics.median(row['starts_per_second'] for row in watched):,.0f}"
            f" | {without:.2f}"
            f" | {statistics.median(row['cpu_percent'] for row in watched):.2f}"
            f" | {statistics.median(differences):.2f} ({min(differences):.2f} to {max(differences):.2f})"
            f" | {sum(row['host_events_total'] for row in watched):,}"
            f" | {sum(row['process_details_missed_total'] for row in watched):,}"
            f" | {sum(row['process_events_lost_total'] + row['notify_lost_total'] for row in watched):,}"
            f" | {max(row['engine_mb'] for row in watched):.0f} |"
        )


if __name__ == "__main__":
    sys.exit(main())
