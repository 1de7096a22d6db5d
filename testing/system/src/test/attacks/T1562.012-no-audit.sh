#!/bin/sh
# technique: T1562.012 Impair Defenses: Disable or Modify Linux Audit System
# rule: audit_switched_off
# Removes all rules of the audit system; what has the name of the tool is a harmless program.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
mkdir -p /opt/bin
cp /bin/true /opt/bin/auditctl
/opt/bin/auditctl -e 0
/opt/bin/auditctl -D
exit 0
