"""make fleet-bench: what a fleet's server takes for many hosts.

Starts the built server on a folder of its own, with SQLite and then, if asked, with a PostgreSQL on the
loopback, and a process that is as many hosts as there should be, each with its own key, certificate and
connection over mutual TLS. Takes them in, has all come at once, has each beat as often as hosts do, and then
as many heartbeats and findings sent as the server takes. Hosts and server share the machine's cores: what the
server's process took of them is what the kernel says of it.

With --write the tables replace those in docs/fleet-performance.md.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime
import json
import os
import pathlib
import platform
import resource
import subprocess
import sys
import tempfile
import time

REPOSITORY = pathlib.Path(__file__).resolve().parents[6]
PAGE = REPOSITORY / "docs" / "fleet-performance.md"
BEGIN = "<!-- measured: begin -->"
END = "<!-- measured: end -->"
# Files that the server, and the process of the hosts, have open beside one for each host.
OTHER_FILES = 500
# Hosts reach the server by several addresses: each has as many ports for those who connect.
ADDRESSES = ("127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.4")


class BenchmarkError(Exception):
    """Why nothing was measured."""


def main() -> int:
    arguments = _parser().parse_args()
    _raise_limit(arguments)
    results = {}
    try:
        with contextlib.ExitStack() as undo:
            results["SQLite"] = _measure(arguments, [])
            if arguments.postgresql:
                results["PostgreSQL"] = _measure(arguments, _postgresql(undo))
    except BenchmarkError as error:
        print(f"fleet-bench: {error}", file=sys.stderr)
        return 1
    text = _page(results, arguments)
    print(text)
    if arguments.write:
        page = PAGE.read_text()
        before, rest = page.split(BEGIN)
        PAGE.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{rest.split(END)[1]}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make fleet-bench FLEET=...", description=__doc__)
    parser.add_argument("--hosts", type=int, default=20_000, help="how many (default 20000)")
    parser.add_argument("--beat-seconds", type=int, default=60, help="between two heartbeats of one (default 60)")
    parser.add_argument("--seconds", type=int, default=60, help="how long each part takes (default 60)")
    parser.add_argument("--postgresql", action="store_true", help="also with a PostgreSQL, of Debian's package")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/fleet-performance.md")
    parser.add_argument("--classpath", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--java", required=True, help=argparse.SUPPRESS)
    return parser


def _raise_limit(arguments: argparse.Namespace) -> None:
    """Each host is a file of the server and one of the process of the hosts."""
    needed = arguments.hosts + OTHER_FILES
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (needed, max(needed, hard)))
    except (OSError, ValueError):
        arguments.hosts = hard - OTHER_FILES
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        print(f"fleet-bench: a process may have {hard} files open here: hosts={arguments.hosts}", file=sys.stderr)


def _measure(arguments: argparse.Namespace, options: list[str]) -> dict:
    with tempfile.TemporaryDirectory(prefix="redoubt-fleetbench-") as name:
        folder = pathlib.Path(name) / "server"
        command = [str(REPOSITORY / "build" / "dist" / "redoubt"), "fleet", "serve", "--json"]
        command += ["--folder", str(folder), "--hosts", "0", "--people", "0"]
        for address in ADDRESSES:
            command += ["--name", address]
        server = subprocess.Popen(command + options, stdout=subprocess.PIPE, text=True)
        try:
            line = server.stdout.readline()
            if not line:
                raise BenchmarkError("the server did not start")
            told = json.loads(line)
            load = subprocess.run(
                [arguments.java, "-Xmx8g", "-XX:+UseParallelGC", "-Dio.netty.tryReflectionSetAccessible=true"]
                + ["-cp", arguments.classpath, "redoubt.testing.benchmarks.FleetLoad"]
                + [told["ownerAccess"], str(told["hostPort"]), str(server.pid), str(arguments.hosts)]
                + [str(arguments.beat_seconds), str(arguments.seconds)],
                stdout=subprocess.PIPE,
                text=True,
                timeout=3_600,
                check=False,
            )
            if load.returncode != 0:
                raise BenchmarkError("the hosts gave up")
            return json.loads(load.stdout)
        finally:
            server.terminate()
            server.wait(60)


def _postgresql(undo: contextlib.ExitStack) -> list[str]:
    """Begins one as Debian builds it, as it is after its installation, and returns what the server is told."""
    programs = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"))
    if not programs:
        raise BenchmarkError("no PostgreSQL: run tools/install-needs test")
    folder = pathlib.Path(undo.enter_context(tempfile.TemporaryDirectory(prefix="redoubt-fleetbench-")))
    password = folder / "password"
    password.write_text("correct horse\n")
    owner = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.getuid() == 0 else []
    if owner:
        subprocess.run(["chown", "-R", "postgres:postgres", folder], check=True)
    data = folder / "data"
    subprocess.run(
        owner
        + [programs[-1] / "initdb", "-D", data, "-U", "redoubt", f"--pwfile={password}"]
        + ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C"],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    port = "55432"
    server = subprocess.Popen(
        owner + [programs[-1] / "postgres", "-D", data, "-p", port, "-h", "127.0.0.1", "-k", folder],
        stderr=subprocess.DEVNULL,
    )
    undo.callback(lambda: (server.terminate(), server.wait(60)))
    environment = {**os.environ, "PGPASSWORD": "correct horse"}
    for _ in range(100):
        made = subprocess.run(
            [programs[-1] / "createdb", "-h", "127.0.0.1", "-p", port, "-U", "redoubt", "fleet"],
            env=environment,
            stderr=subprocess.DEVNULL,
            check=False,
        )
        if made.returncode == 0:
            break
        time.sleep(0.1)
    return [
        "--database",
        f"postgresql://redoubt@127.0.0.1:{port}/fleet",
        "--database-password-file",
        str(password),
    ]


# ---- the page


def _page(results: dict[str, dict], arguments: argparse.Namespace) -> str:
    commit = subprocess.run(
        ["git", "-C", str(REPOSITORY), "rev-parse", "--short=12", "HEAD"], capture_output=True, text=True, check=False
    ).stdout.strip()
    lines = [
        "|  |  |",
        "| --- | --- |",
        f"| Date | {datetime.datetime.now(datetime.UTC):%Y-%m-%d %H:%M} UTC |",
        f"| Commit | {commit} |",
        f"| Machine | {os.cpu_count()} processors, hosts and server together |",
        f"| Kernel | Linux {platform.release()} |",
        f"| Hosts | {arguments.hosts}, a heartbeat each {arguments.beat_seconds} s |",
        "",
    ]
    for database, result in results.items():
        lines += [f"### {database}", ""]
        lines += ["| what | how many | a second | a second of the server's processor time | its share of a core | p50 ms | p99 ms | most ms |"]
        lines += ["| --- | --- | --- | --- | --- | --- | --- | --- |"]
        for key, what in (
            ("tokens", "tokens made, by REST"),
            ("enrolments", "enrolments"),
            ("connections", "hosts that come at once, to their welcome"),
            ("heartbeats", "heartbeats at their pace"),
            ("floodedHeartbeats", "heartbeats, as many as it takes"),
            ("findings", "findings, on disk, as many as it takes"),
        ):
            lines.append(_row(what, result[key]))
        lines += [
            "",
            f"The server's process: {result['residentBeforeMiB']} MiB before the first host,"
            f" {result['residentMiB']} MiB with {result['hosts']} connected, {result['residentAfterMiB']} MiB at the"
            f" end: {result['bytesPerHost'] / 1024:.1f} KiB for each connected host.",
            "",
            _computed(result),
            "",
        ]
    return "\n".join(lines).rstrip()


def _row(what: str, part: dict) -> str:
    times = [f"{part[name] / 1000:.1f}" if name in part else "-" for name in ("p50Micros", "p99Micros", "mostMicros")]
    cells = [
        what,
        str(part["count"]),
        f"{part['perSecond']:.0f}",
        f"{part['perServerSecond']:.0f}",
        f"{part['serverPercentOfCore']:.0f} %",
        *times,
    ]
    return f"| {' | '.join(cells)} |"


def _computed(result: dict) -> str:
    """What a hundred thousand hosts would take, by what one of these takes."""
    beats = result["heartbeats"]["serverPercentOfCore"] * 100_000 / result["hosts"]
    alone = 100 * 100_000 / result["beatSeconds"] / result["floodedHeartbeats"]["perServerSecond"]
    memory = (result["residentBeforeMiB"] * 1024 + 100_000 * result["bytesPerHost"] / 1024) / 1024 / 1024
    back = 100_000 / result["connections"]["perServerSecond"]
    return (
        f"Computed for 100,000 hosts: at most {beats:.0f} % of a core for their heartbeats at that pace, {alone:.0f} % by"
        f" what they take when many come together; {memory:.1f} GiB; and {back:.0f} s of processor time for all of them"
        " to come at once."
    )


if __name__ == "__main__":
    sys.exit(main())
