package redoubt.engine.sigma.vectors;

import java.util.List;
import java.util.Set;
import redoubt.core.model.EventClass;

/// Kinds of events that can be made, and which fields they have in the words of rules.
@SuppressWarnings("ImmutableEnumChecker") // its lists are copies
enum Shape {
  PROCESS_START(
      List.of(EventClass.PROCESS_START),
      "Image CommandLine CurrentDirectory User ParentImage ParentCommandLine ParentUser SHA256"
          + " Hashes"),
  FILE_CREATE(
      List.of(EventClass.FILE_CREATE), "TargetFilename Image CommandLine CurrentDirectory User"),
  FILE_RENAME(
      List.of(EventClass.FILE_RENAME),
      "TargetFilename SourceFilename Image CommandLine CurrentDirectory User"),
  FILE_DELETE(
      List.of(EventClass.FILE_DELETE), "TargetFilename Image CommandLine CurrentDirectory User"),
  NETWORK(
      List.of(EventClass.NET_CONNECT),
      "DestinationIp DestinationPort SourceIp SourcePort Protocol Initiated Image CommandLine"
          + " CurrentDirectory User"),
  DNS(
      List.of(EventClass.DNS_MESSAGE),
      "QueryName query record_type QueryStatus QueryResults answer Image CommandLine"
          + " CurrentDirectory User"),
  MODULE(List.of(EventClass.MODULE_LOAD), "ImageLoaded ModuleName Taint Signed"),
  DEVICE(
      List.of(EventClass.DEVICE_CONNECT, EventClass.DEVICE_DISCONNECT),
      "DeviceName Action Subsystem Type DevicePath Node VendorId ProductId SerialNumber"),
  MOUNT(
      List.of(EventClass.MOUNT, EventClass.UNMOUNT), "MountPoint Action FileSystem Source Options"),
  LOGIN(
      List.of(EventClass.LOGIN, EventClass.LOGIN_FAILURE, EventClass.LOGOUT),
      "TargetUserName Action Terminal IpAddress Image CommandLine CurrentDirectory User"),
  ACCOUNT(
      List.of(EventClass.ACCOUNT_CHANGE, EventClass.ACCOUNT_CREATE, EventClass.ACCOUNT_DELETE),
      "TargetUserName Action TargetId TargetType Changed"),
  ACCESS(
      List.of(EventClass.PROCESS_ACCESS),
      "SourceImage SourceUser TargetImage TargetUser Image CommandLine CurrentDirectory User"),
  PROCESS_EXIT(List.of(EventClass.PROCESS_EXIT), "Image CommandLine CurrentDirectory User"),
  AUDIT(List.of(EventClass.AUDIT_RECORD), "type");

  /// Fields of which an event may have several values.
  private static final Set<String> MANY = Set.of("Changed", "answer");

  /// What nobody can choose, since no process is in two vectors and time goes on.
  private static final Set<String> GIVEN =
      Set.of("time", "ProcessId", "ParentProcessId", "SourceProcessId", "TargetProcessId");

  private final List<EventClass> classes;
  private final List<String> fields;

  /// @param classes the first is the usual one
  /// @param fields the first is where words are put that may stand anywhere, unless it has a
  ///   command
  Shape(List<EventClass> classes, String fields) {
    this.classes = List.copyOf(classes);
    this.fields = List.of(fields.split(" "));
  }

  /// The classes of its events.
  List<EventClass> classes() {
    return classes;
  }

  /// The fields that can be chosen.
  List<String> fields() {
    return fields;
  }

  /// Whether an event may have the field. An audit record may have any.
  boolean has(String field) {
    return this == AUDIT || fields.contains(field) || GIVEN.contains(field);
  }

  boolean isChosen(String field) {
    return this == AUDIT ? !field.equals("timestamp") : fields.contains(field);
  }

  boolean takesMany(String field) {
    return this == AUDIT || MANY.contains(field);
  }

  /// Where words are put that may stand in any field.
  List<String> carriers() {
    return this == AUDIT
        ? List.of("msg_text", "cmd", "exe", "data")
        : fields.contains("CommandLine")
            ? List.of("CommandLine", fields.getFirst(), "CurrentDirectory")
            : List.of(fields.getFirst(), fields.getLast());
  }
}
