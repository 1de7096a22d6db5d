/* uringopen: opens a file by a request in an io_uring and says "specimen ran" if it could.
 *
 *   uringopen FILE
 *
 * Without the library: two system calls and two shared rings. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

static void fail(const char *what, int error) {
  fprintf(stderr, "%s: %s\n", what, strerror(error));
  exit(126);
}

static char *map(int ring, size_t bytes, off_t offset) {
  void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring, offset);
  if (memory == MAP_FAILED) fail("mmap", errno);
  return memory;
}

int main(int count, char **arguments) {
  if (count != 2) return 64;
  struct io_uring_params p = {0};
  int ring = (int)syscall(SYS_io_uring_setup, 1, &p);
  if (ring < 0) fail("io_uring_setup", errno);

  char *sq = map(ring, p.sq_off.array + p.sq_entries * sizeof(unsigned), IORING_OFF_SQ_RING);
  char *cq = map(ring, p.cq_off.cqes + p.cq_entries * sizeof(struct io_uring_cqe), IORING_OFF_CQ_RING);
  struct io_uring_sqe *request = (void *)map(ring, p.sq_entries * sizeof *request, IORING_OFF_SQES);

  request->opcode = IORING_OP_OPENAT;
  request->flags = IOSQE_ASYNC; /* by a worker thread, not by ours */
  request->fd = AT_FDCWD;
  request->addr = (unsigned long)arguments[1];
  request->open_flags = O_RDONLY;
  *(unsigned *)(sq + p.sq_off.array) = 0;
  __atomic_store_n((unsigned *)(sq + p.sq_off.tail), 1, __ATOMIC_RELEASE);

  while (syscall(SYS_io_uring_enter, ring, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0) < 0)
    if (errno != EINTR) fail("io_uring_enter", errno);
  struct io_uring_cqe *done = (void *)(cq + p.cq_off.cqes);
  if (done->res < 0) fail("open", -done->res);
  puts("specimen ran");
  return 0;
}
