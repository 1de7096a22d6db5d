#!/bin/sh
# technique: T1003.007 OS Credential Dumping: Proc Filesystem
# rule: process_memory_read
# Reads the memory of another process, where passwords may stand in the clear.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
sleep 3 &
pid=$!
dd if=/proc/$pid/mem of=/tmp/memory.bin bs=4096 skip=1 count=1 2>/dev/null || true
kill $pid
exit 0
