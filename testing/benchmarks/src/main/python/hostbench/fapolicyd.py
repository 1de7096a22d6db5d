"""fapolicyd from Debian, enforcing, without installing it.

The package is unpacked into the build folder, so no service of it ever starts on the host, and runs
inside the workload's mount namespace, where overlays stand for its folders in /etc, /usr and /var.
"""

from __future__ import annotations

import os
import pathlib
import shutil

from .listeners import Listener, Place
from .packages import libraries, unpack
from .processes import Background, BenchmarkError, run
from .scratch import Namespace, sha256_hex
from .toolchain import shared_libraries

# The rules that the package's README-rules calls fapolicyd.rules.known-libs.
KNOWN_LIBS = (
    "10-languages",
    "20-dracut",
    "21-updaters",
    "30-patterns",
    "40-bad-elf",
    "41-shared-obj",
    "42-trusted-elf",
    "70-trusted-lang",
    "72-shell",
    "90-deny-execute",
    "95-allow-open",
)

# Debian's defaults but for: the user (its own needs CAP_SYS_RESOURCE, which containers lack), the trust
# source (Debian's build has no rpm), the file systems, and less logging.
CONFIGURATION = """\
permissive = 0
nice_val = 14
q_size = 640
uid = root
gid = root
do_stat_report = 0
detailed_report = 0
db_max_size = 50
subj_cache_size = 1549
obj_cache_size = 8191
watch_fs = ext4
trust = file
integrity = none
syslog_format = rule,dec,perm,auid,pid,exe,:,path,ftype,trust
allow_filesystem_mark = 0
"""


class Fapolicyd(Listener):
    """fapolicyd, which trusts every program and library of the workloads."""

    name = "fapolicyd"
    LIMIT_SECONDS = 300

    def __init__(self, place: Place, namespace: Namespace, package: pathlib.Path):
        self._place = place
        self._namespace = namespace
        self._package = package
        self._process: Background | None = None
        self._prepared = False

    def start(self) -> None:
        if not self._prepared:
            self._prepare()
            self._prepared = True
        self._run_inside(
            "rm -rf /var/lib/fapolicyd/* /run/fapolicyd && mkdir -p /var/lib/fapolicyd /run/fapolicyd"
        )
        command = self._namespace.enter(
            "env",
            f"LD_LIBRARY_PATH={libraries(self._package)}",
            self._package / "usr/sbin/fapolicyd",
            "--debug-deny",
        )
        self._process = Background(command, self._place.folder / "fapolicyd.log", self.LIMIT_SECONDS)
        self._process.await_output("Starting to listen", 30)

    def processes(self) -> dict[str, int]:
        assert self._process is not None
        return {"listener": self._process.pids()[0]}

    def check(self) -> None:
        """A denial means that it was not asked the same as the others were."""
        assert self._process is not None
        denials = [line for line in self._process.output().splitlines() if "dec=deny" in line]
        if denials:
            raise BenchmarkError(
                f"fapolicyd denied part of the workload: denials={len(denials)} first={denials[0]}"
            )

    def stop(self) -> None:
        assert self._process is not None
        self._process.terminate()
        self._process.await_end(15)

    def abandon(self) -> None:
        if self._process is not None:
            self._process.kill()

    # ---- inside

    def _run_inside(self, script: str) -> None:
        run(self._namespace.enter("sh", "-ec", script))

    def _prepare(self) -> None:
        unpack(["fapolicyd"], self._package, "usr/sbin/fapolicyd")
        etc = self._place.folder / "fapolicyd-etc"
        configuration = etc / "fapolicyd"
        (configuration / "trust.d").mkdir(parents=True)
        # Hides what the host itself may have there.
        os.setxattr(configuration, "trusted.overlay.opaque", b"y")
        (configuration / "fapolicyd.conf").write_text(CONFIGURATION)
        samples = self._package / "usr/share/fapolicyd/sample-rules"
        rules = "".join((samples / f"{name}.rules").read_text() for name in KNOWN_LIBS)
        (configuration / "compiled.rules").write_text(rules)
        trusted = (f"{path} {path.stat().st_size} {sha256_hex(path)}\n" for path in self._trusted_files())
        (configuration / "fapolicyd.trust").write_text("".join(trusted))
        self._run_inside(
            f"mount -t overlay -o ro,lowerdir={etc}:/etc overlay /etc\n"
            f"mount -t overlay -o ro,lowerdir={self._package}/usr/share:/usr/share overlay /usr/share\n"
            # It marks every mount by its name, and gives up at one that something hides.
            "awk '$5 ~ \"^/(run|var/lib)/\" { print $5 }' /proc/self/mountinfo | tac |"
            " while read -r mount; do umount -l \"$mount\"; done\n"
            "mount -t tmpfs tmpfs /var/lib\n"
            "mount -t tmpfs tmpfs /run\n"
        )

    def _trusted_files(self) -> list[pathlib.Path]:
        """Programs and libraries: those of the scratch file system and those that start them."""
        files = {path for path in self._place.scratch.mount.rglob("*") if path.is_file() and is_program(path)}
        starters = [self._place.programs[name] for name in ("spawnbench", "openbench")]
        starters += [
            pathlib.Path(found) for name in ("chroot", "sh", "env", "rm", "mkdir") if (found := shutil.which(name))
        ]
        for starter in starters:
            files |= {starter.resolve(), *(library.resolve() for library in shared_libraries(starter))}
        return sorted(files)


def is_program(path: pathlib.Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"
