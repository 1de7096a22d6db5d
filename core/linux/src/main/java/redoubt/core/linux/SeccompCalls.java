package redoubt.core.linux;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The system calls that a [SeccompFilter] speaks of, by name, with their numbers on each
/// architecture.
///
/// Numbers are those of `asm/unistd_64.h` (x86-64) and `asm-generic/unistd.h` (AArch64); `-` where
/// an architecture has no such call.
final class SeccompCalls {
  /// What an engine needs whatever its arguments: memory, threads, reading what is open, time,
  /// waiting, its scratch directory, its own signals and children, and what `setpriv` does before
  /// the engine's first instruction.
  private static final String ALLOWED =
      """
      read 0 63
      write 1 64
      close 3 57
      open 2 -
      stat 4 -
      fstat 5 80
      lstat 6 -
      poll 7 -
      lseek 8 62
      mmap 9 222
      mprotect 10 226
      munmap 11 215
      brk 12 214
      rt_sigaction 13 134
      rt_sigprocmask 14 135
      rt_sigreturn 15 139
      pread64 17 67
      readv 19 65
      writev 20 66
      access 21 -
      pipe 22 -
      select 23 -
      sched_yield 24 124
      mremap 25 216
      mincore 27 232
      madvise 28 233
      dup 32 23
      dup2 33 -
      pause 34 -
      nanosleep 35 101
      getitimer 36 102
      alarm 37 -
      setitimer 38 103
      getpid 39 172
      connect 42 203
      sendto 44 206
      recvfrom 45 207
      sendmsg 46 211
      recvmsg 47 212
      shutdown 48 210
      getsockname 51 204
      getpeername 52 205
      setsockopt 54 208
      getsockopt 55 209
      fork 57 -
      vfork 58 -
      execve 59 221
      exit 60 93
      wait4 61 260
      kill 62 129
      uname 63 160
      fcntl 72 25
      fsync 74 82
      fdatasync 75 83
      ftruncate 77 46
      getcwd 79 17
      chdir 80 49
      rename 82 -
      mkdir 83 -
      rmdir 84 -
      unlink 87 -
      readlink 89 -
      umask 95 166
      gettimeofday 96 169
      getrlimit 97 163
      getrusage 98 165
      sysinfo 99 179
      times 100 153
      getuid 102 174
      getgid 104 176
      setuid 105 146
      setgid 106 144
      geteuid 107 175
      getegid 108 177
      setpgid 109 154
      getppid 110 173
      getpgrp 111 -
      setsid 112 157
      setreuid 113 145
      setregid 114 143
      getgroups 115 158
      setgroups 116 159
      setresuid 117 147
      getresuid 118 148
      setresgid 119 149
      getresgid 120 150
      getpgid 121 155
      getsid 124 156
      capget 125 90
      capset 126 91
      rt_sigpending 127 136
      rt_sigtimedwait 128 137
      rt_sigsuspend 130 133
      sigaltstack 131 132
      statfs 137 43
      fstatfs 138 44
      getpriority 140 141
      setpriority 141 140
      sched_getparam 143 121
      sched_getscheduler 145 120
      sched_get_priority_max 146 125
      sched_get_priority_min 147 126
      arch_prctl 158 -
      gettid 186 178
      tkill 200 130
      time 201 -
      futex 202 98
      sched_setaffinity 203 122
      sched_getaffinity 204 123
      epoll_create 213 -
      getdents64 217 61
      set_tid_address 218 96
      restart_syscall 219 128
      timer_create 222 107
      timer_settime 223 110
      timer_gettime 224 108
      timer_getoverrun 225 109
      timer_delete 226 111
      clock_gettime 228 113
      clock_getres 229 114
      clock_nanosleep 230 115
      exit_group 231 94
      fadvise64 221 223
      epoll_wait 232 -
      epoll_ctl 233 21
      tgkill 234 131
      waitid 247 95
      openat 257 56
      mkdirat 258 34
      newfstatat 262 79
      unlinkat 263 35
      readlinkat 267 78
      faccessat 269 48
      pselect6 270 72
      ppoll 271 73
      set_robust_list 273 99
      get_robust_list 274 100
      epoll_pwait 281 22
      timerfd_create 283 85
      eventfd 284 -
      timerfd_settime 286 86
      timerfd_gettime 287 87
      eventfd2 290 19
      epoll_create1 291 20
      dup3 292 24
      pipe2 293 59
      preadv 295 69
      getcpu 309 168
      renameat2 316 276
      seccomp 317 277
      getrandom 318 278
      memfd_create 319 279
      execveat 322 281
      membarrier 324 283
      statx 332 291
      rseq 334 293
      pidfd_open 434 434
      close_range 436 436
      faccessat2 439 439
      epoll_pwait2 441 441
      landlock_create_ruleset 444 444
      landlock_add_rule 445 445
      landlock_restrict_self 446 446
      futex_waitv 449 449
      """;

