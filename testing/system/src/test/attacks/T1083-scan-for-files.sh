#!/bin/sh
# technique: T1083 File and Directory Discovery
# rule: setuid_files_searched
# Looks through the whole host for programs that run as root, whoever starts them.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
timeout 2 find / -xdev -perm -4000 -type f > /tmp/found 2>/dev/null || true
exit 0
