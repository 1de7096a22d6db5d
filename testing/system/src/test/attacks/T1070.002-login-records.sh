#!/bin/sh
# technique: T1070.002 Indicator Removal: Clear Linux or Mac System Logs
# rule: login_record_removed
# Empties the records of logins.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
truncate -s 0 /var/log/wtmp
rm -f /var/log/btmp
exit 0
