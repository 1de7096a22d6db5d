package redoubt.core.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Compares every struct layout, constant and system call number of this room with what the C
/// compiler makes of this machine's headers.
///
/// Where the headers are older than the kernel and lack a struct (`pidfd_info`,
/// `fanotify_event_info_mnt`), the C file brings its own definition, copied from the kernel's;
/// where they lack a constant, it is not compared.
class LayoutTest {
  private static final String HEADERS =
      """
      #define _GNU_SOURCE
      #include <stdio.h>
      #include <stddef.h>
      #include <stdint.h>
      #include <errno.h>
      #include <fcntl.h>
      #include <limits.h>
      #include <poll.h>
      #include <sched.h>
      #include <signal.h>
      #include <time.h>
      #include <sys/epoll.h>
      #include <sys/eventfd.h>
      #include <sys/ioctl.h>
      #include <sys/mman.h>
      #include <sys/mount.h>
      #include <sys/resource.h>
      #include <sys/socket.h>
      #include <sys/stat.h>
      #include <sys/time.h>
      #include <sys/uio.h>
      #include <sys/un.h>
      #include <sys/vfs.h>
      #include <utmpx.h>
      #include <linux/bpf.h>
      #include <linux/cn_proc.h>
      #include <linux/connector.h>
      #include <linux/fanotify.h>
      #include <linux/fs.h>
      #include <linux/magic.h>
      #include <linux/netlink.h>
      #include <linux/filter.h>
      #include <linux/if_arp.h>
      #include <linux/openat2.h>
      #include <linux/if_ether.h>
      #include <linux/if_packet.h>
      #ifndef SCHED_ATTR_SIZE_VER0
      #define sched_param kernel_sched_param
      #include <linux/sched/types.h>
      #undef sched_param
      #endif
      #ifndef PIDFD_INFO_PID
      struct pidfd_info {
        uint64_t mask, cgroupid;
        uint32_t pid, tgid, ppid, ruid, rgid, euid, egid, suid, sgid, fsuid, fsgid;
        int32_t exit_code;
      };
      #define PIDFD_GET_INFO _IOWR(0xFF, 11, struct pidfd_info)
      #endif
      #ifndef FAN_EVENT_INFO_TYPE_MNT
      struct fanotify_event_info_mnt {
        struct fanotify_event_info_header hdr;
        uint64_t mnt_id;
      };
      #endif
      """;

  private static final List<Class<?>> INTERFACES =
      List.of(
          BpfLink.class,
          BpfObjects.class,
          BpfProgram.class,
          Descriptors.class,
          DescriptorWait.class,
          DetachedMount.class,
          Errno.class,
          EventSignal.class,
          FanotifyGroup.class,
          FanotifyMountReader.class,
          FanotifyNameReader.class,
          FanotifyReader.class,
          FanotifyResponder.class,
          FileFlags.class,
          FileLease.class,
          FileStatus.class,
          KernelTimer.class,
          MessageHeader.class,
          NetlinkSocket.class,
          PacketTap.class,
          Poller.class,
          ProcConnector.class,
          ProcessStatus.class,
          ResourceLimit.class,
          Scheduling.class,
          SealedMemory.class,
          SeqPacketSocket.class,
          Signals.class,
          UnixSocket.class);

  @TempDir private Path scratch;

  @Test
  void structsAreLaidOutAsInC() throws Exception {
    Map<String, Long> layouts = layouts();
    String body =
        layouts.keySet().stream()
            .map(expression -> print(expression, expression))
            .collect(Collectors.joining());
    assertEquals(layouts, compileAndRun("layouts", HEADERS + main(body)));
  }

  private static Map<String, Long> layouts() {
    Layouts layouts = new Layouts();
    fanotify(layouts);
    files(layouts);
    processes(layouts);
    timers(layouts);
    sockets(layouts);
    packets(layouts);
    logins(layouts);
    processEvents(layouts);
    programsInTheKernel(layouts);
    return layouts.expected;
  }

