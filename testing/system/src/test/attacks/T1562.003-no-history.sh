#!/bin/sh
# technique: T1562.003 Impair Defenses: Impair Command History Logging
# rule: shell_history_removed
# Works in a shell that keeps no history.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
env HISTFILE=/dev/null bash -c 'id -u; :'
exit 0
