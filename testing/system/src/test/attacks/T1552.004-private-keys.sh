#!/bin/sh
# technique: T1552.004 Unsecured Credentials: Private Keys
# rule: private_keys_collected
# Looks for private keys, and takes one.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
printf 'not a real key\n' > /home/worker/.ssh/id_ed25519
find /home /root -name id_rsa -o -name id_ed25519
cp /home/worker/.ssh/id_ed25519 /tmp/key
exit 0
