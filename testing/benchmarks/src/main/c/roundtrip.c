/* roundtrip: how long a question to another process takes.
 *
 *   roundtrip [-n COUNT] [-w WARM] COMMAND...   asks COMMAND, whose standard input is our socket
 *   roundtrip -a                                answers: the COMMAND to give
 *
 * A question is what an engine gets with an event: one datagram with a descriptor. The answer is a
 * verdict: one short datagram. Microseconds, one JSON object on standard output. */
#define _GNU_SOURCE
#include "latency.h"
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { QUESTION_BYTES = 250, ANSWER_BYTES = 60, PATIENCE_SECONDS = 20 };

union control {
  char bytes[CMSG_SPACE(sizeof(int))];
  struct cmsghdr aligned;
};

static int answer(void) {
  char text[QUESTION_BYTES];
  union control control;
  for (;;) {
    struct iovec part = {text, sizeof text};
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    if (recvmsg(0, &message, MSG_CMSG_CLOEXEC) <= 0) return 0;
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    if (header == NULL) return 76;
    int file;
    memcpy(&file, CMSG_DATA(header), sizeof file);
    char byte;
    if (pread(file, &byte, 1, 0) != 1 || close(file) != 0) return 74;
    if (send(0, text, ANSWER_BYTES, MSG_NOSIGNAL) < 0) return 0;
  }
}

static int ask(int socket, int file) {
  char text[QUESTION_BYTES] = "question";
  union control control;
  struct iovec part = {text, sizeof text};
  struct msghdr message = {
      .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
  struct cmsghdr *header = CMSG_FIRSTHDR(&message);
  *header = (struct cmsghdr){.cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS, .cmsg_len = CMSG_LEN(sizeof file)};
  memcpy(CMSG_DATA(header), &file, sizeof file);
  return sendmsg(socket, &message, MSG_NOSIGNAL) == QUESTION_BYTES &&
         recv(socket, text, sizeof text, 0) == ANSWER_BYTES;
}

int main(int argc, char **argv) {
  size_t count = 20000, warm = 2000;
  /* The first + ends the options at COMMAND. */
  for (int option; (option = getopt(argc, argv, "+n:w:a")) != -1;) {
    switch (option) {
      case 'n': count = strtoul(optarg, NULL, 10); break;
      case 'w': warm = strtoul(optarg, NULL, 10); break;
      case 'a': return answer();
      default: return 64;
    }
  }
  uint64_t *trip = calloc(count + 1, sizeof *trip);
  int ends[2], file = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
  if (optind == argc || count == 0) {
    fprintf(stderr, "usage: roundtrip [-n COUNT] [-w WARM] COMMAND... | roundtrip -a\n");
    return 64;
  }
  if (trip == NULL || file < 0 || socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) return 71;
  struct timeval patience = {.tv_sec = PATIENCE_SECONDS};
  setsockopt(ends[0], SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  pid_t child = fork();
  if (child == 0) {
    dup2(ends[1], 0);
    execvp(argv[optind], argv + optind);
    _exit(127);
  }
  close(ends[1]);
  for (size_t i = 0; i < warm + count; i++) {
    uint64_t begin = now_nanos();
    if (!ask(ends[0], file)) {
      fprintf(stderr, "roundtrip: no answer: command=%s\n", argv[optind]);
      return 76;
    }
    if (i >= warm) trip[i - warm] = now_nanos() - begin;
  }
  close(ends[0]);
  waitpid(child, NULL, 0);
  sort_nanos(trip, count);
  printf("{\"trip_p50\":%.2f,\"trip_p99\":%.2f}\n", micros_at(trip, count, 50), micros_at(trip, count, 99));
  return 0;
}
