"""The files that are looked at, and the rules that they are held against."""

from __future__ import annotations

import itertools
import pathlib
import random
import shutil
import string
from collections.abc import Iterator

SOURCES = ("/usr/bin", "/usr/sbin", "/usr/lib", "/usr/share/doc", "/usr/share/perl")
MOST_FILE_BYTES = 16 << 20
# The first holds where the texts are.
CONDITIONS = ("2 of them", "all of them", "$a and ($b or $c or $d)")
WORD_CHARACTERS = string.ascii_letters + string.digits + "._-"


def copy_files(into: pathlib.Path, most_bytes: int) -> tuple[int, int]:
    """Copies files of this host until there are enough. Returns how many and their bytes."""
    files = size = 0
    sources = itertools.zip_longest(*map(_files_of, SOURCES))
    for source in (path for turn in sources for path in turn if path is not None):
        length = source.stat().st_size
        if size + length > most_bytes:
            break
        folder = into / f"{files // 200:03}"
        folder.mkdir(exist_ok=True)
        shutil.copyfile(source, folder / f"{files:05}-{source.name}")
        files += 1
        size += length
    return files, size


def _files_of(top: str) -> Iterator[pathlib.Path]:
    for path in sorted(pathlib.Path(top).rglob("*")):
        if path.is_file() and not path.is_symlink() and 0 < path.stat().st_size <= MOST_FILE_BYTES:
            yield path


class Rules:
    """Rules of the usual kind: a few texts, bytes with gaps, and a condition over them. The same for a seed."""

    def __init__(self, count: int, seed: int):
        self._random = random.Random(seed)
        self._rules = [self._rule(i, CONDITIONS if i < count - 1 else CONDITIONS[:1]) for i in range(count)]

    def text(self) -> str:
        return "\n".join(text for text, _ in self._rules)

    def matching(self) -> bytes:
        """A content for which the last rule holds."""
        return b"\n".join(self._rules[-1][1])

    def _rule(self, number: int, conditions: tuple[str, ...]) -> tuple[str, list[bytes]]:
        texts = [self._word(self._random.randint(8, 24)) for _ in range(3)]
        wide = " wide ascii" if self._random.random() < 0.2 else ""
        condition = self._random.choice(conditions)
        rule = (
            f"rule sample_{number:05} {{\n"
            f'  strings:\n    $a = "{texts[0]}"{wide}\n    $b = "{texts[1]}"\n    $c = "{texts[2]}"\n'
            f"    $d = {{ {self._bytes(6)} ?? {self._bytes(4)} }}\n"
            f"  condition:\n    {condition} and filesize < 32MB\n}}\n"
        )
        return rule, [text.encode() for text in texts]

    def _word(self, length: int) -> str:
        return "".join(self._random.choice(WORD_CHARACTERS) for _ in range(length))

    def _bytes(self, count: int) -> str:
        return " ".join(f"{self._random.randrange(1, 256):02X}" for _ in range(count))
