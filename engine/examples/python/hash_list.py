"""Hash lists as `spec/hash-list.abnf` has them, with SHA-256 only."""

import re

# The SHA-256 of the grammar: what an engine names in its Hello.
SCHEMA_HASH = "942aa67d31d9bd4305ce97f6b8e22f5daf1b7ca6b63c9b0480a265cbe162458d"
ENTRY = re.compile(rb"([0-9A-Fa-f]+)(?:[ \t]+(.*))?", re.DOTALL)
MOST_PROBLEMS = 64
LONGEST = 1 << 28
LONGEST_LINE = 4096


def parse(payload):
    """Reads a list: the names by digest, and what is wrong with it as `place: problem`."""
    names, problems = {}, []
    for number, line in enumerate(payload.split(b"\n"), 1):
        text = line.strip(b" \t\r")
        if not text or text.startswith(b"#"):
            continue
        problem = add(names, text)
        if problem and len(problems) < MOST_PROBLEMS:
            problems.append("line %d: %s" % (number, problem))
    if not names and not problems:
        problems.append("list: no entry")
    return names, problems


def add(names, text):
    """Takes one line; returns what is wrong with it, if anything."""
    entry = ENTRY.fullmatch(text)
    if len(text) > LONGEST_LINE:
        return "longer than %d bytes" % LONGEST_LINE
    if entry is None:
        return "no digest"
    if len(entry[1]) in (32, 40):
        return "this engine knows SHA-256 only"
    if len(entry[1]) != 64:
        return "a digest has 64, 40 or 32 digits"
    names[bytes.fromhex(entry[1].decode())] = (entry[2] or entry[1]).decode("utf-8", "replace")[:256]
    return None
