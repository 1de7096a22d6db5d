#!/bin/sh
# technique: T1098.004 Account Manipulation: SSH Authorized Keys
# rule: authorized_keys_written
# Adds its key to those that may log in.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
printf 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ7xR0f7e2sH0b0i3v4b5n6m7q8w9e0r1t2y3u4i5o6p x\n' >> /home/worker/.ssh/authorized_keys
exit 0
