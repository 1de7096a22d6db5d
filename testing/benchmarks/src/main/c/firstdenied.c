/* firstdenied: when protection begins: firstdenied SECONDS PROGRAM
 *
 * Starts PROGRAM, which is known to be bad, every millisecond until the start is refused with EPERM,
 * and prints the time of the refusal: {"denied_at_nanos": CLOCK_MONOTONIC, "allowed": starts before}.
 * Ends with status 75 if nothing refused it within SECONDS. */
#define _GNU_SOURCE
#include "latency.h"
#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv) {
  if (argc != 3) {
    fprintf(stderr, "usage: firstdenied SECONDS PROGRAM\n");
    return 64;
  }
  char *const arguments[] = {argv[2], NULL}, *const environment[] = {NULL};
  uint64_t end = now_nanos() + strtoull(argv[1], NULL, 10) * 1000000000u;
  for (int allowed = 0; now_nanos() < end;) {
    pid_t child;
    int error = posix_spawn(&child, argv[2], NULL, NULL, arguments, environment);
    if (error == EPERM) {
      printf("{\"denied_at_nanos\":%llu,\"allowed\":%d}\n", (unsigned long long)now_nanos(), allowed);
      return 0;
    }
    if (error != 0) {
      fprintf(stderr, "firstdenied: the program does not start: errno=%d\n", error);
      return 66;
    }
    allowed++;
    while (waitpid(child, NULL, 0) < 0 && errno == EINTR) {}
    usleep(1000);
  }
  fprintf(stderr, "firstdenied: never refused: program=%s seconds=%s\n", argv[2], argv[1]);
  return 75;
}
