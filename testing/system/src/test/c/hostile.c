/* hostile: an engine's process that tries one thing that it should not be able to do.
 *
 *   hostile BEHAVIOUR
 *
 * Prints `hostile BEHAVIOUR: OUTCOME` and ends. OUTCOME is `done` if it worked, else the name of
 * the error; a behaviour that the kernel ends has no line. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const char *behaviour;

static void say(const char *outcome) {
  char line[256];
  int length = snprintf(line, sizeof line, "hostile %s: %s\n", behaviour, outcome);
  if (write(2, line, length) < 0) _exit(70);
}

/* What a call came to: 0 or more is success. */
static void result(long value) { say(value < 0 ? strerrorname_np(errno) : "done"); }

static void try_open(const char *path, int flags) { result(open(path, flags)); }

static void try_socket(int family, int type, int protocol) { result(socket(family, type, protocol)); }

static void fork_bomb(void) {
  char text[64];
  int made = 0;
  while (made < 10000) {
    pid_t child = fork();
    if (child == 0) {
      pause();
      _exit(0);
    }
    if (child < 0) break;
    made++;
  }
  snprintf(text, sizeof text, "%s after %s", strerrorname_np(errno), made < 200 ? "few" : "many");
  say(text);
}

static void *wait_for_ever(void *nothing) {
  pause();
  return nothing;
}

static void thread_bomb(void) {
  char text[64];
  int made = 0, error = 0;
  pthread_t thread;
  while (made < 10000 && (error = pthread_create(&thread, NULL, wait_for_ever, NULL)) == 0) made++;
  snprintf(text, sizeof text, "%s after %s", strerrorname_np(error), made < 200 ? "few" : "many");
  say(text);
}

static void memory_hog(void) {
  for (;;) {
    char *part = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (part == MAP_FAILED) {
      /* Another kind of memory, which no limit of the process counts. */
      int file = memfd_create("hog", 0);
      char *zeros = calloc(1, 65536);
      while (write(file, zeros, 65536) > 0)
        ;
      continue;
    }
    memset(part, 1, 1 << 20);
  }
}

static void descriptor_leak(void) {
  while (dup(2) >= 0)
    ;
  say(strerrorname_np(errno));
}

static void disk_filler(void) {
  static char zeros[65536];
  char name[32], text[64];
  long bytes = 0;
  for (int i = 0; i < 100; i++) {
    snprintf(name, sizeof name, "/tmp/fill-%d", i);
    signal(SIGXFSZ, SIG_IGN);
    int file = open(name, O_WRONLY | O_CREAT, 0600);
    ssize_t wrote;
    while (file >= 0 && (wrote = write(file, zeros, sizeof zeros)) > 0) bytes += wrote;
    if (errno == ENOSPC) break;
  }
  snprintf(text, sizeof text, "%s after %ld MiB", strerrorname_np(errno), bytes >> 20);
  say(text);
}

static void output_flood(void) {
  static char line[4096];
  memset(line, 'x', sizeof line - 1);
  line[sizeof line - 1] = '\n';
  while (write(2, line, sizeof line) > 0)
    ;
}

static void list(const char *path) {
  char text[256] = "";
  DIR *directory = opendir(path);
  if (directory == NULL) {
    say(strerrorname_np(errno));
    return;
  }
  for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
    if (entry->d_name[0] != '.' && strlen(text) + strlen(entry->d_name) < sizeof text - 2) {
      strcat(text, entry->d_name);
      strcat(text, " ");
    }
  }
  say(text);
}

static void identity(void) {
  char text[200];
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  snprintf(text, sizeof text, "uid %d %d gid %d %d groups %d nnp %d dumpable-core %d pid %d", getuid(),
           geteuid(), getgid(), getegid(), getgroups(0, NULL), prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), 0,
           getpid());
  say(text);
}

