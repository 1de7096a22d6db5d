package redoubt.core.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import java.util.List;

/// What holds an eBPF program to the place where it runs, as `struct bpf_link_info` tells of it.
/// Older ways to attach a program leave no link.
///
/// @param id its number, not used again in this boot
/// @param type what kind of place that is; [#typeName] has the word
/// @param programId the program, 0 if it has none
public record BpfLink(int id, int type, int programId) {
  /// The part of the struct that is asked for; the kernel writes no more than that.
  static final int LINK_INFO_BYTES = 16;

  static final int LINK_TYPE = 0;
  static final int LINK_ID = 4;
  static final int LINK_PROG_ID = 8;

  /// `enum bpf_link_type`, in its order.
  static final List<String> TYPES =
      List.of(
          "unspec",
          "raw_tracepoint",
          "tracing",
          "cgroup",
          "iter",
          "netns",
          "xdp",
          "perf_event",
          "kprobe_multi",
          "struct_ops",
          "netfilter",
          "tcx",
          "uprobe_multi",
          "netkit",
          "sockmap");

  static BpfLink read(MemorySegment info) {
    return new BpfLink(
        info.get(JAVA_INT, LINK_ID),
        info.get(JAVA_INT, LINK_TYPE),
        info.get(JAVA_INT, LINK_PROG_ID));
  }

  /// The type's word, such as `tracing`; its number for a type that is newer than this code.
  public String typeName() {
    return BpfProgram.nameIn(TYPES, type);
  }
}
