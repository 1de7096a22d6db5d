#!/bin/sh
# technique: T1036.008 Masquerading: Masquerade File Type
# rule: program_named_like_document
# Runs a program that has the ending of a picture.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
mkdir -p /srv/uploads
cp /bin/sleep /srv/uploads/holiday.jpg
/srv/uploads/holiday.jpg 0.3
exit 0
