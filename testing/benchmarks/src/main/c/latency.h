/* What the benchmark programs share: the clock, and percentiles of samples in nanoseconds. */
#ifndef REDOUBT_LATENCY_H
#define REDOUBT_LATENCY_H

#include <stdint.h>
#include <stdlib.h>
#include <time.h>

static inline uint64_t now_nanos(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static inline int compare_nanos(const void *left, const void *right) {
  uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
  return (a > b) - (a < b);
}

static inline void sort_nanos(uint64_t *samples, size_t count) {
  qsort(samples, count, sizeof *samples, compare_nanos);
}

/* The percentile of sorted samples, in microseconds: the nearest rank, at least one sample. */
static inline double micros_at(const uint64_t *sorted, size_t count, double percent) {
  return (double)sorted[(size_t)(percent / 100 * (double)(count - 1) + 0.5)] / 1000;
}

#endif