static void capabilities(void) {
  char text[200] = "", line[200];
  FILE *status = fopen("/proc/self/status", "r");
  while (status != NULL && fgets(line, sizeof line, status) != NULL) {
    if (strncmp(line, "Cap", 3) == 0 || strncmp(line, "Seccomp:", 8) == 0) {
      char *value = strrchr(line, '\t');
      value[strcspn(value, "\n")] = 0;
      strcat(text, value + 1);
      strcat(text, " ");
    }
  }
  say(text);
}

static void spin(void) {
  struct rusage usage;
  char text[64];
  time_t end = time(NULL) + 3;
  while (time(NULL) < end)
    ;
  getrusage(RUSAGE_SELF, &usage);
  long millis = usage.ru_utime.tv_sec * 1000 + usage.ru_utime.tv_usec / 1000;
  snprintf(text, sizeof text, "%s", millis < 1500 ? "slowed" : "unhindered");
  say(text);
}

static void abstract_socket(void) {
  struct sockaddr_un address = {AF_UNIX, "\0redoubt"};
  int socket_ = socket(AF_UNIX, SOCK_SEQPACKET, 0);
  result(connect(socket_, (struct sockaddr *)&address, sizeof address));
}

static void second_connection(void) {
  struct sockaddr_un address = {AF_UNIX, "/run/redoubt/agent.sock"};
  for (int i = 0; i < 300; i++) {
    int socket_ = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0);
    if (connect(socket_, (struct sockaddr *)&address, sizeof address) < 0) {
      say(strerrorname_np(errno));
      return;
    }
  }
  say("done");
}

/* The first peer that the owner granted; its relay may need a moment. */
static int find_peer(char path[static 108]) {
  DIR *hosts = opendir("/run/redoubt/net");
  if (hosts == NULL) return 0;
  for (struct dirent *host; (host = readdir(hosts)) != NULL;) {
    if (host->d_name[0] == '.') continue;
    char folder[80];
    snprintf(folder, sizeof folder, "/run/redoubt/net/%.40s", host->d_name);
    DIR *ports = opendir(folder);
    for (struct dirent *port; ports != NULL && (port = readdir(ports)) != NULL;) {
      if (port->d_name[0] == '.') continue;
      snprintf(path, 108, "%s/%.20s", folder, port->d_name);
      return 1;
    }
  }
  errno = EAGAIN;
  return 0;
}

static void granted_peer(void) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  for (int i = 0; !find_peer(address.sun_path); i++) {
    if (errno != EAGAIN || i == 50) {
      say(strerrorname_np(errno));
      return;
    }
    usleep(100000);
  }
  char answer[80] = "";
  int socket_ = socket(AF_UNIX, SOCK_STREAM, 0);
  if (connect(socket_, (struct sockaddr *)&address, sizeof address) < 0 || write(socket_, "ping\n", 5) != 5 ||
      read(socket_, answer, sizeof answer - 1) <= 0) {
    say(strerrorname_np(errno));
    return;
  }
  answer[strcspn(answer, "\n")] = 0;
  say(answer);
}

static void raise_limit(void) {
  struct rlimit limit = {1 << 20, 1 << 20};
  result(prlimit(0, RLIMIT_NOFILE, &limit, NULL));
}

static void stop_itself(void) {
  kill(getpid(), SIGSTOP);
  say("went on");
}

static void signal_flood(void) {
  for (int i = 0; i < 100000; i++) {
    if (kill(-1, SIGKILL) < 0) {
      say(strerrorname_np(errno));
      return;
    }
  }
  say("done");
}

static void kill_low_pids(void) {
  for (int pid = 1; pid < 70000; pid++)
    if (pid != getpid() && kill(pid, SIGKILL) == 0) {
      say("done");
      return;
    }
  say(strerrorname_np(errno));
}

static void terminal_injection(void) {
  int terminal = open("/dev/tty", O_RDWR);
  if (terminal < 0) terminal = 0;
  result(ioctl(terminal, TIOCSTI, "x"));
}

struct entry {
  const char *name;
  void (*act)(void);
};

#define ATTEMPT(NAME, EXPRESSION) \
  static void NAME(void) { EXPRESSION; }

