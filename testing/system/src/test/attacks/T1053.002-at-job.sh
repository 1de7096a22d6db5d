#!/bin/sh
# technique: T1053.002 Scheduled Task/Job: At
# rule: at_job_written
# Puts a job for at into its folder, without at.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
mkdir -p /var/spool/cron/atjobs
printf '#!/bin/sh\n# atrun uid=0 gid=0\numask 22\n/opt/implant\n' > /var/spool/cron/atjobs/a0000101c4d5e6
chmod 700 /var/spool/cron/atjobs/a0000101c4d5e6
exit 0
