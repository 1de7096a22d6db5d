// A FUSE file system whose server answers, or does not, as a test says: fuseserver MOUNTPOINT FILE...
//
// Serves the content of each FILE under the last part of its name, for reading and execution by
// everyone. Says "mounted". Then takes words on standard input, one a line: "hold OPERATION" (lookup,
// getattr, open, read, or all) takes such requests from now on and never answers them, which no
// signal gets anybody out of; it says "held OPERATION" for each. "fail OPERATION" answers them with EIO,
// as a disk that breaks does. "serve" answers what was held and goes on as before. At the end of the
// input it ends, and so does its file system.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define MOST_HELD 1024
#define BUFFER (FUSE_MIN_READ_BUFFER + 131072)

struct file {
  const char *name;
  char *content;
  size_t length;
};

static const struct {
  const char *name;
  unsigned int opcode;
} operations[] = {{"lookup", FUSE_LOOKUP},
                  {"getattr", FUSE_GETATTR},
                  {"open", FUSE_OPEN},
                  {"read", FUSE_READ},
                  {"all", 0}};

static struct file *files;
static int count;
static int device;
static char *held[MOST_HELD];
static int held_count;
static const char *chosen = "";
static int failing;

static void die(const char *what) {
  fprintf(stderr, "fuseserver: %s: %s\n", what, strerror(errno));
  exit(1);
}

static void load(struct file *file, const char *path) {
  const char *slash = strrchr(path, '/');
  file->name = slash != NULL ? slash + 1 : path;
  FILE *from = fopen(path, "rb");
  struct stat status;
  if (from == NULL || fstat(fileno(from), &status) != 0) die(path);
  file->length = (size_t)status.st_size;
  file->content = malloc(file->length + 1);
  if (fread(file->content, 1, file->length, from) != file->length) die(path);
  fclose(from);
}

static void reply(const struct fuse_in_header *request, int error, const void *data, size_t length) {
  struct fuse_out_header header = {
      .len = (uint32_t)(sizeof header + length), .error = error, .unique = request->unique};
  struct iovec parts[] = {{&header, sizeof header}, {(void *)data, length}};
  // Whoever asked may be gone by now, which is an error that means nothing.
  if (writev(device, parts, 2) < 0 && errno != ENOENT && errno != EINVAL) die("answer");
}

// The directory is 1, its files are numbered from 2.
static struct fuse_attr attributes(uint64_t node) {
  struct fuse_attr attr = {.ino = node, .nlink = 1, .blksize = 4096};
  attr.mode = node == FUSE_ROOT_ID ? S_IFDIR | 0755 : S_IFREG | 0755;
  attr.size = node == FUSE_ROOT_ID ? 0 : files[node - 2].length;
  return attr;
}

static void look_up(const struct fuse_in_header *request, const char *name) {
  for (int i = 0; i < count; i++) {
    if (strcmp(files[i].name, name) == 0) {
      struct fuse_entry_out out = {.nodeid = (uint64_t)i + 2, .attr = attributes((uint64_t)i + 2)};
      reply(request, 0, &out, sizeof out);
      return;
    }
  }
  reply(request, -ENOENT, NULL, 0);
}

static void read_file(const struct fuse_in_header *request, const struct fuse_read_in *in) {
  struct file *file = &files[request->nodeid - 2];
  size_t from = in->offset < file->length ? in->offset : file->length;
  size_t length = file->length - from < in->size ? file->length - from : in->size;
  reply(request, 0, file->content + from, length);
}

static void read_directory(const struct fuse_in_header *request, const struct fuse_read_in *in) {
  char buffer[4096] = {0};
  size_t used = 0;
  for (uint64_t i = in->offset; i < (uint64_t)count; i++) {
    struct fuse_dirent *entry = (struct fuse_dirent *)(buffer + used);
    size_t length = strlen(files[i].name);
    size_t size = FUSE_DIRENT_ALIGN(FUSE_NAME_OFFSET + length);
    if (used + size > sizeof buffer || used + size > in->size) break;
    *entry = (struct fuse_dirent){
        .ino = i + 2, .off = i + 1, .namelen = (uint32_t)length, .type = S_IFREG >> 12};
    memcpy(buffer + used + FUSE_NAME_OFFSET, files[i].name, length);
    used += size;
  }
  reply(request, 0, buffer, used);
}

