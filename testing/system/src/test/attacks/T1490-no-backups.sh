#!/bin/sh
# technique: T1490 Inhibit System Recovery
# rule: backups_removed
# Deletes all backups, as before files are encrypted.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
mkdir -p /srv/backups/monday
printf 'copy\n' > /srv/backups/monday/a
rm -r /srv/backups
exit 0
