#!/bin/sh
# technique: T1569.003 System Services: Systemctl
# rule: unit_from_open_folder
# Has systemd take a unit from a folder into which everybody may write. systemctl is told that there is no
# system to steer.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
mkdir -p /etc/systemd/system
printf '[Service]\nExecStart=/opt/implant\n[Install]\nWantedBy=multi-user.target\n' > /tmp/helper.service
SYSTEMD_OFFLINE=1 systemctl enable /tmp/helper.service 2>/dev/null || true
exit 0
