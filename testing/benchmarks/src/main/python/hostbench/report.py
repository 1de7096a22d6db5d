"""The report: Markdown for people, JSON for programs."""

from __future__ import annotations

import dataclasses
import json
import math
import os
import pathlib
import platform
import re
import subprocess
import time

from .bounds import FLOOR, REDOUBT, Outcome
from .results import BARE, Results, median

BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"


def describe_run(repository: pathlib.Path, arguments: dict[str, object]) -> dict[str, str]:
    """When, what and where: the head of the report."""
    processor = _from_file("/proc/cpuinfo", r"model name\s*:\s*(.+)", platform.machine())
    memory_kibibytes = int(_from_file("/proc/meminfo", r"MemTotal:\s*(\d+)", "0"))
    measured = {name: value for name, value in arguments.items() if name not in ("json", "write")}
    options = " ".join(f"{name}={value}" for name, value in measured.items() if value not in (None, False))
    return {
        "Date": time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()),
        "Commit": _commit(repository),
        "Machine": f"{os.cpu_count()} × {processor}, {memory_kibibytes / 1e6:.0f} GB",
        "Kernel": f"{platform.system()} {platform.release()}",
        "Distribution": _from_file("/etc/os-release", r'PRETTY_NAME="?([^"\n]+)', "unknown"),
        "Options": options,
    }


def _commit(repository: pathlib.Path) -> str:
    def git(*arguments: str) -> str:
        command = ["git", "-c", f"safe.directory={repository}", "-C", str(repository), *arguments]
        return subprocess.run(command, capture_output=True, text=True).stdout.strip()

    changed = git("status", "--porcelain", "--untracked-files=no", "--", ".", ":!docs/performance.md")
    return (git("rev-parse", "--short=12", "HEAD") or "unknown") + (" with local changes" if changed else "")


def _from_file(path: str, pattern: str, otherwise: str) -> str:
    found = re.search(pattern, pathlib.Path(path).read_text())
    return found.group(1).strip() if found else otherwise


def to_markdown(head: dict[str, str], results: Results, outcomes: list[Outcome]) -> str:
    parts = [
        _table(["", ""], [[name, value] for name, value in head.items()]),
        _measured(results),
        _sandbox(results),
        _noise(results),
    ]
    parts += [
        "### Bounds\n\n"
        + _table(["bound", "measured", ""], [[o.promise, o.measured, o.verdict.value] for o in outcomes])
    ]
    if results.errors:
        parts.append("### Errors\n\n" + "\n".join(f"* {error}" for error in results.errors))
    return "\n\n".join(parts)


def to_json(head: dict[str, str], results: Results, outcomes: list[Outcome]) -> str:
    document = {
        "run": head,
        "measurements": [dataclasses.asdict(m) for m in results.measurements],
        "bounds": [{**dataclasses.asdict(o), "verdict": o.verdict.value} for o in outcomes],
        "errors": results.errors,
    }
    return json.dumps(document, indent=1)


def replace_measured(document: pathlib.Path, markdown: str) -> None:
    """Puts the report between the document's two markers and leaves the rest alone."""
    text = document.read_text()
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"no place for the report: document={document} markers={BEGIN} {END}")
    document.write_text(f"{before}{BEGIN}\n\n{markdown}\n\n{END}{after}")


def _measured(results: Results) -> str:
    columns = ["variant", "runs", "warm p50", "to bare", "to floor", "added", "warm p99", "cold p50", "cold p99"]
    columns += [
        "first 300 p99",
        "ordinary p50",
        "to floor",
        "open p50",
        "compile ms",
        "to bare",
        "memory MB",
        "idle %",
        "protected ms",
        "restarted ms",
        "other load",
    ]
    variants = dict.fromkeys(m.variant for m in results.measurements)
    return "### Measured\n\n" + _table(columns, [_row(results, variant) for variant in variants])


def _row(results: Results, variant: str) -> list[str]:
    warm = results.by_round(variant, "warm", "exec_p50")
    roles = [metric for metric in results.metrics(variant, "footprint") if metric.startswith("rss_mb")]
    foreign = [
        m.values["foreign_cores"]
        for m in results.measurements
        if m.variant == variant and "foreign_cores" in m.values
    ]
    return [
        variant,
        str(sum(map(len, warm.values()))),
        _number(results.median(variant, "warm", "exec_p50")),
        _number(results.ratio(variant, BARE, "warm", "exec_p50"), 2),
        _number(results.ratio(variant, FLOOR, "warm", "exec_p50"), 2),
        _number(results.difference(variant, BARE, "warm", "exec_p50")),
        _number(results.median(variant, "warm", "exec_p99")),
        _number(results.median(variant, "cold", "exec_p50")),
        _number(results.median(variant, "cold", "exec_p99")),
        _number(results.median(variant, "first", "exec_p99")),
        _number(results.median(variant, "ordinary", "total_p50")),
        _number(results.ratio(variant, FLOOR, "ordinary", "total_p50"), 2),
        _number(results.median(variant, "open", "open_p50"), 2),
        _number(results.median(variant, "compile", "wall_ms"), 0),
        _number(results.ratio(variant, BARE, "compile", "wall_ms"), 2),
        " + ".join(_number(results.median(variant, "footprint", role)) for role in roles) or "-",
        _number(results.median(variant, "footprint", "idle_percent"), 2),
        _number(results.median(variant, "start", "protected_ms"), 0),
        _number(results.median(variant, "start", "restarted_ms"), 0),
        _number(median(foreign), 2),
    ]


def _sandbox(results: Results) -> str:
    rows = [
        [
            label,
            _number(results.median(variant, "sandbox", "start_ms")),
            _number(results.median(variant, "sandbox", "trip_p50"), 2),
            _number(results.median(variant, "sandbox", "trip_p99"), 2),
        ]
        for label, variant in (("not confined", BARE), ("confined as an engine", REDOUBT))
    ]
    columns = ["a small C program", "start to end, ms", "question p50", "question p99"]
    return "### Confinement\n\n" + _table(columns, rows)


def _noise(results: Results) -> str:
    rows = []
    for label, workload, metric in (
        ("warm p50", "warm", "exec_p50"),
        ("warm p99", "warm", "exec_p99"),
        ("cold p50", "cold", "exec_p50"),
        ("first 300 p99", "first", "exec_p99"),
        ("open p50", "open", "open_p50"),
        ("compile ms", "compile", "wall_ms"),
        ("question p50", "sandbox", "trip_p50"),
    ):
        low, high = results.bare_ratio_range(workload, metric)
        rows.append(
            [label, _number(results.bare_spread(workload, metric), 2), f"{_number(low, 2)} to {_number(high, 2)}"]
        )
    columns = ["bare against bare", "spread within a round", "a run to its round's median"]
    return "### Noise\n\n" + _table(columns, rows)


def _number(value: float, digits: int = 1) -> str:
    return "-" if math.isnan(value) else f"{value:.{digits}f}"


def _table(columns: list[str], rows: list[list[str]]) -> str:
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)