  private static void fanotify(Layouts c) {
    c.size("struct fanotify_event_metadata", FanotifyReader.METADATA_BYTES);
    c.offset("struct fanotify_event_metadata", "event_len", FanotifyReader.EVENT_LEN);
    c.offset("struct fanotify_event_metadata", "vers", FanotifyReader.VERS);
    c.offset("struct fanotify_event_metadata", "metadata_len", FanotifyReader.METADATA_LEN);
    c.offset("struct fanotify_event_metadata", "mask", FanotifyReader.MASK);
    c.offset("struct fanotify_event_metadata", "fd", FanotifyReader.FD);
    c.offset("struct fanotify_event_metadata", "pid", FanotifyReader.PID);
    c.size("struct fanotify_event_info_header", FanotifyReader.INFO_HEADER_BYTES);
    c.offset("struct fanotify_event_info_header", "info_type", FanotifyReader.INFO_TYPE);
    c.offset("struct fanotify_event_info_header", "len", FanotifyReader.INFO_LEN);
    c.size("struct fanotify_event_info_pidfd", FanotifyReader.INFO_PIDFD_BYTES);
    c.offset("struct fanotify_event_info_pidfd", "pidfd", FanotifyReader.INFO_PIDFD);
    c.offset("struct fanotify_event_info_fid", "fsid", FanotifyNameReader.INFO_FSID);
    c.offset("struct fanotify_event_info_fid", "handle", FanotifyNameReader.INFO_FSID + Long.BYTES);
    c.size("struct fanotify_event_info_mnt", FanotifyMountReader.INFO_MNT_BYTES);
    c.offset("struct fanotify_event_info_mnt", "mnt_id", FanotifyMountReader.INFO_MNT_ID);
    c.size("struct fanotify_response", FanotifyResponder.RESPONSE_BYTES);
    c.offset("struct fanotify_response", "fd", FanotifyResponder.FD);
    c.offset("struct fanotify_response", "response", FanotifyResponder.RESPONSE);
    c.size("struct file_handle", FileHandle.HANDLE_HEADER_BYTES);
    c.offset("struct file_handle", "handle_bytes", FileHandle.HANDLE_BYTES);
    c.offset("struct file_handle", "handle_type", FileHandle.HANDLE_TYPE);
    c.offset("struct file_handle", "f_handle", FileHandle.HANDLE_HEADER_BYTES);
  }

