/* openbench: how long open() takes: openbench [-p PASSES] [-n COUNT] FOLDER
 *
 * Opens FOLDER/00000 to FOLDER/COUNT-1 for reading, PASSES times over. Microseconds of open() alone,
 * all passes together, one JSON object on standard output. */
#define _GNU_SOURCE
#include "latency.h"
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

int main(int argc, char **argv) {
  size_t count = 300, passes = 10;
  for (int option; (option = getopt(argc, argv, "n:p:")) != -1;) {
    switch (option) {
      case 'n': count = strtoul(optarg, NULL, 10); break;
      case 'p': passes = strtoul(optarg, NULL, 10); break;
      default: return 64;
    }
  }
  if (count == 0 || passes == 0 || optind + 1 != argc) {
    fprintf(stderr, "usage: openbench [-p PASSES] [-n COUNT] FOLDER\n");
    return 64;
  }
  size_t samples = count * passes;
  uint64_t *nanos = calloc(samples, sizeof *nanos);
  if (nanos == NULL) return 71;

  int failed = 0;
  char path[PATH_MAX];
  for (size_t i = 0; i < samples; i++) {
    snprintf(path, sizeof path, "%s/%05zu", argv[optind], i % count);
    uint64_t begin = now_nanos();
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    nanos[i] = now_nanos() - begin;
    if (fd < 0) failed++;
    else close(fd);
  }
  sort_nanos(nanos, samples);
  printf("{\"count\":%zu,\"failed\":%d,\"open_p50\":%.2f,\"open_p90\":%.2f,\"open_p99\":%.2f,\"open_max\":%.2f}\n",
      samples, failed, micros_at(nanos, samples, 50), micros_at(nanos, samples, 90),
      micros_at(nanos, samples, 99), micros_at(nanos, samples, 100));
  return 0;
}
