/* descriptor: reaches a file through a descriptor in the ways that tests ask about.
 *
 *   descriptor MODE FILE
 *
 * Says "specimen ran" where the file would have been used without running it, or names the error. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef AT_EXECVE_CHECK
#define AT_EXECVE_CHECK 0x10000
#endif

static void fail(const char *what) {
  fprintf(stderr, "%s: %s\n", what, strerror(errno));
  exit(126);
}

static int open_file(const char *path, int flags) {
  int fd = open(path, flags);
  if (fd < 0) fail("open");
  return fd;
}

static void say_used(void) {
  puts("specimen ran");
  exit(0);
}

static int execute(int fd, int flags) {
  char *arguments[] = {"specimen", NULL};
  return (int)syscall(SYS_execveat, fd, "", arguments, environ, AT_EMPTY_PATH | flags);
}

/* The file's content, through the descriptor: mapped for execution, then read. */
static void show_content(int fd) {
  struct stat status;
  if (fstat(fd, &status) < 0) fail("fstat");
  char *mapped = mmap(NULL, status.st_size, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0);
  if (mapped == MAP_FAILED) fail("mmap");
  char *content = malloc(status.st_size);
  if (pread(fd, content, status.st_size, 0) != status.st_size) fail("read");
  if (memcmp(mapped, content, status.st_size) != 0) fail("content");
  puts("specimen ran");
  fflush(stdout);
}

static void await_line(void) {
  puts("ready");
  fflush(stdout);
  if (getchar() == EOF) exit(1);
}

static int in_memory(const char *path) {
  char block[65536];
  int from = open_file(path, O_RDONLY);
  int to = (int)syscall(SYS_memfd_create, "specimen", 0);
  if (to < 0) fail("memfd_create");
  for (ssize_t count; (count = read(from, block, sizeof block)) > 0;)
    if (write(to, block, count) != count) fail("write");
  return to;
}

/* A child executes what its parent holds open for writing. */
static void execute_while_written(const char *path) {
  int fd = open_file(path, O_WRONLY | O_CLOEXEC);
  pid_t child = fork();
  if (child == 0) {
    execl(path, "specimen", (char *)NULL);
    fail("exec");
  }
  int status;
  waitpid(child, &status, 0);
  close(fd);
  exit(WEXITSTATUS(status));
}

/* A child that did not open the file gets the descriptor in a message. */
static void pass(const char *path) {
  int pair[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair) < 0) fail("socketpair");
  char byte = 0, control[CMSG_SPACE(sizeof(int))] = {0};
  struct iovec data = {&byte, 1};
  struct msghdr message = {.msg_iov = &data, .msg_iovlen = 1, .msg_control = control,
                           .msg_controllen = sizeof control};
  pid_t child = fork();
  if (child == 0) {
    if (recvmsg(pair[1], &message, 0) < 0) fail("recvmsg");
    int fd;
    memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof fd);
    show_content(fd);
    exit(0);
  }
  int fd = open_file(path, O_RDONLY);
  struct cmsghdr *header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof fd);
  memcpy(CMSG_DATA(header), &fd, sizeof fd);
  if (sendmsg(pair[0], &message, 0) < 0) fail("sendmsg");
  waitpid(child, NULL, 0);
  exit(0);
}

int main(int count, char **arguments) {
  if (count != 3) return 64;
  const char *mode = arguments[1], *path = arguments[2];
  char link[64];
  if (!strcmp(mode, "unlinked")) {
    int fd = open_file(path, O_RDONLY);
    unlink(path);
    execute(fd, 0);
  } else if (!strcmp(mode, "proc")) {
    int fd = open_file(path, O_RDONLY);
    unlink(path);
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    execl(link, "specimen", (char *)NULL);
  } else if (!strcmp(mode, "check")) {
    if (execute(open_file(path, O_RDONLY), AT_EXECVE_CHECK) == 0) say_used();
  } else if (!strcmp(mode, "memory")) {
    execute(in_memory(path), 0);
  } else if (!strcmp(mode, "path-only")) {
    open_file(path, O_PATH);
    say_used();
  } else if (!strcmp(mode, "path-only-exec")) {
    execute(open_file(path, O_PATH), 0);
  } else if (!strcmp(mode, "written")) {
    execute_while_written(path);
  } else if (!strcmp(mode, "passed")) {
    pass(path);
  } else if (!strcmp(mode, "early")) {
    int fd = open_file(path, O_RDONLY);
    await_line();
    show_content(fd);
    await_line();
    execute(fd, 0);
  } else {
    return 64;
  }
  fail("exec");
}
