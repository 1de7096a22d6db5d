#!/bin/sh
# technique: T1548.001 Abuse Elevation Control Mechanism: Setuid and Setgid
# rule: setuid_bit_set
# Leaves a program that runs as root, whoever starts it.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
cp /bin/true /opt/up
chmod 4755 /opt/up
chmod 755 /opt/up
exit 0
