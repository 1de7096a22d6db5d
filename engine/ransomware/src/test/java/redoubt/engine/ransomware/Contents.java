package redoubt.engine.ransomware;

import java.util.ArrayList;
import java.util.List;
import redoubt.core.model.EventClass;
import redoubt.core.model.HostEvent.FileChange;
import redoubt.core.model.HostEvent.FileContent;
import redoubt.core.model.ProcessInfo;

/// Events about files, as the agent makes them of real bytes.
final class Contents {
  static final long SECOND = 1_000_000_000L;
  static final long NOW = 1_800_000_000L * SECOND;

  private Contents() {}

  static ProcessInfo process(int pid, String image) {
    return ProcessInfo.UNKNOWN.forkedAs(pid, 1).running(image);
  }

  static FileContent of(
      ProcessInfo process,
      List<Integer> ancestors,
      String path,
      String oldPath,
      long nanos,
      long ageSeconds,
      String format,
      byte[] bytes) {
    List<Integer> entropies = new ArrayList<>();
    int part = FileContent.PART_BYTES;
    int[] offsets =
        bytes.length < 3 * part
            ? new int[] {0}
            : new int[] {0, (bytes.length - part) / 2, bytes.length - part};
    for (int offset : offsets) {
      entropies.add(entropyMillibits(bytes, offset, Math.min(part, bytes.length)));
    }
    return new FileContent(
        nanos,
        process,
        ancestors,
        path,
        oldPath,
        bytes.length,
        nanos - ageSeconds * SECOND,
        format,
        entropies);
  }

  static FileChange deletion(int pid, String path, long nanos) {
    return new FileChange(
        EventClass.FILE_DELETE, nanos, process(pid, "/usr/bin/rm"), path, "", false);
  }

  private static int entropyMillibits(byte[] bytes, int from, int length) {
    int[] counts = new int[256];
    for (int i = from; i < from + length; i++) {
      counts[Byte.toUnsignedInt(bytes[i])]++;
    }
    double bits = 0;
    for (int count : counts) {
      double share = (double) count / length;
      bits -= count == 0 ? 0 : share * Math.log(share) / Math.log(2);
    }
    return (int) Math.round(bits * 1_000);
  }
}
