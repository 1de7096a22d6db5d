/* allowloop: the least that a fanotify permission listener can do: allow everything. The floor that
 * every decision in user mode stands on.
 *
 *   allowloop [-o] [-p] FOLDER
 *     asks for FAN_OPEN_EXEC_PERM of the file system that FOLDER lies on
 *     -o  asks for FAN_OPEN_PERM too
 *     -p  asks for a pidfd with every event
 *
 * Prints READY once marked; ends with status 0 on SIGTERM and prints how many events it answered.
 *
 * The deadman: a kernel timer that kills this process unless it is set back, which happens only where
 * the loop waits with nothing left to answer or has just answered. When the process dies the kernel
 * allows whatever was waiting for it, so a fault here cannot hold the host for longer than
 * DEADMAN_SECONDS. SIGKILL, because it also ends a process that is stopped. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/fanotify.h>
#include <time.h>
#include <unistd.h>

#include "latency.h"

#ifndef FAN_REPORT_PIDFD
#define FAN_REPORT_PIDFD 0x00000080
#endif

enum { DEADMAN_SECONDS = 3, IDLE_WAKEUP_MILLIS = 500, BUFFER_BYTES = 8192 };

static volatile sig_atomic_t ending;
static void on_term(int signal_number) {
  (void)signal_number;
  ending = 1;
}

static timer_t deadman;
static uint64_t deadman_set_nanos;

static void set_deadman_back(void) {
  uint64_t now = now_nanos();
  if (now - deadman_set_nanos < IDLE_WAKEUP_MILLIS * 1000000ull) return;
  deadman_set_nanos = now;
  struct itimerspec once = {.it_value = {.tv_sec = DEADMAN_SECONDS}};
  timer_settime(deadman, 0, &once, NULL);
}

static int create_deadman(void) {
  struct sigevent killing;
  memset(&killing, 0, sizeof killing);
  killing.sigev_notify = SIGEV_SIGNAL;
  killing.sigev_signo = SIGKILL;
  if (timer_create(CLOCK_MONOTONIC, &killing, &deadman) < 0) return -1;
  set_deadman_back();
  return 0;
}

static void close_pidfd(const struct fanotify_event_metadata *event) {
  if (event->event_len < FAN_EVENT_METADATA_LEN + sizeof(struct fanotify_event_info_header) + sizeof(int)) return;
  int pidfd;
  memcpy(&pidfd, (const char *)(event + 1) + sizeof(struct fanotify_event_info_header), sizeof pidfd);
  if (pidfd >= 0) close(pidfd);
}

/* Returns how many events were answered, or -1 with errno. */
static int answer_what_waits(int group) {
  char buffer[BUFFER_BYTES] __attribute__((aligned(8)));
  ssize_t length = read(group, buffer, sizeof buffer);
  if (length < 0) return errno == EAGAIN || errno == EINTR ? 0 : -1;
  int answered = 0;
  const struct fanotify_event_metadata *event = (const void *)buffer;
  for (; FAN_EVENT_OK(event, length); event = FAN_EVENT_NEXT(event, length)) {
    if (event->fd < 0) continue;
    struct fanotify_response allow = {.fd = event->fd, .response = FAN_ALLOW};
    if (write(group, &allow, sizeof allow) != sizeof allow) return -1;
    close(event->fd);
    close_pidfd(event);
    answered++;
  }
  return answered;
}

int main(int argc, char **argv) {
  uint64_t mask = FAN_OPEN_EXEC_PERM;
  unsigned flags = FAN_CLASS_CONTENT | FAN_CLOEXEC | FAN_NONBLOCK | FAN_UNLIMITED_QUEUE;
  for (int option; (option = getopt(argc, argv, "op")) != -1;) {
    switch (option) {
      case 'o': mask |= FAN_OPEN_PERM; break;
      case 'p': flags |= FAN_REPORT_PIDFD; break;
      default: return 64;
    }
  }
  if (optind + 1 != argc) {
    fprintf(stderr, "usage: allowloop [-o] [-p] FOLDER\n");
    return 64;
  }
  struct sigaction end = {.sa_handler = on_term};
  sigaction(SIGTERM, &end, NULL);

  int group = fanotify_init(flags, O_RDONLY | O_LARGEFILE | O_CLOEXEC | O_NOATIME);
  if (group < 0 || create_deadman() < 0 ||
      fanotify_mark(group, FAN_MARK_ADD | FAN_MARK_FILESYSTEM, mask, AT_FDCWD, argv[optind]) < 0) {
    perror("allowloop: cannot listen");
    return 71;
  }
  puts("READY");
  fflush(stdout);

  unsigned long long events = 0;
  while (!ending) {
    set_deadman_back();
    struct pollfd waiting = {.fd = group, .events = POLLIN};
    if (poll(&waiting, 1, IDLE_WAKEUP_MILLIS) <= 0) continue;
    int answered = answer_what_waits(group);
    if (answered < 0) {
      perror("allowloop: cannot answer");
      return 71;
    }
    events += (unsigned)answered;
  }
  close(group);
  printf("events=%llu\n", events);
  return 0;
}