ATTEMPT(read_shadow, try_open("/etc/shadow", O_RDONLY))
ATTEMPT(read_passwd, try_open("/etc/passwd", O_RDONLY))
ATTEMPT(list_root, list("/"))
ATTEMPT(list_processes, list("/proc/1/task"))
ATTEMPT(list_home, list("/root"))
ATTEMPT(write_root, try_open("/file", O_WRONLY | O_CREAT))
ATTEMPT(write_proc_sys, try_open("/proc/sys/kernel/core_pattern", O_WRONLY))
ATTEMPT(write_sysrq, try_open("/proc/sysrq-trigger", O_WRONLY))
ATTEMPT(write_cgroup, try_open("/sys/fs/cgroup/cgroup.procs", O_WRONLY))
ATTEMPT(write_dev, try_open("/dev/shm/file", O_WRONLY | O_CREAT))
ATTEMPT(write_itself, try_open("/proc/self/exe", O_WRONLY))
ATTEMPT(read_kernel_log, try_open("/dev/kmsg", O_RDONLY))
ATTEMPT(read_disk, try_open("/dev/vda", O_RDONLY))
ATTEMPT(read_agent_memory, try_open("/proc/1/mem", O_RDWR))
ATTEMPT(trace_parent, result(ptrace(PTRACE_SEIZE, getppid(), 0, 0)))
ATTEMPT(read_process, result(process_vm_readv(1, NULL, 0, NULL, 0, 0)))
ATTEMPT(internet_socket, try_socket(AF_INET, SOCK_STREAM, 0))
ATTEMPT(internet6_socket, try_socket(AF_INET6, SOCK_DGRAM, 0))
ATTEMPT(raw_socket, try_socket(AF_PACKET, SOCK_RAW, 0))
ATTEMPT(netlink_socket, try_socket(AF_NETLINK, SOCK_RAW, 0))
ATTEMPT(vsock_socket, try_socket(AF_VSOCK, SOCK_STREAM, 0))
ATTEMPT(crypto_socket, try_socket(38, SOCK_SEQPACKET, 0))
ATTEMPT(ring, result(syscall(SYS_io_uring_setup, 1, NULL)))
ATTEMPT(fault_handler, result(syscall(SYS_userfaultfd, 0)))
ATTEMPT(kernel_program, result(syscall(SYS_bpf, 0, NULL, 0)))
ATTEMPT(kernel_key, result(syscall(SYS_keyctl, 0, 0, 0)))
ATTEMPT(kernel_module, result(syscall(SYS_finit_module, 0, "", 0)))
ATTEMPT(kernel_exchange, result(syscall(SYS_kexec_load, 0, 0, NULL, 0)))
ATTEMPT(performance_events, result(syscall(SYS_perf_event_open, NULL, 0, -1, -1, 0)))
ATTEMPT(own_hook, result(syscall(SYS_fanotify_init, 0, 0)))
ATTEMPT(mount_something, result(mount("none", "/tmp", "tmpfs", 0, NULL)))
ATTEMPT(new_mount, result(syscall(SYS_fsopen, "tmpfs", 0)))
ATTEMPT(change_root, result(chroot("/tmp")))
ATTEMPT(leave_namespaces, result(syscall(SYS_setns, 0, 0)))
ATTEMPT(new_namespace, result(unshare(CLONE_NEWUSER)))
ATTEMPT(fork_namespace, result(syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, NULL, NULL, NULL, 0)))
ATTEMPT(become_root, result(setuid(0)))
ATTEMPT(become_other, result(setresuid(1, 1, 1)))
ATTEMPT(join_group, result(setgid(0)))
ATTEMPT(symbolic_link, result(symlink("/etc/shadow", "/tmp/link")))
ATTEMPT(hard_link, result(link("/proc/self/exe", "/tmp/link")))
ATTEMPT(make_device, result(mknod("/tmp/disk", S_IFBLK | 0600, (254 << 8))))
ATTEMPT(make_setuid, result(chmod("/tmp", 04777)))
ATTEMPT(set_clock, result(clock_settime(CLOCK_REALTIME, &(struct timespec){0})))
ATTEMPT(rename_host, result(sethostname("x", 1)))
ATTEMPT(stop_host, result(syscall(SYS_reboot, 0, 0, 0, NULL)))
ATTEMPT(raise_priority, result(setpriority(PRIO_PROCESS, 0, -20)))
ATTEMPT(real_time, result(sched_setscheduler(0, SCHED_FIFO, &(struct sched_param){1})))
ATTEMPT(lock_memory, result(mlockall(MCL_CURRENT)))
ATTEMPT(run_setuid, result(execl("/usr/bin/su", "su", (char *)NULL)))
ATTEMPT(dump_core, abort())
ATTEMPT(hang_at_start, for (;;) pause())
ATTEMPT(exit_at_once, _exit(3))

