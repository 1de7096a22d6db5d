#!/bin/sh
# technique: T1564.001 Hide Artifacts: Hidden Files and Directories
# rule: program_in_hidden_place
# Runs from a hidden folder among temporary files.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
mkdir -p /tmp/.X1-lock.d
cp /bin/sleep /tmp/.X1-lock.d/x
/tmp/.X1-lock.d/x 0.3
exit 0
