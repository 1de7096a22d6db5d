#!/bin/sh
# technique: T1485 Data Destruction
# rule: files_shredded
# Makes documents unrecoverable.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
mkdir -p /home/worker/Documents
printf 'thesis\n' > /home/worker/Documents/thesis.txt
shred -u -z -n 1 /home/worker/Documents/thesis.txt
exit 0
