#!/bin/sh
# technique: T1574.006 Hijack Execution Flow: Dynamic Linker Hijacking
# rule: preload_from_open_folder
# Starts a program with a library of its own before those of the system.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
cat > /tmp/first.c <<'END'
unsigned int geteuid(void) { return 0; }
END
gcc -shared -fPIC -o /tmp/first.so /tmp/first.c 2>/dev/null || true
env LD_PRELOAD=/tmp/first.so id -u
exit 0
