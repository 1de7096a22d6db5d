#!/bin/sh
# technique: T1562.004 Impair Defenses: Disable or Modify System Firewall
# rule: firewall_opened
# Removes all rules of the packet filter; what has the name of the tool is a harmless program.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
mkdir -p /opt/bin
cp /bin/true /opt/bin/iptables
/opt/bin/iptables -P INPUT ACCEPT
/opt/bin/iptables -F
exit 0
