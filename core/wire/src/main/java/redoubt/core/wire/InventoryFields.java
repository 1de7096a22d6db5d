package redoubt.core.wire;

/// The fields of what a machine is. Stateless.
final class InventoryFields {
  private InventoryFields() {}

  static void write(ProtoWriter out, HostInventory inventory) {
    out.text(1, inventory.hostName());
    out.text(2, inventory.system());
    out.text(3, inventory.kernel());
    out.text(4, inventory.machine());
    out.text(5, inventory.model());
    out.uint32(6, inventory.processors());
    out.uint32(7, inventory.memoryMiB());
    out.text(8, inventory.agentVersion());
  }

  static HostInventory read(ProtoReader in) throws WireException {
    String hostName = "";
    String system = "";
    String kernel = "";
    String machine = "";
    String model = "";
    int processors = 0;
    int memoryMiB = 0;
    String agentVersion = "";
    while (in.next()) {
      switch (in.field()) {
        case 1 -> hostName = in.text();
        case 2 -> system = in.text();
        case 3 -> kernel = in.text();
        case 4 -> machine = in.text();
        case 5 -> model = in.text();
        case 6 -> processors = in.uint32();
        case 7 -> memoryMiB = in.uint32();
        case 8 -> agentVersion = in.text();
        default -> in.skip();
      }
    }
    return new HostInventory(
        hostName, system, kernel, machine, model, processors, memoryMiB, agentVersion);
  }

  static void check(HostInventory inventory) {
    int most = HostInventory.TEXT_CHARS;
    Check.required("hostName", inventory.hostName(), most);
    Check.text("system", inventory.system(), most);
    Check.text("kernel", inventory.kernel(), most);
    Check.text("machine", inventory.machine(), most);
    Check.text("model", inventory.model(), most);
    Check.range("processors", inventory.processors(), 0, Integer.MAX_VALUE);
    Check.range("memoryMiB", inventory.memoryMiB(), 0, Integer.MAX_VALUE);
    Check.text("agentVersion", inventory.agentVersion(), most);
  }
}
