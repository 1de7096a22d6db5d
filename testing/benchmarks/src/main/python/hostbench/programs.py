"""The small C programs, compiled from `src/main/c`."""

from __future__ import annotations

import dataclasses
import pathlib

from .processes import run

WARNINGS = ["-std=gnu17", "-O2", "-Wall", "-Wextra", "-Werror"]


@dataclasses.dataclass(frozen=True)
class Programs:
    """Where the compiled programs are."""

    folder: pathlib.Path

    def __getitem__(self, name: str) -> pathlib.Path:
        return self.folder / name


def compile_programs(sources: pathlib.Path, folder: pathlib.Path) -> Programs:
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("allowloop", "spawnbench", "openbench", "firstdenied", "spawnpace"):
        run(["gcc", *WARNINGS, "-o", folder / name, sources / f"{name}.c"])
    # An engine's view has no place where every host keeps its libraries.
    run(["gcc", *WARNINGS, "-static", "-o", folder / "roundtrip", sources / "roundtrip.c"])
    run(["gcc", *WARNINGS, "-static", "-nostdlib", "-s", "-o", folder / "tiny", sources / "tiny.c"])
    return Programs(folder)
