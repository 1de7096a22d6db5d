#!/bin/sh
# technique: T1552.005 Unsecured Credentials: Cloud Instance Metadata API
# rule: cloud_credentials_asked
# Asks the cloud for the keys of this host; nobody answers. Without curl, a harmless program has its name.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
mkdir -p /tmp/bin
command -v curl >/dev/null || cp /bin/true /tmp/bin/curl
PATH=$PATH:/tmp/bin
curl -s -m 1 169.254.169.254/latest/meta-data/iam/security-credentials/ || true
exit 0
