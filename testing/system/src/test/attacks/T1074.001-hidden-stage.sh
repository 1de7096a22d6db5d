#!/bin/sh
# technique: T1074.001 Data Staged: Local Data Staging
# rule: data_staged_in_hidden_place
# Gathers documents in a hidden folder before they are carried off.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
mkdir -p /home/worker/Documents /var/tmp/.cache
printf 'plans\n' > /home/worker/Documents/plans.txt
cp -r /home/worker/Documents /var/tmp/.cache/
exit 0
