#!/bin/sh
# technique: T1548.003 Abuse Elevation Control Mechanism: Sudo and Sudo Caching
# rule: sudo_rule_written
# Lets an ordinary account become root without a password.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
printf 'worker ALL=(ALL) NOPASSWD: ALL\n' > /etc/sudoers.d/worker
exit 0
