#!/bin/sh
# technique: T1036.004 Masquerading: Masquerade Task or Service
# rule: named_like_kernel_thread
# Shows itself in the list of processes as a thread of the kernel.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
bash -c 'exec -a "[kworker/0:3]" sleep 0.3'
exit 0
