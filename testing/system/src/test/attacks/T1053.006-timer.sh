#!/bin/sh
# technique: T1053.006 Scheduled Task/Job: Systemd Timers
# rule: systemd_unit_written
# Has itself started by a timer of systemd.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
mkdir -p /etc/systemd/system
printf '[Timer]\nOnCalendar=hourly\nUnit=update.service\n' > /etc/systemd/system/update.timer
exit 0
