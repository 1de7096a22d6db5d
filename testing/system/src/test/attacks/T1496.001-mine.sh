#!/bin/sh
# technique: T1496.001 Resource Hijacking: Compute Hijacking
# rule: mining_protocol
# Starts something that is told to mine, and burns a moment of processor time; no pool answers.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
cat > /opt/mine.py <<'END'
import hashlib, time
end = time.time() + 0.3
number = 0
while time.time() < end:
    hashlib.sha256(str(number).encode()).digest()
    number += 1
END
python3 /opt/mine.py -o stratum+tcp://192.0.2.1:3333 -u wallet
exit 0
