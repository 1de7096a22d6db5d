#!/bin/sh
# technique: T1036.006 Masquerading: Space after Filename
# rule: program_name_ends_in_blank
# Runs a program that looks like a document, but for a blank at the end of its name.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
program='/home/worker/invoice.pdf '
cp /bin/sleep "$program"
"$program" 0.3
exit 0
