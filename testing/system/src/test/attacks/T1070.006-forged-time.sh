#!/bin/sh
# technique: T1070.006 Indicator Removal: Timestomp
# rule: file_time_forged
# Gives what it left behind the age of the system.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
printf '# update\n' > /etc/profile.d/update.sh
touch -r /bin/ls /etc/profile.d/update.sh
exit 0
