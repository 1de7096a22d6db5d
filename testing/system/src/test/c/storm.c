/* storm: very many tasks that open a file at the same moment, each timing itself.
 *
 *   storm TASKS FILE...
 *
 * Task n opens FILE n (in turn). Makes as many tasks as the host lets it, prints `ready TASKS`,
 * waits for a line on standard input, lets all of them go, prints `entered` when each has come to
 * its open (or after half a second), and when all are through:
 *
 *   TASKS ALLOWED DENIED FAILED ERRNO MEDIAN_MICROS WORST_MICROS */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { THREADS = 500, STACK_BYTES = 64 * 1024 };

struct shared {
  atomic_int go, made, refused, entered;
  struct {
    int error;
    int64_t nanos;
  } tasks[];
};

static struct shared *shared;
static char **files;
static int file_count;

static int64_t now_nanos(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

static void *open_once(void *argument) {
  int task = (int)(intptr_t)argument;
  atomic_fetch_add(&shared->made, 1);
  while (atomic_load(&shared->go) == 0)
    syscall(SYS_futex, &shared->go, FUTEX_WAIT, 0, NULL, NULL, 0);
  atomic_fetch_add(&shared->entered, 1);
  int64_t begin = now_nanos();
  int descriptor = open(files[task % file_count], O_RDONLY | O_CLOEXEC);
  shared->tasks[task].error = descriptor < 0 ? errno : 0;
  shared->tasks[task].nanos = now_nanos() - begin;
  if (descriptor >= 0) close(descriptor);
  return NULL;
}

/* One process with its share of the tasks; ends when they are through. */
static void hold_tasks(int first, int count) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, STACK_BYTES);
  pthread_t *threads = calloc(count, sizeof *threads);
  int made = 0;
  while (made < count && threads != NULL &&
         pthread_create(&threads[made], &attributes, open_once, (void *)(intptr_t)(first + made)) == 0)
    made++;
  atomic_fetch_add(&shared->refused, count - made);
  for (int i = 0; i < made; i++) pthread_join(threads[i], NULL);
}

static int by_size(const void *left, const void *right) {
  int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
  return (a > b) - (a < b);
}

static void report(int tasks) {
  long allowed = 0, denied = 0, failed = 0, timed = 0;
  int error = 0;
  int64_t *nanos = calloc(tasks, sizeof *nanos);
  if (nanos == NULL) exit(71);
  for (int i = 0; i < tasks; i++) {
    if (shared->tasks[i].nanos == 0) continue;
    nanos[timed++] = shared->tasks[i].nanos;
    if (shared->tasks[i].error == 0) {
      allowed++;
    } else if (shared->tasks[i].error == EPERM) {
      denied++;
    } else {
      failed++;
      error = shared->tasks[i].error;
    }
  }
  if (timed == 0) exit(71);
  qsort(nanos, timed, sizeof *nanos, by_size);
  printf("%ld %ld %ld %ld %d %ld %ld\n", timed, allowed, denied, failed, error,
         (long)(nanos[timed / 2] / 1000), (long)(nanos[timed - 1] / 1000));
}

int main(int argc, char **argv) {
  int tasks = argc > 2 ? atoi(argv[1]) : 0;
  if (tasks < 1) {
    fprintf(stderr, "usage: storm TASKS FILE...\n");
    return 64;
  }
  files = argv + 2;
  file_count = argc - 2;
  shared = mmap(NULL, sizeof *shared + tasks * sizeof shared->tasks[0], PROT_READ | PROT_WRITE,
                MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) return 71;
  for (int first = 0; first < tasks; first += THREADS) {
    int count = tasks - first < THREADS ? tasks - first : THREADS;
    pid_t child = fork();
    if (child == 0) {
      hold_tasks(first, count);
      _exit(0);
    }
    if (child < 0) atomic_fetch_add(&shared->refused, count);
  }
  while (atomic_load(&shared->made) + atomic_load(&shared->refused) < tasks) usleep(1000);
  int made = atomic_load(&shared->made);
  printf("ready %d\n", made);
  fflush(stdout);
  if (getchar() == EOF) return 70;
  atomic_store(&shared->go, 1);
  syscall(SYS_futex, &shared->go, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
  for (int millis = 0; millis < 500 && atomic_load(&shared->entered) < made; millis++) usleep(1000);
  printf("entered\n");
  fflush(stdout);
  for (;;) {
    if (wait(NULL) < 0 && errno == ECHILD) break;
  }
  report(tasks);
  return 0;
}
