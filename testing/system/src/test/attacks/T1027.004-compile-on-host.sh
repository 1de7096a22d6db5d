#!/bin/sh
# technique: T1027.004 Obfuscated Files or Information: Compile After Delivery
# rule: compiled_in_hidden_place
# Brings source instead of a program, and compiles it in a hidden folder.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
mkdir -p /tmp/.work
printf 'int main(void) { return 0; }\n' > /tmp/.work/tool.c
gcc -o /tmp/.work/tool /tmp/.work/tool.c
exit 0
