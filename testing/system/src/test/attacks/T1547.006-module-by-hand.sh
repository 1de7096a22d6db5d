#!/bin/sh
# technique: T1547.006 Boot or Logon Autostart Execution: Kernel Modules and Extensions
# rule: kernel_module_by_hand
# Loads a module by hand; what has the name of the tool is a harmless program, so that nothing is loaded.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
mkdir -p /opt/bin
cp /bin/true /opt/bin/insmod
printf 'no module\n' > /tmp/implant.ko
/opt/bin/insmod /tmp/implant.ko
exit 0
