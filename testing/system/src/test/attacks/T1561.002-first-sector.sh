#!/bin/sh
# technique: T1561.002 Disk Wipe: Disk Structure Wipe
# rule: disk_overwritten
# Overwrites the first sector of a disk: a file with the name of a disk that is not there.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
[ -e /dev/sdzz ] && exit 77
dd if=/dev/zero of=/dev/sdzz bs=512 count=1 2>/dev/null || true
rm -f /dev/sdzz
exit 0
