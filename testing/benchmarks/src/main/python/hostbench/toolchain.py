"""The compile workload: generated C sources, and a compiler that lies on the scratch file system.

The compiler is copied there with its libraries and headers and runs in a chroot, so that every program
that the build starts and every file that it opens lies on the one file system that listeners mark.
"""

from __future__ import annotations

import pathlib
import re
import shutil

from .processes import BenchmarkError, run

# It also decides which headers are read.
OPTIMISATION = "-O1"
HEADERS = ["stdio.h", "stdlib.h", "string.h", "stdint.h"]


def shared_libraries(program: pathlib.Path) -> list[pathlib.Path]:
    """What the loader maps for a program, the loader included, by the paths that it asks for."""
    return [pathlib.Path(path) for path in re.findall(r"(/\S+) \(0x", run(["ldd", program]))]


class Toolchain:
    """A chroot with a compiler and `count` sources."""

    def __init__(self, root: pathlib.Path, count: int):
        self.root = root
        self._outputs = root / "build"
        self._write_sources(count)
        self._copy_compiler()
        (root / "tmp").mkdir()

    def command(self, target: str) -> list[str]:
        """Builds `all.o`, which is everything, or `acquaintance.o`, which starts each tool once."""
        chroot = shutil.which("chroot") or "chroot"
        return [chroot, str(self.root), "/usr/bin/make", "-s", "-j2", "-C", "/build", target]

    def clean(self) -> None:
        for output in self._outputs.glob("*.o"):
            output.unlink()

    def require_built(self) -> None:
        if not (self._outputs / "all.o").exists():
            raise BenchmarkError("the build left nothing behind")

    def _write_sources(self, count: int) -> None:
        self._outputs.mkdir(parents=True)
        includes = "".join(f"#include <{header}>\n" for header in HEADERS)
        for unit in range(count):
            functions = "".join(self._function(unit, number) for number in range(6))
            (self._outputs / f"unit{unit}.c").write_text(includes + functions)
        objects = " ".join(f"unit{unit}.o" for unit in range(count))
        (self._outputs / "Makefile").write_text(
            f"all.o: {objects}\n\tld -r -o $@ $^\n"
            "acquaintance.o: unit0.o\n\tld -r -o $@ $^\n"
            f"%.o: %.c\n\tgcc {OPTIMISATION} -c -o $@ $<\n"
        )

    @staticmethod
    def _function(unit: int, number: int) -> str:
        return (
            f"int measure_{unit}_{number}(int value) {{\n"
            f"  char text[64];\n"
            f'  snprintf(text, sizeof text, "%d", value * {number + 3});\n'
            f"  return (int)strlen(text) + abs(value - {unit});\n"
            f"}}\n"
        )

    def _copy_compiler(self) -> None:
        programs = [pathlib.Path(found) for name in ("make", "gcc", "as", "ld") if (found := shutil.which(name))]
        if len(programs) != 4:
            raise BenchmarkError("the compile workload needs make, gcc, as and ld")
        programs.append(pathlib.Path(run(["gcc", "-print-prog-name=cc1"]).strip()))
        for program in programs:
            self._copy(program)
            for library in shared_libraries(program):
                self._copy(library)
        for header in self._needed_headers():
            self._copy(header)

    def _needed_headers(self) -> list[pathlib.Path]:
        listed = run(["gcc", OPTIMISATION, "-M", self._outputs / "unit0.c"]).replace("\\\n", " ").split()[1:]
        return [pathlib.Path(name) for name in listed if name.endswith(".h")]

    def _copy(self, source: pathlib.Path) -> None:
        """Copies a file to the place of the same name inside; what was a link becomes a file."""
        source = source.parent.resolve() / source.name if ".." in source.parts else source
        target = self.root / source.relative_to("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)
