"""make scan-bench: files looked at with the same rules by `redoubt scan`, yara, clamscan and clamdscan.

Each looks at the same files twice, in rounds: for the first time, and again with nothing changed. The files are
programs, libraries and documents of this host; the rules are made for the run. One file matches, and whoever does
not find that one alone fails.
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
from hostbench.programs import compile_programs
from hostbench.redoubt import Redoubt
from hostbench.scratch import Scratch, enter_private_mounts

from .corpus import Rules, copy_files
from .scanners import ClamDaemon, ClamScan, RedoubtScan, Scanner, Yara

REPOSITORY = pathlib.Path(__file__).resolve().parents[6]
MOST_MEGABYTES = 350


def main() -> int:
    arguments = _arguments()
    enter_private_mounts(__package__)
    with contextlib.ExitStack() as undo:
        folder = pathlib.Path(undo.enter_context(tempfile.TemporaryDirectory(prefix="redoubt-scan-")))
        folder.chmod(0o755)
        build = REPOSITORY / "build" / "bench"
        programs = compile_programs(REPOSITORY / "testing/benchmarks/src/main/c", build / "bin")
        scratch = Scratch(folder, programs, 1)
        undo.callback(scratch.close)
        tree = scratch.mount / "tree"
        tree.mkdir()
        files, size = copy_files(tree, arguments.megabytes * 1_000_000)
        rules = Rules(arguments.rules, arguments.seed)
        (tree / "matching").write_bytes(rules.matching())
        content = folder / "rules"
        content.mkdir()
        (content / "rules.yar").write_text(rules.text())
        place = Place(folder, scratch, programs, REPOSITORY)
        clamd = ClamDaemon(build / "clamav", content / "rules.yar", folder)
        redoubt = Redoubt(place, content=content)
        redoubt.prepare()
        clamd_alone = Redoubt(place, content=content, clamd=clamd.socket, scanner=False)
        both = Redoubt(place, content=content, clamd=clamd.socket)
        scanners: list[Scanner] = [
            Yara(build / "yara", content / "rules.yar"),
            ClamScan(build / "clamav", content / "rules.yar"),
            clamd,
            RedoubtScan("redoubt scan", redoubt),
            RedoubtScan("redoubt scan, ClamAV as the engine", clamd_alone, clamd),
            RedoubtScan("redoubt scan, both engines", both, clamd),
        ]
        scanners = [scanner for scanner in scanners if arguments.only in scanner.name]
        measured = []
        for number in range(arguments.rounds):
            for scanner in scanners:
                print(f"scan-bench: round {number + 1}: {scanner.name}", file=sys.stderr)
                with scanner:
                    for repetition in ("first", "again"):
                        values = scanner.measure(tree)
                        measured.append({"scanner": scanner.name, "pass": repetition, **values})
    if arguments.json:
        print(json.dumps({"files": files + 1, "bytes": size, "measured": measured}, indent=2))
    else:
        _print_table(measured, [scanner.name for scanner in scanners], files + 1, size)
    wrong = {row["scanner"] for row in measured if row["found"] != 1}
    for name in sorted(wrong):
        print(f"scan-bench: {name} did not find the one file that matches, or more", file=sys.stderr)
    return 1 if wrong else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="make scan-bench SCAN=...", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=3, help="how often each is measured (default 3)")
    parser.add_argument("--rules", type=int, default=1000, help="how many rules (default 1000)")
    parser.add_argument("--megabytes", type=int, default=200, help="how much to look at (default 200)")
    parser.add_argument("--seed", type=int, default=1, help="of the rules (default 1)")
    parser.add_argument("--only", default="", metavar="TEXT", help="measure those that have this in their name")
    parser.add_argument("--json", action="store_true", help="print every measurement")
    arguments = parser.parse_args()
    if min(arguments.rounds, arguments.rules) < 1 or not 1 <= arguments.megabytes <= MOST_MEGABYTES:
        parser.error(f"rounds and rules are at least 1, megabytes 1 to {MOST_MEGABYTES}")
    return arguments


def _print_table(measured: list[dict], names: list[str], files: int, size: int) -> None:
    print(f"{files:,} files, {size / 1e6:,.0f} MB\n")
    print("| | first time, s | files/s | MB/s | CPU, s | again, s | times faster | CPU, s |")
    print("|---|---|---|---|---|---|---|---|")
    for name in names:
        first, again = (
            {
                value: statistics.median(
                    row[value] for row in measured if row["scanner"] == name and row["pass"] == repetition
                )
                for value in ("seconds", "cpu_seconds")
            }
            for repetition in ("first", "again")
        )
        print(
            f"| {name} | {first['seconds']:.2f} | {files / first['seconds']:,.0f} | {size / 1e6 / first['seconds']:.1f}"
            f" | {first['cpu_seconds']:.2f} | {again['seconds']:.2f} | {first['seconds'] / again['seconds']:.1f}"
            f" | {again['cpu_seconds']:.2f} |"
        )


if __name__ == "__main__":
    sys.exit(main())
