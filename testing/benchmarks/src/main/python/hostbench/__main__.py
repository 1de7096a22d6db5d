"""Measures what Redoubt costs the programs of this host, beside nothing, a C loop and fapolicyd.

Needs root, gcc, make, e2fsprogs and util-linux; fapolicyd is fetched from Debian's archive and never
installed. Only a scratch file system is ever marked. docs/performance.md says how to read the numbers.
Ends with status 0 if everything was measured and every measured bound was kept, else 1.
"""

from __future__ import annotations

import argparse
import os
import pathlib
import signal
import sys
import tempfile

from .bounds import Verdict, evaluate
from .report import describe_run, replace_measured, to_json, to_markdown
from .scratch import enter_private_mounts, remove_folder
from .session import PARTS, VARIANTS, Plan, Session
from .workloads import Sizes

REPOSITORY = pathlib.Path(__file__).resolve().parents[6]
DOCUMENT = REPOSITORY / "docs" / "performance.md"
REAL_TIME_PRIORITY = 10
ROOT_ONLY = "/opt"


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="make bench BENCH=...", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=10, help="rounds of alternating variants (default 10)")
    parser.add_argument(
        "--only", type=_names(VARIANTS), default=VARIANTS, metavar="A,B", help=f"variants, of {','.join(VARIANTS)}"
    )
    parser.add_argument(
        "--parts", type=_names(PARTS), default=PARTS, metavar="A,B", help=f"parts, of {','.join(PARTS)}"
    )
    parser.add_argument(
        "--sched",
        choices=("rr", "other"),
        default="rr",
        help="rr: workload and listeners under SCHED_RR, ahead of other work (default)",
    )
    parser.add_argument(
        "--redoubt-sched",
        choices=("inherit", "own"),
        default="own",
        help="own: it starts as on a host and raises its hook threads itself (default); inherit: all as listeners",
    )
    parser.add_argument(
        "--starts", type=int, default=3000, help="timed starts of the warm workload (default 3000)"
    )
    parser.add_argument("--warm", type=int, default=3000, help="untimed starts before them (default 3000)")
    parser.add_argument(
        "--copies", type=int, default=300, help="never-seen programs of the cold workload (default 300)"
    )
    parser.add_argument("--sources", type=int, default=100, help="files of the compile workload (default 100)")
    parser.add_argument(
        "--idle-seconds", type=float, default=5, help="how long the idle CPU is watched (default 5)"
    )
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE", help="write every measurement to FILE")
    parser.add_argument(
        "--write", action="store_true", help=f"put the report into {DOCUMENT.relative_to(REPOSITORY)}"
    )
    arguments = parser.parse_args()
    if min(arguments.rounds, arguments.starts, arguments.warm, arguments.copies, arguments.sources) < 1:
        parser.error("rounds, starts, warm, copies and sources are at least 1")
    return arguments


def _names(known: tuple[str, ...]):
    def names(text: str) -> tuple[str, ...]:
        chosen = tuple(text.split(","))
        if unknown := set(chosen) - set(known):
            raise argparse.ArgumentTypeError(f"unknown: {','.join(sorted(unknown))}")
        return chosen

    return names


def set_scheduling(policy: str) -> None:
    """For this process and so for everything that it starts."""
    if policy == "rr":
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(REAL_TIME_PRIORITY))


def main() -> int:
    arguments = parse_arguments()
    if os.geteuid() != 0:
        print("bench: needs root, to mount a scratch file system and to listen: try sudo", file=sys.stderr)
        return 77
    enter_private_mounts()
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(143))
    set_scheduling(arguments.sched)
    sizes = Sizes(arguments.starts, arguments.warm, arguments.copies, 20, arguments.idle_seconds)
    own_scheduling = arguments.redoubt_sched == "own"
    plan = Plan(arguments.parts, arguments.only, arguments.rounds, arguments.sources, own_scheduling, sizes)
    # Only root may change what is above it: so it can be trusted as a folder.
    folder = pathlib.Path(tempfile.mkdtemp(prefix="redoubt-bench-", dir=ROOT_ONLY))
    try:
        # Engines run as other users and have to reach their sockets in it.
        folder.chmod(0o755)
        results = Session(plan, REPOSITORY, folder).run()
    finally:
        remove_folder(folder)
    head, outcomes = describe_run(REPOSITORY, vars(arguments)), evaluate(results)
    report = to_markdown(head, results, outcomes)
    print(report)
    if arguments.json:
        arguments.json.write_text(to_json(head, results, outcomes))
    if arguments.write:
        replace_measured(DOCUMENT, report)
    return 1 if results.errors or any(outcome.verdict is Verdict.FAIL for outcome in outcomes) else 0


sys.exit(main())