  /// What no detection engine has a use for and what an attacker would try first. Trying ends the
  /// process, so that it shows.
  private static final String FATAL =
      """
      ptrace 101 117
      syslog 103 116
      personality 135 92
      pivot_root 155 41
      adjtimex 159 171
      chroot 161 51
      acct 163 89
      settimeofday 164 170
      mount 165 40
      umount2 166 39
      swapon 167 224
      swapoff 168 225
      reboot 169 142
      sethostname 170 161
      setdomainname 171 162
      iopl 172 -
      ioperm 173 -
      init_module 175 105
      delete_module 176 106
      quotactl 179 60
      clock_settime 227 112
      kexec_load 246 104
      add_key 248 217
      request_key 249 218
      keyctl 250 219
      unshare 272 97
      perf_event_open 298 241
      fanotify_init 300 262
      name_to_handle_at 303 264
      open_by_handle_at 304 265
      clock_adjtime 305 266
      setns 308 268
      process_vm_readv 310 270
      process_vm_writev 311 271
      kcmp 312 272
      finit_module 313 273
      bpf 321 280
      kexec_file_load 320 294
      userfaultfd 323 282
      io_uring_setup 425 425
      io_uring_enter 426 426
      io_uring_register 427 427
      open_tree 428 428
      move_mount 429 429
      fsopen 430 430
      fsconfig 431 431
      fsmount 432 432
      fspick 433 433
      pidfd_getfd 438 438
      mount_setattr 442 442
      """;

  /// Calls whose arguments decide.
  private static final String CHECKED =
      """
      ioctl 16 29
      socket 41 198
      socketpair 53 199
      clone 56 220
      prctl 157 167
      prlimit64 302 261
      """;

  private SeccompCalls() {}

  /// The numbers of the calls that are allowed whatever their arguments, ascending.
  static List<Integer> allowed(Architecture architecture) {
    return numbers(ALLOWED, architecture).values().stream().sorted().toList();
  }

  /// The numbers of the calls that end the process, ascending.
  static List<Integer> fatal(Architecture architecture) {
    return numbers(FATAL, architecture).values().stream().sorted().toList();
  }

  /// The number of a call whose arguments decide, -1 if the architecture has none.
  static int checked(String name, Architecture architecture) {
    return numbers(CHECKED, architecture).getOrDefault(name, -1);
  }

  /// Every call by name.
  static Map<String, Integer> all(Architecture architecture) {
    return numbers(ALLOWED + FATAL + CHECKED, architecture);
  }

  private static Map<String, Integer> numbers(String table, Architecture architecture) {
    Map<String, Integer> numbers = new TreeMap<>();
    for (String line : table.lines().toList()) {
      String[] fields = line.split(" ");
      String number = fields[architecture == Architecture.X86_64 ? 1 : 2];
      if (!number.equals("-")) {
        numbers.put(fields[0], Integer.parseInt(number));
      }
    }
    return numbers;
  }
}
