#!/bin/sh
# technique: T1036.003 Masquerading: Rename Legitimate Utilities
# rule: shell_copied_under_other_name
# Works with a copy of the shell that is not called like one.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
cp /bin/bash /home/worker/updater
/home/worker/updater -c 'id -u; :'
exit 0