  private static void files(Layouts c) {
    c.size("struct statx", FileStatus.STATX_BYTES);
    c.offset("struct statx", "stx_mask", FileStatus.STX_MASK);
    c.offset("struct statx", "stx_nlink", FileStatus.STX_NLINK);
    c.offset("struct statx", "stx_uid", FileStatus.STX_UID);
    c.offset("struct statx", "stx_gid", FileStatus.STX_GID);
    c.offset("struct statx", "stx_mode", FileStatus.STX_MODE);
    c.offset("struct statx", "stx_ino", FileStatus.STX_INO);
    c.offset("struct statx", "stx_size", FileStatus.STX_SIZE);
    c.offset("struct statx", "stx_blocks", FileStatus.STX_BLOCKS);
    c.offset("struct statx", "stx_atime", FileStatus.STX_ATIME);
    c.offset("struct statx", "stx_btime", FileStatus.STX_BTIME);
    c.offset("struct statx", "stx_ctime", FileStatus.STX_CTIME);
    c.offset("struct statx", "stx_mtime", FileStatus.STX_MTIME);
    c.offset("struct statx", "stx_dev_major", FileStatus.STX_DEV_MAJOR);
    c.offset("struct statx", "stx_dev_minor", FileStatus.STX_DEV_MINOR);
    c.offset("struct statx_timestamp", "tv_sec", FileStatus.TV_SEC);
    c.offset("struct statx_timestamp", "tv_nsec", FileStatus.TV_NSEC);
    c.size("struct statfs", FileSystemType.STATFS_BYTES);
    c.offset("struct statfs", "f_type", FileSystemType.F_TYPE);
    c.offset("struct statfs", "f_fsid", FileSystemType.F_FSID);
    c.offset("struct statfs", "f_flags", FileSystemType.F_FLAGS);
    c.size("struct open_how", DirectoryHandle.HOW_BYTES);
    c.offset("struct open_how", "flags", DirectoryHandle.HOW_FLAGS);
    c.offset("struct open_how", "resolve", DirectoryHandle.HOW_RESOLVE);
    c.value("RESOLVE_NO_SYMLINKS", DirectoryHandle.RESOLVE_NO_SYMLINKS);
    c.value("RESOLVE_NO_MAGICLINKS", DirectoryHandle.RESOLVE_NO_MAGICLINKS);
    c.value("RENAME_NOREPLACE", DirectoryHandle.RENAME_NOREPLACE);
    c.value("O_CREAT", DirectoryHandle.O_CREAT);
    c.value("O_EXCL", DirectoryHandle.O_EXCL);
    c.value("O_DIRECTORY", Architecture.CURRENT.openDirectory);
    c.size("struct timespec", FileMetadata.TIMESPEC_BYTES);
    c.size("struct rlimit64", ResourceLimit.RLIMIT_BYTES);
    c.offset("struct rlimit64", "rlim_cur", ResourceLimit.RLIM_CUR);
    c.offset("struct rlimit64", "rlim_max", ResourceLimit.RLIM_MAX);
    c.value("EXT4_SUPER_MAGIC", FileSystemType.EXT4);
    c.value("XFS_SUPER_MAGIC", FileSystemType.XFS);
    c.value("BTRFS_SUPER_MAGIC", FileSystemType.BTRFS);
    c.value("F2FS_SUPER_MAGIC", FileSystemType.F2FS);
    c.value("TMPFS_MAGIC", FileSystemType.TMPFS);
    c.value("RAMFS_MAGIC", FileSystemType.RAMFS);
    c.value("HUGETLBFS_MAGIC", FileSystemType.HUGETLBFS);
    c.value("OVERLAYFS_SUPER_MAGIC", FileSystemType.OVERLAYFS);
    c.value("SQUASHFS_MAGIC", FileSystemType.SQUASHFS);
    c.value("EROFS_SUPER_MAGIC_V1", FileSystemType.EROFS);
    c.value("ISOFS_SUPER_MAGIC", FileSystemType.ISOFS);
    c.value("MSDOS_SUPER_MAGIC", FileSystemType.VFAT);
    c.value("EXFAT_SUPER_MAGIC", FileSystemType.EXFAT);
    c.value("NFS_SUPER_MAGIC", FileSystemType.NFS);
    c.value("CIFS_SUPER_MAGIC", FileSystemType.CIFS);
    c.value("SMB2_SUPER_MAGIC", FileSystemType.SMB2);
    c.value("CEPH_SUPER_MAGIC", FileSystemType.CEPH);
    c.value("AFS_SUPER_MAGIC", FileSystemType.AFS);
    c.value("V9FS_MAGIC", FileSystemType.V9FS);
    c.value("FUSE_SUPER_MAGIC", FileSystemType.FUSE);
    c.value("PROC_SUPER_MAGIC", FileSystemType.PROC);
    c.value("SYSFS_MAGIC", FileSystemType.SYSFS);
    c.value("CGROUP_SUPER_MAGIC", FileSystemType.CGROUP);
    c.value("CGROUP2_SUPER_MAGIC", FileSystemType.CGROUP2);
  }

  private static void processes(Layouts c) {
    c.size("struct pidfd_info", ProcessStatus.PIDFD_INFO_BYTES);
    c.offset("struct pidfd_info", "mask", ProcessStatus.MASK);
    c.offset("struct pidfd_info", "cgroupid", ProcessStatus.CGROUPID);
    c.offset("struct pidfd_info", "pid", ProcessStatus.PID);
    c.offset("struct pidfd_info", "tgid", ProcessStatus.TGID);
    c.offset("struct pidfd_info", "ppid", ProcessStatus.PPID);
    c.offset("struct pidfd_info", "ruid", ProcessStatus.RUID);
    c.offset("struct pidfd_info", "rgid", ProcessStatus.RGID);
    c.offset("struct pidfd_info", "euid", ProcessStatus.EUID);
    c.offset("struct pidfd_info", "egid", ProcessStatus.EGID);
    c.value("PIDFD_GET_INFO", ProcessStatus.PIDFD_GET_INFO);
  }

