#!/bin/sh
# technique: T1036.005 Masquerading: Match Legitimate Resource Name or Location
# rule: service_name_in_open_folder
# Runs under the name of a service, from a folder into which everybody may write.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
cp /bin/sleep /var/tmp/sshd
/var/tmp/sshd 0.3
exit 0
