#!/bin/sh
# technique: T1003.007 OS Credential Dumping: Proc Filesystem
# rule: debug_limit_lifted
# Tries to let every process look into every other one; the setting cannot be written there.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
[ -w /proc/sys/kernel/yama/ptrace_scope ] && exit 77
/usr/sbin/sysctl -w kernel.yama.ptrace_scope=0 2>/dev/null || true
exit 0