static const struct entry entries[] = {
    {"fork-bomb", fork_bomb},
    {"thread-bomb", thread_bomb},
    {"memory-hog", memory_hog},
    {"descriptor-leak", descriptor_leak},
    {"disk-filler", disk_filler},
    {"output-flood", output_flood},
    {"spin", spin},
    {"identity", identity},
    {"capabilities", capabilities},
    {"read-shadow", read_shadow},
    {"read-passwd", read_passwd},
    {"list-root", list_root},
    {"list-processes", list_processes},
    {"list-home", list_home},
    {"write-root", write_root},
    {"write-proc-sys", write_proc_sys},
    {"write-sysrq", write_sysrq},
    {"write-cgroup", write_cgroup},
    {"write-dev", write_dev},
    {"write-itself", write_itself},
    {"read-kernel-log", read_kernel_log},
    {"read-disk", read_disk},
    {"read-agent-memory", read_agent_memory},
    {"trace-parent", trace_parent},
    {"read-process", read_process},
    {"internet-socket", internet_socket},
    {"internet6-socket", internet6_socket},
    {"raw-socket", raw_socket},
    {"netlink-socket", netlink_socket},
    {"vsock-socket", vsock_socket},
    {"crypto-socket", crypto_socket},
    {"abstract-socket", abstract_socket},
    {"second-connection", second_connection},
    {"granted-peer", granted_peer},
    {"io-uring", ring},
    {"userfaultfd", fault_handler},
    {"bpf", kernel_program},
    {"keyctl", kernel_key},
    {"load-module", kernel_module},
    {"kexec", kernel_exchange},
    {"perf-events", performance_events},
    {"own-hook", own_hook},
    {"mount", mount_something},
    {"new-mount", new_mount},
    {"chroot", change_root},
    {"setns", leave_namespaces},
    {"unshare", new_namespace},
    {"clone-namespace", fork_namespace},
    {"setuid-root", become_root},
    {"setuid-other", become_other},
    {"setgid-root", join_group},
    {"symbolic-link", symbolic_link},
    {"hard-link", hard_link},
    {"make-device", make_device},
    {"make-setuid", make_setuid},
    {"set-clock", set_clock},
    {"rename-host", rename_host},
    {"reboot", stop_host},
    {"raise-priority", raise_priority},
    {"real-time", real_time},
    {"lock-memory", lock_memory},
    {"raise-limit", raise_limit},
    {"run-setuid", run_setuid},
    {"dump-core", dump_core},
    {"stop-itself", stop_itself},
    {"signal-flood", signal_flood},
    {"kill-others", kill_low_pids},
    {"terminal-injection", terminal_injection},
    {"hang-at-start", hang_at_start},
    {"exit-at-once", exit_at_once},
};

int main(int argc, char **argv) {
  behaviour = argc > 1 ? argv[1] : "";
  for (size_t i = 0; i < sizeof entries / sizeof entries[0]; i++) {
    if (strcmp(behaviour, entries[i].name) == 0) {
      entries[i].act();
      /* Whoever reads the output sees each attempt once a second at most. */
      sleep(1);
      return 0;
    }
  }
  fprintf(stderr, "usage: hostile BEHAVIOUR\n");
  return 64;
}
