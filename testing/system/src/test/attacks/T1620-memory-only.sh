#!/bin/sh
# technique: T1620 Reflective Code Loading
# rule: program_only_in_memory
# Starts a program that is nowhere a file.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
cat > /opt/load.py <<'END'
import os
with open("/bin/sleep", "rb") as file:
    code = file.read()
memory = os.memfd_create("cache", 0)
os.write(memory, code)
os.execve("/proc/self/fd/%d" % memory, ["cache", "0.4"], {})
END
python3 /opt/load.py || true
exit 0
