package redoubt.agent.kernel;

import redoubt.core.linux.BpfHolder;
import redoubt.core.linux.BpfLink;
import redoubt.core.linux.BpfListing;
import redoubt.core.linux.BpfObjects;
import redoubt.core.linux.BpfPin;
import redoubt.core.linux.BpfProgram;
import redoubt.core.linux.BpfReferences;

/// What the kernel tells of its eBPF programs and of who keeps them.
record ProgramSource(
    BpfListing<BpfProgram> programs,
    BpfListing<BpfLink> links,
    BpfListing<BpfHolder> holders,
    BpfListing<BpfPin> pins) {
  private static final int MOST_OBJECTS = 10_000;
  private static final int MOST_DESCRIPTORS = 1_000_000;

  /// Where no program is loaded, nobody is looked for who holds one.
  static ProgramSource ofHost() {
    BpfListing<BpfProgram> programs = BpfObjects.programs(MOST_OBJECTS);
    return programs.entries().isEmpty()
        ? without(programs)
        : new ProgramSource(
            programs,
            BpfObjects.links(MOST_OBJECTS),
            BpfReferences.holders(MOST_DESCRIPTORS),
            BpfReferences.pins(MOST_OBJECTS));
  }

  /// Programs of which nothing more is known.
  static ProgramSource without(BpfListing<BpfProgram> programs) {
    return new ProgramSource(programs, BpfListing.empty(), BpfListing.empty(), BpfListing.empty());
  }

  /// Whether there was more of anything than was looked at.
  boolean isCut() {
    return programs.cut() || links.cut() || holders.cut() || pins.cut();
  }
}
