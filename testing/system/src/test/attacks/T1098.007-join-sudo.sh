#!/bin/sh
# technique: T1098.007 Account Manipulation: Additional Local or Domain Groups
# rule: administrators_joined
# Makes an ordinary account one that administers the host.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
grep -q '^sudo:' /etc/group || printf 'sudo:x:27:\n' >> /etc/group
/usr/sbin/usermod -aG sudo worker 2>/dev/null || true
exit 0
