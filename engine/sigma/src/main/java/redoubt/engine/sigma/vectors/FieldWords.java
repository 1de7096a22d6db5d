package redoubt.engine.sigma.vectors;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// What values of fields are like. Stateless.
final class FieldWords {
  private static final Set<String> PATHS =
      Set.of(
          "Image",
          "ParentImage",
          "SourceImage",
          "TargetImage",
          "TargetFilename",
          "SourceFilename",
          "CurrentDirectory",
          "ImageLoaded",
          "MountPoint",
          "DevicePath",
          "exe",
          "name",
          "cwd");

  private static final List<String> ADDRESSES =
      List.of(
          "198.18.31.77",
          "8.7.6.5",
          "10.1.2.3",
          "192.168.7.9",
          "127.0.0.1",
          "172.20.5.4",
          "2001:db8::5",
          "::1",
          "fe80::5");

  private static final Map<String, List<String>> USUAL =
      Map.ofEntries(
          Map.entry("SourceIp", ADDRESSES),
          Map.entry("DestinationIp", ADDRESSES),
          Map.entry("answer", ADDRESSES),
          Map.entry("SourcePort", List.of("47123", "61001", "8")),
          Map.entry("DestinationPort", List.of("48321", "61001", "8")),
          Map.entry("TargetId", List.of("54321", "7", "4000000000")),
          Map.entry("Initiated", List.of("true", "false")),
          Map.entry("Signed", List.of("true", "false")),
          Map.entry("Protocol", List.of("tcp", "udp", "sctp")),
          Map.entry(
              "Action",
              List.of(
                  "connect",
                  "disconnect",
                  "mount",
                  "unmount",
                  "login",
                  "failure",
                  "logout",
                  "create",
                  "change",
                  "delete")),
          Map.entry("TargetType", List.of("user", "group")),
          Map.entry("Taint", List.of("OE", "O", "E", "P")),
          Map.entry("record_type", List.of("A", "AAAA", "TXT", "MX", "NS")),
          Map.entry("QueryStatus", List.of("0", "2", "3", "5")),
          Map.entry("type", AuditRecords.typeNames()));

  private static final Set<String> NUMBERS = Set.of("SourcePort", "DestinationPort", "TargetId");
  private static final Set<String> IPS = Set.of("SourceIp", "DestinationIp");
  private static final Pattern NUMBER = Pattern.compile("\\d{1,10}");
  private static final Pattern ADDRESS =
      Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|[0-9a-fA-F]*:[0-9a-fA-F:.]*");

  private FieldWords() {}

  /// Whether values are names of files.
  static boolean isPath(String field) {
    return PATHS.contains(field);
  }

  /// Values that are usual; none if anything is.
  static List<String> usual(String field) {
    return USUAL.getOrDefault(field, List.of());
  }

  /// A value that is another for each number.
  ///
  /// @param number 0 to 999
  static String numbered(String field, int number) {
    if (NUMBERS.contains(field)) {
      return Integer.toString(20_000 + number);
    }
    if (IPS.contains(field)) {
      return "198.18." + (100 + number / 250) + "." + (1 + number % 250);
    }
    return (isPath(field) ? "/opt/zq/" : "") + Words.mark(1_000 + number);
  }

  /// Whether events can have the value.
  static boolean allows(String field, String value) {
    if (NUMBERS.contains(field)) {
      return NUMBER.matcher(value).matches();
    }
    return !IPS.contains(field) || ADDRESS.matcher(value).matches();
  }
}
