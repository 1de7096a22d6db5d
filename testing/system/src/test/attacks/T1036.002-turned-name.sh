#!/bin/sh
# technique: T1036.002 Masquerading: Right-to-Left Override
# rule: name_written_backwards
# Runs a program whose name a character turns around, so that it seems to end in .pdf.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
name=$(printf '/home/worker/report\342\200\256fdp.run')
cp /bin/sleep "$name"
"$name" 0.3
exit 0
