package redoubt.core.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import java.util.List;

/// An eBPF program that is loaded in the kernel, as `struct bpf_prog_info` tells of it.
///
/// @param id its number, not used again in this boot
/// @param type what it may do; [#typeName] has the word
/// @param name what whoever loaded it calls it, at most 15 characters of any kind, often empty
/// @param tag 16 hexadecimal digits, the same for the same instructions
/// @param loadedNanos when it was loaded, nanoseconds since the host started, suspended time
///   included
/// @param uid who loaded it
/// @param maps how many maps it uses
public record BpfProgram(
    int id, int type, String name, String tag, long loadedNanos, int uid, int maps) {
  static final int BPF_TAG_SIZE = 8;
  static final int BPF_OBJ_NAME_LEN = 16;

  /// The part of the struct that is asked for; the kernel writes no more than that.
  static final int PROG_INFO_BYTES = 80;

  static final int PROG_TYPE = 0;
  static final int PROG_ID = 4;
  static final int PROG_TAG = 8;
  static final int PROG_LOAD_TIME = 40;
  static final int PROG_CREATED_BY_UID = 48;
  static final int PROG_NR_MAP_IDS = 52;
  static final int PROG_NAME = 64;

  /// `enum bpf_prog_type`, in its order; programs and people know the words in small letters.
  static final List<String> TYPES =
      List.of(
          "unspec",
          "socket_filter",
          "kprobe",
          "sched_cls",
          "sched_act",
          "tracepoint",
          "xdp",
          "perf_event",
          "cgroup_skb",
          "cgroup_sock",
          "lwt_in",
          "lwt_out",
          "lwt_xmit",
          "sock_ops",
          "sk_skb",
          "cgroup_device",
          "sk_msg",
          "raw_tracepoint",
          "cgroup_sock_addr",
          "lwt_seg6local",
          "lirc_mode2",
          "sk_reuseport",
          "flow_dissector",
          "cgroup_sysctl",
          "raw_tracepoint_writable",
          "cgroup_sockopt",
          "tracing",
          "struct_ops",
          "ext",
          "lsm",
          "sk_lookup",
          "syscall",
          "netfilter");

  static BpfProgram read(MemorySegment info) {
    return new BpfProgram(
        info.get(JAVA_INT, PROG_ID),
        info.get(JAVA_INT, PROG_TYPE),
        CString.decodeUntilNul(info, PROG_NAME, BPF_OBJ_NAME_LEN),
        HexFormat.of().formatHex(info.asSlice(PROG_TAG, BPF_TAG_SIZE).toArray(JAVA_BYTE)),
        info.get(JAVA_LONG, PROG_LOAD_TIME),
        info.get(JAVA_INT, PROG_CREATED_BY_UID),
        info.get(JAVA_INT, PROG_NR_MAP_IDS));
  }

  /// The type's word, such as `cgroup_skb`; its number for a type that is newer than this code.
  public String typeName() {
    return nameIn(TYPES, type);
  }

  static String nameIn(List<String> names, int number) {
    return number >= 0 && number < names.size()
        ? names.get(number)
        : Integer.toUnsignedString(number);
  }
}
