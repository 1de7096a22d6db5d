#!/bin/sh
# technique: T1070.008 Indicator Removal: Clear Mailbox Data
# rule: mailbox_removed
# Removes the mail in which the host told its administrator.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
mkdir -p /var/mail
printf 'From cron\n\nstrange things\n' > /var/mail/worker
rm -f /var/mail/worker
exit 0