  private static void timers(Layouts c) {
    c.size("struct sigevent", KernelTimer.SIGEVENT_BYTES);
    c.offset("struct sigevent", "sigev_signo", KernelTimer.SIGEV_SIGNO);
    c.offset("struct sigevent", "sigev_notify", KernelTimer.SIGEV_NOTIFY);
    c.size("struct itimerspec", KernelTimer.ITIMERSPEC_BYTES);
    c.offset("struct itimerspec", "it_value", KernelTimer.IT_VALUE);
    c.size("struct timespec", DescriptorWait.TIMESPEC_BYTES);
    c.offset("struct timespec", "tv_sec", DescriptorWait.TV_SEC);
    c.offset("struct timespec", "tv_nsec", DescriptorWait.TV_NSEC);
    c.size("struct pollfd", DescriptorWait.POLLFD_BYTES);
    c.offset("struct pollfd", "fd", DescriptorWait.FD);
    c.offset("struct pollfd", "events", DescriptorWait.EVENTS);
    c.size("struct epoll_event", Poller.EVENT_BYTES);
    c.offset("struct epoll_event", "events", Poller.EVENTS);
    c.offset("struct epoll_event", "data", Poller.DATA);
    c.size("struct sched_attr", Scheduling.ATTR_BYTES);
    c.offset("struct sched_attr", "size", Scheduling.ATTR_SIZE);
    c.offset("struct sched_attr", "sched_policy", Scheduling.ATTR_POLICY);
    c.offset("struct sched_attr", "sched_nice", Scheduling.ATTR_NICE);
    c.offset("struct sched_attr", "sched_runtime", Scheduling.ATTR_RUNTIME);
  }

  private static void sockets(Layouts c) {
    c.size("struct msghdr", MessageHeader.MSGHDR_BYTES);
    c.offset("struct msghdr", "msg_iov", MessageHeader.MSG_IOV);
    c.offset("struct msghdr", "msg_iovlen", MessageHeader.MSG_IOVLEN);
    c.offset("struct msghdr", "msg_control", MessageHeader.MSG_CONTROL);
    c.offset("struct msghdr", "msg_controllen", MessageHeader.MSG_CONTROLLEN);
    c.offset("struct msghdr", "msg_flags", MessageHeader.MSG_FLAGS);
    c.size("struct iovec", MessageHeader.IOVEC_BYTES);
    c.offset("struct iovec", "iov_base", MessageHeader.IOV_BASE);
    c.offset("struct iovec", "iov_len", MessageHeader.IOV_LEN);
    c.size("struct cmsghdr", MessageHeader.CMSGHDR_BYTES);
    c.offset("struct cmsghdr", "cmsg_len", MessageHeader.CMSGHDR_LEN);
    c.offset("struct cmsghdr", "cmsg_level", MessageHeader.CMSGHDR_LEVEL);
    c.offset("struct cmsghdr", "cmsg_type", MessageHeader.CMSGHDR_TYPE);
    for (int count : new int[] {1, 2, 3, 253}) {
      c.value("CMSG_SPACE(" + count + " * sizeof(int))", MessageHeader.controlBytes(count));
    }
    c.size("struct ucred", SeqPacketSocket.UCRED_BYTES);
    c.offset("struct ucred", "pid", SeqPacketSocket.UCRED_PID);
    c.offset("struct ucred", "uid", SeqPacketSocket.UCRED_UID);
    c.offset("struct ucred", "gid", SeqPacketSocket.UCRED_GID);
    c.size("struct timeval", UnixSocket.TIMEVAL_BYTES);
    c.size("struct sockaddr_un", UnixSocket.ADDRESS_BYTES);
    c.offset("struct sockaddr_un", "sun_path", UnixSocket.SUN_PATH);
    c.size("struct sockaddr_nl", NetlinkSocket.SOCKADDR_NL_BYTES);
    c.offset("struct sockaddr_nl", "nl_pid", NetlinkSocket.NL_PID);
    c.offset("struct sockaddr_nl", "nl_groups", NetlinkSocket.NL_GROUPS);
  }

