#!/bin/sh
# technique: T1562.001 Impair Defenses: Disable or Modify Tools
# rule: security_service_stopped
# Stops the service that writes down what happens. systemctl is told that there is no system to steer.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
SYSTEMD_OFFLINE=1 systemctl stop auditd.service 2>/dev/null || true
exit 0
