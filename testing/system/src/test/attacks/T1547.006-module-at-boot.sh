#!/bin/sh
# technique: T1547.006 Boot or Logon Autostart Execution: Kernel Modules and Extensions
# rule: module_listed_to_load
# Has a module loaded at each boot; none is loaded here.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
mkdir -p /etc/modules-load.d
printf 'implant\n' > /etc/modules-load.d/net.conf
exit 0
