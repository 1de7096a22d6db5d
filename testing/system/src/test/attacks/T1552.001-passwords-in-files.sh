#!/bin/sh
# technique: T1552.001 Unsecured Credentials: Credentials In Files
# rule: passwords_searched
# Looks for passwords in the homes of all users.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
printf 'db_password=letmein\n' > /home/worker/app.conf
grep -rniE 'password|secret' /home > /tmp/found || true
exit 0
