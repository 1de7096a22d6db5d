"""What the project promises of its speed, and whether a run kept it."""

from __future__ import annotations

import dataclasses
import enum
import math

from .results import BARE, Results

FLOOR = "floor (C)"
REDOUBT = "Redoubt"
FAPOLICYD = "fapolicyd"

WARM_P50_TO_FLOOR = 1.10
WARM_ADDED_TO_FAPOLICYD = 0.5
P99_TO_FLOOR = 1.3
P99_TOLERANCE_MICROS = 100
COMPILE_TO_BARE = 1.03
AGENT_MEGABYTES = 80
ENGINE_MEGABYTES = 60
IDLE_PERCENT = 0.3
PROTECTED_MILLIS = 1500
RESTARTED_MILLIS = 1000
SANDBOX_START_MILLIS = 150


class Verdict(enum.Enum):
    PASS = "PASS"
    FAIL = "FAIL"
    NOT_MEASURED = "not measured"


@dataclasses.dataclass(frozen=True)
class Outcome:
    """One bound and how it went."""

    promise: str
    measured: str
    verdict: Verdict


def evaluate(results: Results) -> list[Outcome]:
    return [
        _at_most(
            "warm exec p50 to the C loop's", results.ratio(REDOUBT, FLOOR, "warm", "exec_p50"), WARM_P50_TO_FLOOR
        ),
        _added_to_fapolicyd(results),
        _p99("warm exec p99 to the C loop's", results, "warm"),
        _p99("p99 of the first 300 decisions to the C loop's", results, "first"),
        _at_most("compile to bare", results.ratio(REDOUBT, BARE, "compile", "wall_ms"), COMPILE_TO_BARE),
        _within_spread("p50 of a plain open in the default policy", results, "open", "open_p50"),
        _at_most("agent, resident MB", results.median(REDOUBT, "footprint", "rss_mb agent"), AGENT_MEGABYTES),
        _at_most(
            "one engine, resident MB", results.median(REDOUBT, "footprint", "rss_mb engine 1"), ENGINE_MEGABYTES
        ),
        _at_most("idle, % of a core", results.median(REDOUBT, "footprint", "idle_percent"), IDLE_PERCENT),
        _at_most("first protected moment, ms", results.median(REDOUBT, "start", "protected_ms"), PROTECTED_MILLIS),
        _at_most("restarted after a crash, ms", results.median(REDOUBT, "start", "restarted_ms"), RESTARTED_MILLIS),
        _at_most(
            "confining, added to an engine's start, ms",
            results.difference(REDOUBT, BARE, "sandbox", "start_ms"),
            SANDBOX_START_MILLIS,
        ),
        _within_spread("p50 of a question to a confined process", results, "sandbox", "trip_p50"),
    ]


def _judge(promise: str, measured: str, value: float, kept: bool) -> Outcome:
    if math.isnan(value):
        return Outcome(promise, "-", Verdict.NOT_MEASURED)
    return Outcome(promise, measured, Verdict.PASS if kept else Verdict.FAIL)


def _at_most(what: str, value: float, bound: float) -> Outcome:
    return _judge(f"{what}: at most {bound:g}", f"{value:.2f}", value, value <= bound)


def _added_to_fapolicyd(results: Results) -> Outcome:
    added = results.difference(REDOUBT, BARE, "warm", "exec_p50")
    theirs = results.difference(FAPOLICYD, BARE, "warm", "exec_p50")
    return _judge(
        f"added to a warm exec's p50: at most {WARM_ADDED_TO_FAPOLICYD:g} of what fapolicyd adds",
        f"{added:.0f} µs, fapolicyd {theirs:.0f} µs",
        added + theirs,
        added <= WARM_ADDED_TO_FAPOLICYD * theirs,
    )


def _p99(what: str, results: Results, workload: str) -> Outcome:
    """A tail of few samples is noisy: a difference that bare runs of the same minute also show is none."""
    ratio = results.ratio(REDOUBT, FLOOR, workload, "exec_p99")
    difference = results.difference(REDOUBT, FLOOR, workload, "exec_p99")
    spread = results.bare_spread(workload, "exec_p99")
    return _judge(
        f"{what}: at most {P99_TO_FLOOR:g}, or within {P99_TOLERANCE_MICROS} µs, or within the spread of bare",
        f"{ratio:.2f}, {difference:+.0f} µs, spread {spread:.0f} µs",
        ratio,
        ratio <= P99_TO_FLOOR or difference <= P99_TOLERANCE_MICROS or difference <= spread,
    )


def _within_spread(what: str, results: Results, workload: str, metric: str) -> Outcome:
    difference = results.difference(REDOUBT, BARE, workload, metric)
    spread = results.bare_spread(workload, metric)
    return _judge(
        f"{what}: unchanged within the spread of bare",
        f"{difference:+.2f} µs, spread {spread:.2f} µs",
        difference + spread,
        difference <= spread,
    )