static void answer(const char *message) {
  const struct fuse_in_header *request = (const void *)message;
  const void *in = message + sizeof *request;
  switch (request->opcode) {
    case FUSE_INIT: {
      struct fuse_init_out out = {.major = FUSE_KERNEL_VERSION,
                                  .minor = FUSE_KERNEL_MINOR_VERSION,
                                  .max_readahead = 131072,
                                  .max_write = 4096};
      reply(request, 0, &out, sizeof out);
      break;
    }
    case FUSE_LOOKUP:
      look_up(request, in);
      break;
    case FUSE_GETATTR: {
      struct fuse_attr_out out = {.attr = attributes(request->nodeid)};
      reply(request, 0, &out, sizeof out);
      break;
    }
    case FUSE_OPEN:
    case FUSE_OPENDIR: {
      struct fuse_open_out out = {.fh = request->nodeid};
      reply(request, 0, &out, sizeof out);
      break;
    }
    case FUSE_READ:
      read_file(request, in);
      break;
    case FUSE_READDIR:
      read_directory(request, in);
      break;
    case FUSE_STATFS: {
      struct fuse_statfs_out out = {.st = {.bsize = 4096, .namelen = 255}};
      reply(request, 0, &out, sizeof out);
      break;
    }
    case FUSE_RELEASE:
    case FUSE_RELEASEDIR:
    case FUSE_FLUSH:
      reply(request, 0, NULL, 0);
      break;
    case FUSE_FORGET:
    case FUSE_BATCH_FORGET:
    case FUSE_INTERRUPT:
      break;
    default:
      reply(request, -ENOSYS, NULL, 0);
  }
}

static int is_chosen(const char *message) {
  unsigned int opcode = ((const struct fuse_in_header *)message)->opcode;
  if (opcode == FUSE_FORGET || opcode == FUSE_BATCH_FORGET || opcode == FUSE_INTERRUPT) return 0;
  for (size_t i = 0; i < sizeof operations / sizeof *operations; i++) {
    if (strcmp(operations[i].name, chosen) != 0) continue;
    return operations[i].opcode == 0 || operations[i].opcode == opcode;
  }
  return 0;
}

static void take_request(void) {
  char *message = calloc(1, BUFFER);
  ssize_t length = read(device, message, BUFFER);
  if (length < 0) {
    free(message);
    if (errno == ENODEV) exit(0); // unmounted
    if (errno != EINTR && errno != EAGAIN && errno != ENOENT) die("read");
    return;
  }
  if (!is_chosen(message)) {
    answer(message);
  } else if (failing) {
    reply((const void *)message, -EIO, NULL, 0);
  } else if (held_count < MOST_HELD) {
    held[held_count++] = message;
    printf("held %s\n", chosen);
    return;
  }
  free(message);
}

static void obey(char *line) {
  static char word[64];
  line[strcspn(line, "\n")] = '\0';
  failing = strncmp(line, "fail ", 5) == 0;
  if (failing || strncmp(line, "hold ", 5) == 0) {
    snprintf(word, sizeof word, "%s", line + 5);
    chosen = word;
  } else {
    chosen = "";
    for (int i = 0; i < held_count; i++) {
      answer(held[i]);
      free(held[i]);
    }
    held_count = 0;
  }
  printf("ok\n");
}

int main(int argc, char **argv) {
  if (argc < 3) {
    fprintf(stderr, "usage: fuseserver MOUNTPOINT FILE...\n");
    return 2;
  }
  setvbuf(stdout, NULL, _IOLBF, 0);
  count = argc - 2;
  files = calloc((size_t)count, sizeof *files);
  for (int i = 0; i < count; i++) load(&files[i], argv[i + 2]);
  device = open("/dev/fuse", O_RDWR | O_CLOEXEC);
  if (device < 0) die("/dev/fuse");
  char options[128];
  snprintf(options, sizeof options, "fd=%d,rootmode=40000,user_id=0,group_id=0,allow_other", device);
  if (mount("redoubt-test", argv[1], "fuse", MS_NOSUID | MS_NODEV, options) != 0) die("mount");
  take_request(); // the kernel's greeting, before anybody can use the mount
  printf("mounted\n");
  struct pollfd watched[] = {{.fd = device, .events = POLLIN}, {.fd = 0, .events = POLLIN}};
  char line[64];
  while (poll(watched, 2, -1) >= 0) {
    if (watched[0].revents != 0) take_request();
    if (watched[1].revents != 0) {
      ssize_t length = read(0, line, sizeof line - 1);
      if (length <= 0) return 0;
      line[length] = '\0';
      obey(line);
    }
  }
  return 1;
}
