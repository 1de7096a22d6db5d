/* spawnbench: how long it takes to start a program.
 *
 *   spawnbench [-n COUNT] [-w WARM] [-u FILE] PROGRAM
 *                                                    the same program COUNT times, after WARM untimed;
 *                                                    not longer than until FILE is there
 *   spawnbench [-n COUNT] -d FOLDER                  FOLDER/00000, FOLDER/00001, ... once each
 *
 * "exec" is from the entry of posix_spawn() to its return: clone, then exec, which is the part that a
 * permission event delays, because the parent is suspended (CLONE_VFORK) until the exec is through.
 * "total" is to the return of waitpid(). Microseconds, one JSON object on standard output.
 * A refused start counts in "failed" and its time counts as a sample. */
#define _GNU_SOURCE
#include "latency.h"
#include <errno.h>
#include <limits.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static char *const no_environment[] = {NULL};

struct sample {
  uint64_t exec_nanos, total_nanos;
  int failed;
};

static struct sample start(char *program) {
  char *const arguments[] = {program, NULL};
  pid_t child;
  uint64_t begin = now_nanos();
  int error = posix_spawn(&child, program, NULL, NULL, arguments, no_environment);
  uint64_t started = now_nanos();
  if (error != 0) return (struct sample){started - begin, started - begin, 1};
  int status;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {}
  return (struct sample){started - begin, now_nanos() - begin, status != 0};
}

int main(int argc, char **argv) {
  size_t count = 3000, warm = 0;
  char *folder = NULL, *until = NULL, path[PATH_MAX];
  for (int option; (option = getopt(argc, argv, "n:w:d:u:")) != -1;) {
    switch (option) {
      case 'n': count = strtoul(optarg, NULL, 10); break;
      case 'w': warm = strtoul(optarg, NULL, 10); break;
      case 'd': folder = optarg; break;
      case 'u': until = optarg; break;
      default: return 64;
    }
  }
  if (count == 0 || (folder == NULL) == (optind == argc)) {
    fprintf(stderr, "usage: spawnbench [-n COUNT] [-w WARM] [-u FILE] PROGRAM | spawnbench [-n COUNT] -d FOLDER\n");
    return 64;
  }
  uint64_t *exec = calloc(count, sizeof *exec), *total = calloc(count, sizeof *total);
  if (exec == NULL || total == NULL) return 71;

  int failed = 0;
  if (folder == NULL)
    for (size_t i = 0; i < warm; i++) failed += start(argv[optind]).failed;
  uint64_t begin = now_nanos();
  for (size_t i = 0; i < count; i++) {
    if (until != NULL && i > 0 && access(until, F_OK) == 0) {
      count = i;
      break;
    }
    if (folder != NULL) snprintf(path, sizeof path, "%s/%05zu", folder, i);
    struct sample sample = start(folder == NULL ? argv[optind] : path);
    exec[i] = sample.exec_nanos;
    total[i] = sample.total_nanos;
    failed += sample.failed;
  }
  double seconds = (double)(now_nanos() - begin) / 1e9;

  sort_nanos(exec, count);
  sort_nanos(total, count);
  printf("{\"count\":%zu,\"failed\":%d,\"exec_p50\":%.1f,\"exec_p90\":%.1f,\"exec_p99\":%.1f,\"exec_max\":%.1f,"
         "\"total_p50\":%.1f,\"total_p99\":%.1f,\"per_second\":%.0f}\n",
      count, failed, micros_at(exec, count, 50), micros_at(exec, count, 90), micros_at(exec, count, 99),
      micros_at(exec, count, 100), micros_at(total, count, 50), micros_at(total, count, 99),
      (double)count / seconds);
  return 0;
}
