/* spawnpace: starts a program over and over, at a rate or as fast as it goes.
 *
 *   spawnpace -s SECONDS [-r RATE] [-j SPAWNERS] PROGRAM
 *
 * RATE is starts a second of all spawners together; without it each starts the next one as soon as the one
 * before has ended. One JSON object on standard output: how many, and how long a start took up to the program's
 * first instruction, in microseconds, of the first MOST of each spawner. */
#define _GNU_SOURCE
#include "latency.h"
#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static char *const no_environment[] = {NULL};

enum { MOST = 1 << 18 };

struct count {
  uint64_t started, failed, exec_nanos[MOST];
};

static void sleep_until(uint64_t nanos) {
  struct timespec t = {(time_t)(nanos / 1000000000u), (long)(nanos % 1000000000u)};
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) == EINTR) {}
}

static void spawn(char *program, uint64_t begin, uint64_t end, uint64_t every, struct count *count) {
  char *const arguments[] = {program, NULL};
  for (uint64_t next = begin; now_nanos() < end; next += every) {
    if (every > 0) sleep_until(next);
    pid_t child;
    int status = 1;
    uint64_t before = now_nanos();
    int error = posix_spawn(&child, program, NULL, NULL, arguments, no_environment);
    if (count->started < MOST) count->exec_nanos[count->started] = now_nanos() - before;
    if (error == 0)
      while (waitpid(child, &status, 0) < 0 && errno == EINTR) {}
    count->started++;
    count->failed += status != 0;
  }
}

int main(int argc, char **argv) {
  double seconds = 0, rate = 0;
  int spawners = 2;
  for (int option; (option = getopt(argc, argv, "s:r:j:")) != -1;) {
    switch (option) {
      case 's': seconds = strtod(optarg, NULL); break;
      case 'r': rate = strtod(optarg, NULL); break;
      case 'j': spawners = atoi(optarg); break;
      default: return 64;
    }
  }
  if (seconds <= 0 || rate < 0 || spawners < 1 || optind + 1 != argc) {
    fprintf(stderr, "usage: spawnpace -s SECONDS [-r RATE] [-j SPAWNERS] PROGRAM\n");
    return 64;
  }
  size_t bytes = (size_t)spawners * sizeof(struct count);
  struct count *counts = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (counts == MAP_FAILED) return 71;
  uint64_t every = rate > 0 ? (uint64_t)(1e9 * spawners / rate) : 0;
  uint64_t begin = now_nanos(), end = begin + (uint64_t)(seconds * 1e9);
  for (int i = 0; i < spawners; i++) {
    pid_t spawner = fork();
    if (spawner < 0) return 71;
    if (spawner == 0) {
      spawn(argv[optind], begin + every * (uint64_t)i / (uint64_t)spawners, end, every, &counts[i]);
      _exit(0);
    }
  }
  while (wait(NULL) > 0 || errno == EINTR) {}
  double took = (double)(now_nanos() - begin) / 1e9;
  uint64_t started = 0, failed = 0;
  uint64_t *all = malloc((size_t)spawners * sizeof counts->exec_nanos);
  if (all == NULL) return 71;
  size_t kept = 0;
  for (int i = 0; i < spawners; i++) {
    started += counts[i].started;
    failed += counts[i].failed;
    size_t samples = counts[i].started < MOST ? counts[i].started : MOST;
    memcpy(all + kept, counts[i].exec_nanos, samples * sizeof *all);
    kept += samples;
  }
  if (kept == 0) return 70;
  sort_nanos(all, kept);
  printf("{\"started\": %lu, \"failed\": %lu, \"seconds\": %.3f, \"exec_p50\": %.1f, \"exec_p99\": %.1f, "
         "\"exec_max\": %.1f}\n",
         started, failed, took, micros_at(all, kept, 50), micros_at(all, kept, 99), micros_at(all, kept, 100));
  free(all);
  return 0;
}
