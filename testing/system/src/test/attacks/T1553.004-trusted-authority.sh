#!/bin/sh
# technique: T1553.004 Subvert Trust Controls: Install Root Certificate
# rule: root_certificate_written
# Makes the host trust an authority of its own. What it writes is no certificate.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
mkdir -p /etc/ssl/certs
printf -- '-----BEGIN CERTIFICATE-----\nbm90aGluZw==\n-----END CERTIFICATE-----\n' >> /etc/ssl/certs/ca-certificates.crt
exit 0
