#!/bin/sh
# technique: T1552.003 Unsecured Credentials: Shell History
# rule: history_searched
# Looks for passwords that a user typed.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
printf 'mysql -u root --password=letmein\n' > /home/worker/.bash_history
grep -i passw /home/worker/.bash_history > /tmp/found || true
exit 0
