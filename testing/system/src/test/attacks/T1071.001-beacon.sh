#!/bin/sh
# technique: T1071.001 Application Layer Protocol: Web Protocols
# rule: temporary_program_connects_out
# A program in a folder for all asks a web server for orders; the server is its own.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
cat > /tmp/beacon.c <<'END'
#include <arpa/inet.h>
#include <unistd.h>
int main(void) {
  struct sockaddr_in master = {.sin_family = AF_INET, .sin_port = htons(8080)};
  inet_pton(AF_INET, "192.0.2.1", &master.sin_addr);
  int link = socket(AF_INET, SOCK_STREAM, 0);
  char answer[256];
  if (connect(link, (struct sockaddr *)&master, sizeof master) == 0) {
    write(link, "GET /orders HTTP/1.0\r\n\r\n", 24);
    read(link, answer, sizeof answer);
  }
  usleep(300000);
  return 0;
}
END
gcc -o /tmp/beacon /tmp/beacon.c 2>/dev/null
mkdir -p /srv/www
cd /srv/www || exit 0
timeout 4 python3 -m http.server --bind 192.0.2.1 8080 >/dev/null 2>&1 &
server=$!
sleep 0.9
/tmp/beacon
kill $server 2>/dev/null
wait $server 2>/dev/null
exit 0
