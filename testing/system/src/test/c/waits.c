/* waits: opens and executes a file again and again, and says how long the worst took.
 *
 *   waits FILE SECONDS
 *
 * Prints "rounds=N errors=N worst_ms=N", where errors are refusals of any kind. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int opens(const char *path) {
  int fd = open(path, O_RDONLY);
  return fd >= 0 && close(fd) == 0;
}

static int executes(const char *path) {
  pid_t child = vfork();
  if (child == 0) {
    execl(path, path, (char *)NULL);
    _exit(126);
  }
  int status;
  return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

int main(int count, char **arguments) {
  if (count != 3) return 64;
  long end = now_ms() + atol(arguments[2]) * 1000, rounds = 0, errors = 0, worst = 0;
  int saved = dup(STDOUT_FILENO);
  if (saved < 0 || dup2(open("/dev/null", O_WRONLY), STDOUT_FILENO) < 0) return 1;
  for (long before = now_ms(); before < end; rounds++) {
    errors += !opens(arguments[1]);
    errors += !executes(arguments[1]);
    long after = now_ms();
    worst = after - before > worst ? after - before : worst;
    before = after;
  }
  dprintf(saved, "rounds=%ld errors=%ld worst_ms=%ld\n", rounds, errors, worst);
  return 0;
}
