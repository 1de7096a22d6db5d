#!/bin/sh
# technique: T1140 Deobfuscate/Decode Files or Information
# rule: decoded_into_shell
# Decodes what it brought, and runs it.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
sh -c 'echo aWQgLXUK | base64 -d | sh'
exit 0
