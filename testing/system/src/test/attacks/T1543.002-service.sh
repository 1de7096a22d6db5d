#!/bin/sh
# technique: T1543.002 Create or Modify System Process: Systemd Service
# rule: systemd_unit_written
# Installs itself as a service.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
mkdir -p /etc/systemd/system
printf '[Service]\nExecStart=/opt/implant\n[Install]\nWantedBy=multi-user.target\n' > /etc/systemd/system/update.service
exit 0
