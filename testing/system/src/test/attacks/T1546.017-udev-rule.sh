#!/bin/sh
# technique: T1546.017 Event Triggered Execution: Udev Rules
# rule: udev_rule_written
# Has itself started by udev whenever a disk appears.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
mkdir -p /etc/udev/rules.d
printf 'ACTION=="add", SUBSYSTEM=="block", RUN+="/opt/implant"\n' > /etc/udev/rules.d/99-disk.rules
exit 0
