"""python3 -m drillpage: plays all drills four times, in some twenty minutes, and writes their page.

`--results FOLDER` keeps what was played there, and plays only what is not there yet.
"""

import argparse
import datetime
import html
import json
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[6]
LEFT_OUT = ("", "admission", "trial", "probation")
STAGES = ("trust", "admission", "trial", "probation", "use", "start")

INK, QUIET, GRID, PAPER = "#1d2329", "#66707a", "#e6e9ec", "#ffffff"
STOP, WAY = "#1f6f54", "#8a929c"


def play(without: str, results: pathlib.Path) -> list[dict]:
    """What came of all drills, in their order."""
    file = results / f"without-{without or 'nothing'}.json"
    if not file.exists():
        print(f"playing all drills without {without or 'nothing'}", file=sys.stderr)
        command = [str(ROOT / "redoubt"), "drill", "--all", "--json"]
        command += ["--without", without] if without else []
        played = subprocess.run(command, stdout=subprocess.PIPE, check=False)
        file.write_bytes(played.stdout)
    return json.loads(file.read_text())


def cell(result: dict, designed: bool) -> str:
    """Where a drill ended, for the table."""
    if result["stage"] is None:
        return "in force, " + ("nobody harmed" if result["survived"] else "**harm done**")
    stage = result["stage"] if result["survived"] else f"{result['stage']}, **late**"
    denied = f", {result['denied']} refused" if result["denied"] else ""
    return f"**{stage}**" if designed else stage + denied


def seconds(millis: int) -> str:
    return f"{millis / 1000:.1f} s" if millis else ""


def table(runs: list[list[dict]]) -> str:
    """The drills, one a row."""
    lines = [
        "| drill | what happened | stopped at | back in | longest start"
        " | without admission | without trial | without probation |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for whole, *others in zip(*runs, strict=True):
        cells = [
            f"`{whole['name']}`",
            whole["outage"],
            cell(whole, True),
            seconds(whole["backMillis"]),
            f"{whole['longestMillis']} ms",
            *(cell(other, False) for other in others),
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def summary(results: list[dict]) -> str:
    survived = sum(result["survived"] for result in results)
    denied = sum(result["denied"] for result in results)
    starts = sum(result["starts"] for result in results)
    longest = max(result["longestMillis"] for result in results)
    back = max(result["backMillis"] for result in results)
    return (
        f"{survived} of {len(results)} survived. {starts:,} good programs were started meanwhile:"
        f" {denied} refused, the longest start {longest} ms, the longest way back {back / 1000:.1f} s."
    )


def text(x: float, y: float, words: str, size: float, colour: str, rest: str = "") -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{colour}"{rest}>'
        f"{html.escape(words)}</text>"
    )


def line(x1: float, y1: float, x2: float, y2: float, colour: str, width: float, rest: str = "") -> str:
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
        f' stroke="{colour}" stroke-width="{width}"{rest}/>'
    )


def picture(results: list[dict]) -> str:
    """Each drill as a way from the left that ends at the stage that stopped it."""
    width, row, top, left, right = 1000, 24, 116, 250, 850
    height = top + row * len(results) + 30
    gap = (right - left) / len(STAGES)
    gates = {stage: left + gap * (i + 1) for i, stage in enumerate(STAGES)}
    survived = sum(result["survived"] for result in results)
    title = f"{len(results)} outages, replayed: {survived} survived"
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"'
        f' viewBox="0 0 {width} {height}" role="img"'
        " font-family=\"system-ui, 'DejaVu Sans', sans-serif\">",
        f"<title>{html.escape(title)}</title>",
        f'<rect width="{width}" height="{height}" fill="{PAPER}"/>',
        text(28, 44, title, 22, INK, ' font-weight="bold"'),
        text(28, 68, "How far each got on a host, and how long programs had to wait", 13.5, QUIET),
        text(right + 130, top - 16, "longest start", 12.5, QUIET, ' text-anchor="end"'),
    ]
    bottom = top + row * len(results)
    for stage, x in gates.items():
        out.append(line(x, top - 6, x, bottom, GRID, 2))
        out.append(text(x, top - 16, stage, 12.5, QUIET, ' text-anchor="middle"'))
    for i, result in enumerate(results):
        y = top + row * (i + 0.5)
        end = gates.get(result["stage"], right + 30)
        colour = STOP if result["survived"] else "#c2352b"
        out.append(text(left - 14, y + 4.5, result["name"], 12.5, INK, ' text-anchor="end"'))
        out.append(line(left, y, end - 6, y, WAY, 1.8))
        out.append(line(end, y - 8, end, y + 8, colour, 5, ' stroke-linecap="round"'))
        out.append(
            text(right + 130, y + 4.5, f"{result['longestMillis']} ms", 12.5, INK, ' text-anchor="end"')
        )
    return "\n".join([*out, "</svg>", ""])


def commit() -> str:
    command = ["git", "-C", str(ROOT), "rev-parse", "--short=12", "HEAD"]
    return subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout.strip()


def main() -> None:
    parser = argparse.ArgumentParser(prog="drillpage", description=__doc__)
    parser.add_argument("--results", type=pathlib.Path, default=ROOT / "build" / "drills")
    results = parser.parse_args().results
    results.mkdir(parents=True, exist_ok=True)
    runs = [play(without, results) for without in LEFT_OUT]
    page = ROOT / "docs" / "drills.md"
    before, _, rest = page.read_text().partition("<!-- figures -->\n")
    after = rest.partition("<!-- end of figures -->\n")[2]
    today = datetime.date.today().isoformat()
    figures = (
        f"{summary(runs[0])} Played on {today} with {commit()}.\n\n{table(runs)}\n"
        "<!-- end of figures -->\n"
    )
    page.write_text(before + "<!-- figures -->\n" + figures + after)
    (ROOT / "docs" / "drills.svg").write_text(picture(runs[0]))


if __name__ == "__main__":
    main()
