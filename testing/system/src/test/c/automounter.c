// A daemon behind an autofs mount, as automount(8) is one: automounter MOUNTPOINT SOURCE
//
// Whoever looks up a name below MOUNTPOINT waits in the kernel until SOURCE is mounted there by a bind
// mount. Says "mounted" once and "NAME" for each name that it was asked for. Ends at the end of its
// standard input; whoever waits then is told that there is no such name.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/auto_fs.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

static void die(const char *what) {
  fprintf(stderr, "automounter: %s: %s\n", what, strerror(errno));
  exit(1);
}

static void mount_name(const char *root, const char *source, const char *name) {
  char place[4096];
  snprintf(place, sizeof place, "%s/%s", root, name);
  if (mkdir(place, 0755) != 0 && errno != EEXIST) die(place);
  if (mount(source, place, NULL, MS_BIND, NULL) != 0) die("bind mount");
}

int main(int argc, char **argv) {
  int pipes[2];
  if (argc != 3) {
    fprintf(stderr, "usage: automounter MOUNTPOINT SOURCE\n");
    return 2;
  }
  setvbuf(stdout, NULL, _IOLBF, 0);
  // The kernel lets the daemon's process group through, so that it can mount where others wait.
  if (setpgid(0, 0) != 0) die("setpgid");
  if (pipe2(pipes, O_CLOEXEC | O_DIRECT) != 0) die("pipe");
  char options[128];
  snprintf(options, sizeof options, "fd=%d,pgrp=%d,minproto=5,maxproto=5,indirect", pipes[1],
           getpgrp());
  if (mount("redoubt-test", argv[1], "autofs", 0, options) != 0) die("mount");
  close(pipes[1]);
  int root = open(argv[1], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (root < 0) die(argv[1]);
  printf("mounted\n");
  struct pollfd watched[] = {{.fd = pipes[0], .events = POLLIN}, {.fd = 0, .events = POLLIN}};
  while (poll(watched, 2, -1) >= 0) {
    if (watched[1].revents != 0) return 0;
    if (watched[0].revents == 0) continue;
    struct autofs_v5_packet packet;
    ssize_t length = read(pipes[0], &packet, sizeof packet);
    if (length <= 0) return 0;
    if (packet.hdr.type != autofs_ptype_missing_indirect) continue;
    mount_name(argv[1], argv[2], packet.name);
    if (ioctl(root, AUTOFS_IOC_READY, packet.wait_queue_token) != 0) die("ready");
    printf("%s\n", packet.name);
  }
  return 1;
}
