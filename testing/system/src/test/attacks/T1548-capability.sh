#!/bin/sh
# technique: T1548 Abuse Elevation Control Mechanism
# rule: capability_given
# Gives its program the right to become root.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
cp /bin/sleep /opt/up
/usr/sbin/setcap cap_setuid+ep /opt/up 2>/dev/null || true
exit 0