  private static void logins(Layouts c) {
    c.size("struct utmpx", LoginRecord.BYTES);
    c.offset("struct utmpx", "ut_pid", LoginRecord.UT_PID);
    c.offset("struct utmpx", "ut_line", LoginRecord.UT_LINE);
    c.offset("struct utmpx", "ut_user", LoginRecord.UT_USER);
    c.offset("struct utmpx", "ut_host", LoginRecord.UT_HOST);
    c.offset("struct utmpx", "ut_session", LoginRecord.UT_SESSION);
    c.offset("struct utmpx", "ut_tv", LoginRecord.UT_TV);
    c.offset("struct utmpx", "ut_addr_v6", LoginRecord.UT_ADDR_V6);
    c.value("__UT_LINESIZE", LoginRecord.UT_LINESIZE);
    c.value("__UT_NAMESIZE", LoginRecord.UT_NAMESIZE);
    c.value("__UT_HOSTSIZE", LoginRecord.UT_HOSTSIZE);
    c.value("LOGIN_PROCESS", LoginRecord.LOGIN_PROCESS);
    c.value("USER_PROCESS", LoginRecord.USER_PROCESS);
    c.value("DEAD_PROCESS", LoginRecord.DEAD_PROCESS);
  }

  private static void packets(Layouts c) {
    c.size("struct sockaddr_ll", PacketTap.SOCKADDR_LL_BYTES);
    c.offset("struct sockaddr_ll", "sll_protocol", PacketTap.SLL_PROTOCOL);
    c.offset("struct sockaddr_ll", "sll_hatype", PacketTap.SLL_HATYPE);
    c.offset("struct sockaddr_ll", "sll_pkttype", PacketTap.SLL_PKTTYPE);
    c.size("struct sock_fprog", PacketTap.SOCK_FPROG_BYTES);
    c.offset("struct sock_fprog", "len", PacketTap.FPROG_LEN);
    c.offset("struct sock_fprog", "filter", PacketTap.FPROG_FILTER);
    c.size("struct sock_filter", PacketTap.SOCK_FILTER_BYTES);
    c.size("struct tpacket_stats", PacketTap.TPACKET_STATS_BYTES);
    c.offset("struct tpacket_stats", "tp_drops", PacketTap.TP_DROPS);
    c.value("AF_PACKET", PacketTap.AF_PACKET);
    c.value("SOL_PACKET", PacketTap.SOL_PACKET);
    c.value("PACKET_STATISTICS", PacketTap.PACKET_STATISTICS);
    c.value("SO_ATTACH_FILTER", PacketTap.SO_ATTACH_FILTER);
    c.value("ETH_P_ALL", PacketTap.ETH_P_ALL);
    c.value("ETH_P_IP", PacketTap.ETH_P_IP);
    c.value("ETH_P_IPV6", PacketTap.ETH_P_IPV6);
    c.value("PACKET_HOST", PacketTap.PACKET_HOST);
    c.value("PACKET_OUTGOING", PacketTap.PACKET_OUTGOING);
    c.value("ARPHRD_LOOPBACK", PacketTap.ARPHRD_LOOPBACK);
  }

  private static void processEvents(Layouts c) {
    c.size("struct nlmsghdr", NetlinkSocket.NLMSGHDR_BYTES);
    c.offset("struct nlmsghdr", "nlmsg_len", NetlinkSocket.NLMSGHDR_LEN);
    c.offset("struct nlmsghdr", "nlmsg_type", NetlinkSocket.NLMSGHDR_TYPE);
    c.size("struct cn_msg", ProcConnector.CN_MSG_BYTES);
    c.offset("struct cn_msg", "id.idx", ProcConnector.CN_IDX);
    c.offset("struct cn_msg", "id.val", ProcConnector.CN_VAL);
    c.offset("struct cn_msg", "seq", ProcConnector.CN_SEQ);
    c.offset("struct cn_msg", "len", ProcConnector.CN_LEN);
    String event = "struct proc_event";
    c.offset(event, "what", ProcConnector.PROC_WHAT);
    c.offset(event, "cpu", ProcConnector.PROC_CPU);
    c.offset(event, "timestamp_ns", ProcConnector.PROC_TIMESTAMP);
    int data = ProcConnector.PROC_DATA;
    c.offset(event, "event_data", data);
    c.offset(event, "event_data.exec.process_pid", data + ProcConnector.PROCESS_PID);
    c.offset(event, "event_data.exec.process_tgid", data + ProcConnector.PROCESS_TGID);
    c.offset(event, "event_data.fork.parent_tgid", data + ProcConnector.FORK_PARENT_TGID);
    c.offset(event, "event_data.fork.child_pid", data + ProcConnector.FORK_CHILD_PID);
    c.offset(event, "event_data.fork.child_tgid", data + ProcConnector.FORK_CHILD_TGID);
    c.offset(event, "event_data.id.r.ruid", data + ProcConnector.ID_R);
    c.offset(event, "event_data.id.e.euid", data + ProcConnector.ID_E);
    c.offset(event, "event_data.ptrace.tracer_tgid", data + ProcConnector.PTRACE_TRACER_TGID);
    c.offset(event, "event_data.comm.comm", data + ProcConnector.COMM_TEXT);
    c.offset(event, "event_data.exit.exit_code", data + ProcConnector.EXIT_CODE);
    c.offset(event, "event_data.exit.parent_tgid", data + ProcConnector.EXIT_PARENT_TGID);
    c.value("(unsigned) PROC_EVENT_FORK", ProcConnector.PROC_EVENT_FORK);
    c.value("(unsigned) PROC_EVENT_EXEC", ProcConnector.PROC_EVENT_EXEC);
    c.value("(unsigned) PROC_EVENT_UID", ProcConnector.PROC_EVENT_UID);
    c.value("(unsigned) PROC_EVENT_PTRACE", ProcConnector.PROC_EVENT_PTRACE);
    c.value("(unsigned) PROC_EVENT_COMM", ProcConnector.PROC_EVENT_COMM);
    c.value("(unsigned) PROC_EVENT_EXIT", Integer.toUnsignedLong(ProcConnector.PROC_EVENT_EXIT));
  }

