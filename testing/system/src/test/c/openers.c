/* openers: several processes that start programs, or open files, and time each by their own clock.
 *
 *   openers [-o] [-w WORKERS] [-u UID] (-t MILLIS | -n ROUNDS) FILE...
 *
 * Each worker takes the files in turn, worker 0 from the first one on. A start is timed from the
 * entry of posix_spawn() to its return, which comes when the exec is through; an open from the
 * entry of open() to its return. Prints `started` when every worker is at work and, at the end or
 * after SIGTERM, a line for each file:
 *
 *   ALLOWED DENIED FAILED ERRNO WORST_MICROS FIRST_MICROS STOOD_MICROS FILE
 *
 * DENIED counts EPERM; FAILED every other error, of which ERRNO is the last. FIRST_MICROS is how
 * long the first attempt of worker 0, or of whoever came first, took. STOOD_MICROS is the longest
 * that a process which only sleeps overslept meanwhile: the machine stood still, or was too busy
 * for anybody. Nothing that holds operations can hold that process, for it opens and starts
 * nothing. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct tally {
  atomic_long allowed, denied, failed, worst_micros, first_micros;
  atomic_int error;
};

struct shared {
  atomic_int stop, at_work;
  struct tally files[];
};

static struct shared *shared;
static char *const no_environment[] = {NULL};

static int64_t now_nanos(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

/* Sleeps a moment. Returns by how many microseconds it was too long. */
static long oversleep(void) {
  const struct timespec moment = {0, 5000000};
  int64_t due = now_nanos() + moment.tv_nsec;
  nanosleep(&moment, NULL);
  return (long)((now_nanos() - due) / 1000);
}

static void ask_to_stop(int signal) {
  (void)signal;
  atomic_store(&shared->stop, 1);
}

/* How many of a worker's programs run at once. Without a bound, programs that come to their end
 * more slowly than others are started make each other slower still, until no process is left. */
enum { RUNNING_LIMIT = 4 };

static int running;

static int start_program(char *file) {
  char *const arguments[] = {file, NULL};
  pid_t child;
  int error = posix_spawn(&child, file, NULL, NULL, arguments, no_environment);
  if (error == 0) running++;
  return error;
}

static void reap_programs(void) {
  while (running > 0 && waitpid(-1, NULL, running < RUNNING_LIMIT ? WNOHANG : 0) > 0) running--;
}

static int open_file(char *file) {
  int descriptor = open(file, O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return errno;
  close(descriptor);
  return 0;
}

static void note(struct tally *tally, int error, long micros) {
  long none = 0;
  atomic_compare_exchange_strong(&tally->first_micros, &none, micros > 0 ? micros : 1);
  long worst = atomic_load(&tally->worst_micros);
  while (micros > worst && !atomic_compare_exchange_weak(&tally->worst_micros, &worst, micros)) {}
  if (error == 0) {
    atomic_fetch_add(&tally->allowed, 1);
  } else if (error == EPERM) {
    atomic_fetch_add(&tally->denied, 1);
  } else {
    atomic_fetch_add(&tally->failed, 1);
    atomic_store(&tally->error, error);
  }
}

static void work(int worker, long rounds, int opens, char **files, int count) {
  atomic_fetch_add(&shared->at_work, 1);
  for (long done = 0; done < rounds * count && !atomic_load(&shared->stop); done++) {
    int index = (int)((worker + done) % count);
    int64_t begin = now_nanos();
    int error = opens ? open_file(files[index]) : start_program(files[index]);
    note(&shared->files[index], error, (long)((now_nanos() - begin) / 1000));
    reap_programs();
  }
}

/* Nothing that is started may write into our report. */
static void silence(void) {
  int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (nowhere < 0 || dup2(nowhere, STDOUT_FILENO) < 0) {
    perror("openers: cannot silence programs");
    exit(71);
  }
}

static void become(unsigned long uid) {
  if (uid != 0 && (setgroups(0, NULL) != 0 || setgid(uid) != 0 || setuid(uid) != 0)) {
    perror("openers: cannot become another user");
    exit(71);
  }
}

int main(int argc, char **argv) {
  long millis = 0, rounds = 0;
  int workers = 1, opens = 0;
  unsigned long uid = 0;
  for (int option; (option = getopt(argc, argv, "ow:u:t:n:")) != -1;) {
    switch (option) {
      case 'o': opens = 1; break;
      case 'w': workers = atoi(optarg); break;
      case 'u': uid = strtoul(optarg, NULL, 10); break;
      case 't': millis = atol(optarg); break;
      case 'n': rounds = atol(optarg); break;
      default: return 64;
    }
  }
  int count = argc - optind;
  if (count == 0 || workers < 1 || (millis == 0) == (rounds == 0)) {
    fprintf(stderr, "usage: openers [-o] [-w WORKERS] [-u UID] (-t MILLIS | -n ROUNDS) FILE...\n");
    return 64;
  }
  shared = mmap(NULL, sizeof *shared + count * sizeof(struct tally), PROT_READ | PROT_WRITE,
                MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) return 71;
  signal(SIGTERM, ask_to_stop);
  signal(SIGALRM, ask_to_stop);
  for (int worker = 0; worker < workers; worker++) {
    pid_t child = fork();
    if (child < 0) return 71;
    if (child == 0) {
      silence();
      become(uid);
      prctl(PR_SET_PDEATHSIG, SIGKILL); /* after setuid(), which clears it */
      work(worker, rounds == 0 ? INT32_MAX : rounds, opens, argv + optind, count);
      _exit(0);
    }
  }
  while (atomic_load(&shared->at_work) < workers) usleep(1000);
  printf("started\n");
  fflush(stdout);
  int64_t end = millis > 0 ? now_nanos() + millis * INT64_C(1000000) : INT64_MAX;
  long stood = 0;
  for (int at_work = workers; at_work > 0;) {
    long overslept = oversleep();
    if (overslept > stood) stood = overslept;
    if (now_nanos() >= end) atomic_store(&shared->stop, 1);
    while (at_work > 0 && waitpid(-1, NULL, WNOHANG) > 0) at_work--;
  }
  for (int i = 0; i < count; i++) {
    struct tally *tally = &shared->files[i];
    printf("%ld %ld %ld %d %ld %ld %ld %s\n", tally->allowed, tally->denied, tally->failed,
           tally->error, tally->worst_micros, tally->first_micros, stood, argv[optind + i]);
  }
  return 0;
}
