#!/bin/sh
# technique: T1053.003 Scheduled Task/Job: Cron
# rule: cron_entry_written
# Writes the crontab of root with a script language instead of crontab.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
python3 -c 'open("/var/spool/cron/crontabs/root", "a").write("@hourly /opt/implant\n")'
exit 0