  private static void programsInTheKernel(Layouts c) {
    c.value("BPF_OBJ_GET", BpfObjects.BPF_OBJ_GET);
    c.value("BPF_PROG_GET_NEXT_ID", BpfObjects.BPF_PROG_GET_NEXT_ID);
    c.value("BPF_PROG_GET_FD_BY_ID", BpfObjects.BPF_PROG_GET_FD_BY_ID);
    c.value("BPF_OBJ_GET_INFO_BY_FD", BpfObjects.BPF_OBJ_GET_INFO_BY_FD);
    c.value("BPF_LINK_GET_FD_BY_ID", BpfObjects.BPF_LINK_GET_FD_BY_ID);
    c.value("BPF_LINK_GET_NEXT_ID", BpfObjects.BPF_LINK_GET_NEXT_ID);
    String attributes = "union bpf_attr";
    c.offset(attributes, "start_id", BpfObjects.ATTR_OBJECT_ID);
    c.offset(attributes, "prog_id", BpfObjects.ATTR_OBJECT_ID);
    c.offset(attributes, "link_id", BpfObjects.ATTR_OBJECT_ID);
    c.offset(attributes, "next_id", BpfObjects.ATTR_NEXT_ID);
    c.offset(attributes, "info.bpf_fd", BpfObjects.ATTR_INFO_FD);
    c.offset(attributes, "info.info_len", BpfObjects.ATTR_INFO_LEN);
    c.offset(attributes, "info.info", BpfObjects.ATTR_INFO);
    c.offset(attributes, "pathname", BpfObjects.ATTR_PATHNAME);
    c.offset("struct bpf_prog_info", "type", BpfProgram.PROG_TYPE);
    c.offset("struct bpf_prog_info", "id", BpfProgram.PROG_ID);
    c.offset("struct bpf_prog_info", "tag", BpfProgram.PROG_TAG);
    c.offset("struct bpf_prog_info", "load_time", BpfProgram.PROG_LOAD_TIME);
    c.offset("struct bpf_prog_info", "created_by_uid", BpfProgram.PROG_CREATED_BY_UID);
    c.offset("struct bpf_prog_info", "nr_map_ids", BpfProgram.PROG_NR_MAP_IDS);
    c.offset("struct bpf_prog_info", "name", BpfProgram.PROG_NAME);
    c.offset("struct bpf_prog_info", "ifindex", BpfProgram.PROG_INFO_BYTES);
    c.offset("struct bpf_link_info", "type", BpfLink.LINK_TYPE);
    c.offset("struct bpf_link_info", "id", BpfLink.LINK_ID);
    c.offset("struct bpf_link_info", "prog_id", BpfLink.LINK_PROG_ID);
    c.offset("struct bpf_link_info", "raw_tracepoint", BpfLink.LINK_INFO_BYTES);
    typesInOrder(c, "BPF_PROG_TYPE_", BpfProgram.TYPES, "syscall");
    typesInOrder(c, "BPF_LINK_TYPE_", BpfLink.TYPES, "struct_ops");
  }

