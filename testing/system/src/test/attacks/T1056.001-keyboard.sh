#!/bin/sh
# technique: T1056.001 Input Capture: Keylogging
# rule: keyboard_read
# Reads what is typed from the input device, if there is one.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
timeout 1 dd if=/dev/input/event0 of=/tmp/keys bs=24 count=4 2>/dev/null || true
exit 0
