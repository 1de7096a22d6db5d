#!/bin/sh
# technique: T1037.004 Boot or Logon Initialization Scripts: RC Scripts
# rule: boot_script_written
# Has itself started at each boot by rc.local.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
printf '#!/bin/sh\n/opt/implant &\n' > /etc/rc.local
chmod 755 /etc/rc.local
exit 0