  /// Up to the last one that the oldest headers have.
  private static void typesInOrder(Layouts c, String prefix, List<String> names, String last) {
    for (int type = 0; type <= names.indexOf(last); type++) {
      c.value(prefix + names.get(type).toUpperCase(Locale.ROOT), type);
    }
  }

  @Test
  void constantsHaveTheKernelsValues() throws Exception {
    Map<String, Long> ours = new TreeMap<>();
    for (Class<?> type : INTERFACES) {
      collectConstants(type, ours);
    }
    String body =
        ours.keySet().stream()
            .map(name -> "#ifdef " + name + "\n" + print(name, name) + "#endif\n")
            .collect(Collectors.joining());
    Map<String, Long> theirs = compileAndRun("constants", HEADERS + main(body));
    assertTrue(theirs.size() > 150, () -> "too few constants compared: count=" + theirs.size());
    ours.keySet().retainAll(theirs.keySet());
    assertEquals(theirs, ours);
  }

  private static void collectConstants(Class<?> type, Map<String, Long> into) throws Exception {
    for (Field field : type.getDeclaredFields()) {
      if (Modifier.isStatic(field.getModifiers())
          && field.getType().isPrimitive()
          && field.getName().matches("[A-Z][A-Z0-9_]+")) {
        field.setAccessible(true);
        into.put(field.getName(), ((Number) field.get(null)).longValue());
      }
    }
  }

  @Test
  void systemCallsHaveTheKernelsNumbers() throws Exception {
    Field number = SystemCall.class.getDeclaredField("number");
    number.setAccessible(true);
    Map<String, Long> ours = new TreeMap<>();
    for (SystemCall call : SystemCall.values()) {
      ours.put(call.symbol(), number.getLong(call));
    }
    assertEquals(ours, compileAndRun("calls", "#include <sys/syscall.h>\n", "SYS_"));
  }

  @Test
  void theOtherArchitectureHasTheGenericNumbers() throws Exception {
    Map<String, Long> ours = new TreeMap<>();
    for (SystemCall call : SystemCall.values()) {
      ours.put(call.symbol(), (long) call.armNumber);
    }
    String headers =
        """
        #define __BITS_PER_LONG 64
        #define __ARCH_WANT_NEW_STAT
        #define __ARCH_WANT_SET_GET_RLIMIT
        #include <asm-generic/unistd.h>
        """;
    assertEquals(ours, compileAndRun("generic", headers, "__NR_"));
  }

  private Map<String, Long> compileAndRun(String name, String headers, String prefix)
      throws Exception {
    StringBuilder body = new StringBuilder();
    for (SystemCall call : SystemCall.values()) {
      body.append(print(call.symbol(), macro(call, prefix)));
    }
    return compileAndRun(name, "#include <stdio.h>\n" + headers + main(body.toString()));
  }

  /// The generic table spells two calls after their 32-bit ancestors and maps them back.
  private static String macro(SystemCall call, String prefix) {
    boolean mapped =
        prefix.equals("__NR_") && (call == SystemCall.FCNTL || call == SystemCall.FSTATFS);
    return mapped ? "__NR3264_" + call.symbol() : prefix + call.symbol();
  }

  private static String print(String name, String expression) {
    return "  printf(\"%s=%lld\\n\", \"" + name + "\", (long long) (" + expression + "));\n";
  }

  private static String main(String body) {
    return "int main(void) {\n" + body + "  return 0;\n}\n";
  }

  private Map<String, Long> compileAndRun(String name, String source) throws Exception {
    Path file = Files.writeString(scratch.resolve(name + ".c"), source);
    Path program = scratch.resolve(name);
    Programs.run("gcc", "-w", "-o", program.toString(), file.toString());
    return Programs.run(program.toString())
        .lines()
        .map(line -> line.split("=", 2))
        .collect(
            Collectors.toMap(
                words -> words[0], words -> Long.valueOf(words[1]), (a, _) -> a, TreeMap::new));
  }
}
