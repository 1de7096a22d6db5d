#!/bin/sh
# technique: T1611 Escape to Host
# rule: host_namespace_entered
# Enters the namespaces of the first process, as out of a container that shares its processes with the host.
# There the first process is the one of the scratch root.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
nsenter -t 1 -m -- true || true
exit 0
