package redoubt.core.wire;

import redoubt.core.model.PackageState;
import redoubt.core.model.Provenance;

/// `Provenance` in `spec/events.proto`, field by field.
final class ProvenanceFormat {
  private ProvenanceFormat() {}

  static void write(ProtoWriter out, Provenance provenance) {
    out.flag(1, provenance.rootWritten());
    out.flag(2, provenance.rootOnly());
    out.text(3, provenance.packageName());
    out.unsigned(4, EnumNumbers.of(provenance.packageState()));
    out.text(5, provenance.trust());
    out.text(6, provenance.packageManager());
    out.uint32(7, provenance.operand());
    out.flag(8, provenance.writeOnly());
  }

  /// @throws IllegalArgumentException if a field is out of its range
  static void check(Provenance provenance) {
    Check.text("package", provenance.packageName(), WireLimits.NAME_CHARS);
    Check.text("trust", provenance.trust(), WireLimits.NAME_CHARS);
    Check.text("packageManager", provenance.packageManager(), WireLimits.NAME_CHARS);
    Check.range("operand", provenance.operand(), 0, Integer.MAX_VALUE);
  }

  static Provenance read(ProtoReader in) throws WireException {
    boolean rootWritten = false;
    boolean rootOnly = false;
    String packageName = "";
    int packageState = 0;
    String trust = "";
    String packageManager = "";
    int operand = 0;
    boolean writeOnly = false;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> rootWritten = in.flag();
        case 2 -> rootOnly = in.flag();
        case 3 -> packageName = in.text();
        case 4 -> packageState = in.uint32();
        case 5 -> trust = in.text();
        case 6 -> packageManager = in.text();
        case 7 -> operand = in.uint32();
        case 8 -> writeOnly = in.flag();
        default -> in.skip();
      }
    }
    PackageState state = EnumNumbers.packageState(packageState);
    if (packageName.isEmpty() != (state == PackageState.NONE)) {
      throw new WireException("a state of no package: state=" + packageState);
    }
    return new Provenance(
        rootWritten, rootOnly, packageName, state, trust, packageManager, operand, writeOnly);
  }
}
