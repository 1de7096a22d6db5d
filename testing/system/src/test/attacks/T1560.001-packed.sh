#!/bin/sh
# technique: T1560.001 Archive Collected Data: Archive via Utility
# rule: sensitive_folders_packed
# Packs the homes of all users into one file, to carry off.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
printf 'diary\n' > /home/worker/diary.txt
tar czf /tmp/all.tgz /home 2>/dev/null || true
exit 0
