#!/bin/sh
# technique: T1055.008 Process Injection: Ptrace System Calls
# rule: process_attached_to
# Attaches to another process as a debugger does, reads a word of it, and lets go.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
sleep 4 &
victim=$!
cat > /tmp/attach.py <<'END'
import ctypes, os, sys, time
libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
victim = int(sys.argv[1])
if libc.ptrace(16, victim, None, None) == 0:
    os.waitpid(victim, 0)
    time.sleep(0.3)
    libc.ptrace(17, victim, None, None)
END
python3 /tmp/attach.py $victim || true
kill $victim 2>/dev/null
wait $victim 2>/dev/null
exit 0
