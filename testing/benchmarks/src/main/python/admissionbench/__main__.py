"""Makes rules, builds a bundle of them, and has it admitted; prints a table.

The rules are made up with a fixed seed, in the mix that published rules for
Linux have: seven of ten about programs, two about files, one about connections.
"""

import argparse
import json
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
import time
import uuid

REDOUBT = pathlib.Path("redoubt").resolve()
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def detection(kind, number, word, dice):
    if kind == "process_creation":
        return f"""
          Image|endswith: '/{word()}{number}'
          CommandLine|contains: ['-{word()}', '--{word()}={word()}']
        filter:
          ParentImage|startswith: '/opt/{word()}'
        condition: selection and not filter"""
    if kind == "file_event":
        return f"""
          TargetFilename|startswith: '/etc/{word()}{number}/'
          TargetFilename|endswith: ['.{word()}', '.{word()}']
        condition: selection"""
    return f"""
          Image|endswith: '/{word()}{number}'
          DestinationPort: {dice.randint(1024, 60000)}
        condition: selection"""


def make_rules(folder, count):
    dice = random.Random(1)
    words = ["".join(dice.choices(LETTERS, k=dice.randint(4, 9))) for _ in range(3000)]
    kinds = ["process_creation"] * 7 + ["file_event"] * 2 + ["network_connection"]
    for number in range(count):
        kind = dice.choice(kinds)
        body = detection(kind, number, lambda: dice.choice(words), dice)
        rule = f"""
      title: Rule {number}
      id: {uuid.UUID(int=dice.getrandbits(128), version=4)}
      logsource: {{product: linux, category: {kind}}}
      detection:
        selection:{body}
      level: medium
"""
        (folder / f"{number}.yml").write_text(rule)


def redoubt(*words):
    begun = time.monotonic()
    ended = subprocess.run([REDOUBT, "content", *words, "--json"], stdout=subprocess.PIPE, check=False)
    seconds = time.monotonic() - begun
    if ended.returncode != 0:
        sys.exit(f"failed: command={' '.join(map(str, words))} printed={ended.stdout.decode()[-2000:]}")
    return seconds, json.loads(ended.stdout)


def measure(count, rounds):
    with tempfile.TemporaryDirectory(prefix="redoubt-admission-") as name:
        folder = pathlib.Path(name)
        rules = folder / "rules"
        rules.mkdir()
        make_rules(rules, count)
        bundle = folder / "a.bundle"
        build, built = redoubt(
            "build", rules, "--vendor", "bench", "--name", "rules", "--version-number", "1", "-o", bundle
        )
        tries = [redoubt("lint", bundle) for _ in range(rounds)]
        wall = sorted(seconds for seconds, _ in tries)
        costs = tries[-1][1]["costs"]
        print(
            f"| {count:,} | {built['vectors']:,} | {bundle.stat().st_size / 1e6:.1f} | {build:.1f} "
            f"| {statistics.median(wall):.1f} ({wall[0]:.1f} to {wall[-1]:.1f}) "
            f"| {costs['loadMillis'] / 1e3:.1f} | {costs['vectorsMillis'] / 1e3:.1f} "
            f"| {costs['mostBytes'] / 2**20:.0f} |",
            flush=True,
        )


def main():
    parser = argparse.ArgumentParser(prog="make admission-bench", description=__doc__)
    parser.add_argument("--rules", type=int, nargs="+", default=[100, 1000, 4000], help="how many; default: %(default)s")
    parser.add_argument("--rounds", type=int, default=5, help="how often each is admitted; default: %(default)s")
    options = parser.parse_args()
    print("| rules | vectors | MB | built in, s | admitted in, s | loading, CPU s | vectors, CPU s | engine MiB |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for count in options.rules:
        measure(count, options.rounds)


main()
