#!/bin/sh
# technique: T1554 Compromise Host Software Binary
# rule: system_program_replaced
# Tries to write over a program of the system, with a copy of the same one; the folder cannot be written there.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
cp /usr/bin/who /tmp/who
[ -w /usr/bin ] && exit 77
cp -f /tmp/who /usr/bin/who 2>/dev/null || true
exit 0
