package redoubt.core.wire;

import redoubt.core.model.Credentials;
import redoubt.core.model.Endpoint;
import redoubt.core.model.EventClass;
import redoubt.core.model.HostEvent;
import redoubt.core.model.HostEvent.DnsMessage;
import redoubt.core.model.HostEvent.FileChange;
import redoubt.core.model.HostEvent.FileContent;
import redoubt.core.model.HostEvent.NetworkActivity;
import redoubt.core.model.HostEvent.OfSystem;
import redoubt.core.model.HostEvent.ProcessAccess;
import redoubt.core.model.HostEvent.ProcessExit;
import redoubt.core.model.HostEvent.ProcessFork;
import redoubt.core.model.HostEvent.ProcessIdentity;
import redoubt.core.model.HostEvent.ProcessStart;
import redoubt.core.model.Octets;
import redoubt.core.model.ProcessInfo;
import redoubt.core.model.Sha256;

/// `HostEvent` in `spec/events.proto`, field by field.
final class HostEventFormat {
  /// As much as all of an event but its processes takes: a tag and a length, and its numbers.
  private static final int EVENT_BYTES = 84;

  /// As much as all of what is only said of networks takes: two ends, and numbers.
  private static final int NETWORK_BYTES = 2 * (WireLimits.ADDRESS_CHARS + 8) + 24;

  private static final int CONTENT = 24;

  private static final int HIGHEST_PROTOCOL = 255;
  private static final int HIGHEST_PORT = 65_535;

  private HostEventFormat() {}

  static void write(ProtoWriter out, HostEvent event) {
    out.unsigned(1, EnumNumbers.of(event.eventClass()));
    out.fixed64(2, event.timeNanos());
    ProcessFormat.write(out, 3, event.process());
    switch (event) {
      case ProcessStart start -> {
        ProcessFormat.write(out, 4, start.parent());
        Sha256 digest = start.sha256();
        if (digest != null) {
          out.bytes(16, digest.bytes());
        }
      }
      case ProcessExit exit -> out.unsigned(5, exit.status());
      case ProcessAccess access -> ProcessFormat.write(out, 14, access.target());
      case ProcessFork fork -> ProcessFormat.write(out, 4, fork.parent());
      case ProcessIdentity change -> ProcessFormat.writeCredentials(out, 15, change.before());
      case FileChange change -> {
        out.text(6, change.path());
        out.text(7, change.oldPath());
        out.flag(8, change.directory());
      }
      case FileContent content -> {
        out.text(6, content.path());
        out.text(7, content.oldPath());
        FileContentFormat.write(out, CONTENT, content);
      }
      case NetworkActivity activity -> {
        out.uint32(9, activity.protocol());
        out.flag(10, activity.inbound());
        writeEndpoint(out, 11, activity.local());
        writeEndpoint(out, 12, activity.remote());
        out.unsigned(13, activity.durationNanos());
      }
      case DnsMessage dns -> {
        out.flag(10, dns.inbound());
        writeEndpoint(out, 11, dns.local());
        writeEndpoint(out, 12, dns.remote());
        if (dns.message().length() > 0) {
          out.bytes(17, dns.message().toArray());
        }
      }
      case OfSystem system -> SystemEventFormat.write(out, system);
    }
  }

  static void check(HostEvent event) {
    ProcessFormat.check(event.process());
    switch (event) {
      case ProcessStart start -> ProcessFormat.check(start.parent());
      case ProcessFork fork -> ProcessFormat.check(fork.parent());
      case ProcessExit _, ProcessIdentity _ -> {
        // Every status and every id is a valid one.
      }
      case ProcessAccess access -> ProcessFormat.check(access.target());
      case FileChange change -> {
        Check.path("path", change.path());
        Check.path("oldPath", change.oldPath());
      }
      case FileContent content -> {
        Check.path("path", content.path());
        Check.path("oldPath", content.oldPath());
        FileContentFormat.check(content);
      }
      case NetworkActivity activity -> {
        Check.range("protocol", activity.protocol(), 0, HIGHEST_PROTOCOL);
        Check.text("address", activity.local().address(), WireLimits.ADDRESS_CHARS);
        Check.text("address", activity.remote().address(), WireLimits.ADDRESS_CHARS);
        Check.range("durationNanos", activity.durationNanos(), 0, Long.MAX_VALUE);
      }
      case DnsMessage dns -> {
        Check.text("address", dns.local().address(), WireLimits.ADDRESS_CHARS);
        Check.text("address", dns.remote().address(), WireLimits.ADDRESS_CHARS);
        Check.range("dnsMessageBytes", dns.message().length(), 0, WireLimits.DNS_MESSAGE_BYTES);
      }
      case OfSystem system -> SystemEventFormat.check(system);
    }
  }

  static HostEvent read(ProtoReader in) throws WireException {
    int number = 0;
    long timeNanos = 0;
    ProcessInfo process = ProcessInfo.UNKNOWN;
    ProcessInfo parent = ProcessInfo.UNKNOWN;
    int status = 0;
    String path = "";
    String oldPath = "";
    boolean directory = false;
    int protocol = 0;
    boolean inbound = false;
    Endpoint local = Endpoint.NONE;
    Endpoint remote = Endpoint.NONE;
    long durationNanos = 0;
    ProcessInfo target = ProcessInfo.UNKNOWN;
    Credentials before = Credentials.UNKNOWN;
    Sha256 digest = null;
    Octets dns = Octets.of(new byte[0]);
    FileContentFormat content = new FileContentFormat();
    SystemEventFormat system = new SystemEventFormat();
    while (in.next()) {
      switch (in.field()) {
        case 1 -> number = in.uint32();
        case 2 -> timeNanos = in.fixed64();
        case 3 -> process = ProcessFormat.read(in.message());
        case 4 -> parent = ProcessFormat.read(in.message());
        case 5 -> status = in.uint32();
        case 6 -> path = in.text();
        case 7 -> oldPath = in.text();
        case 8 -> directory = in.flag();
        case 9 -> protocol = in.uint32();
        case 10 -> inbound = in.flag();
        case 11 -> local = readEndpoint(in.message());
        case 12 -> remote = readEndpoint(in.message());
        case 13 -> durationNanos = in.uint64();
        case 14 -> target = ProcessFormat.read(in.message());
        case 15 -> before = ProcessFormat.readCredentials(in.message());
        case 16 -> digest = Sha256.of(in.bytes());
        case 17 -> dns = Octets.of(in.bytes());
        case CONTENT -> content.read(in.message());
        default -> system.read(in);
      }
    }
    EventClass eventClass = EnumNumbers.eventClass(number);
    return switch (eventClass) {
      case PROCESS_START -> new ProcessStart(timeNanos, process, parent, digest);
      case PROCESS_EXIT -> new ProcessExit(timeNanos, process, status);
      case PROCESS_ACCESS -> new ProcessAccess(timeNanos, process, target);
      case PROCESS_FORK -> new ProcessFork(timeNanos, process, parent);
      case PROCESS_IDENTITY -> new ProcessIdentity(timeNanos, process, before);
      case FILE_CREATE, FILE_MODIFY, FILE_RENAME, FILE_DELETE, FILE_ATTRIBUTES ->
          new FileChange(eventClass, timeNanos, process, path, oldPath, directory);
      case FILE_CONTENT -> content.event(timeNanos, process, path, oldPath);
      case NET_CONNECT, NET_LISTEN, NET_CLOSE ->
          new NetworkActivity(
              eventClass, timeNanos, process, protocol, inbound, local, remote, durationNanos);
      case DNS_MESSAGE -> new DnsMessage(timeNanos, process, inbound, local, remote, dns);
      default -> system.event(eventClass, timeNanos, process);
    };
  }

  /// The most bytes that the event takes in a message.
  static int mostBytes(HostEvent event) {
    int more =
        switch (event) {
          case ProcessStart start -> ProcessFormat.mostBytes(start.parent());
          case ProcessFork fork -> ProcessFormat.mostBytes(fork.parent());
          case ProcessExit _, ProcessIdentity _ -> 0;
          case ProcessAccess access -> ProcessFormat.mostBytes(access.target());
          case FileChange change ->
              WireText.utf8Length(change.path()) + WireText.utf8Length(change.oldPath());
          case FileContent content ->
              WireText.utf8Length(content.path())
                  + WireText.utf8Length(content.oldPath())
                  + FileContentFormat.MOST_BYTES;
          case NetworkActivity _ -> NETWORK_BYTES;
          case DnsMessage dns -> NETWORK_BYTES + dns.message().length();
          case OfSystem system -> SystemEventFormat.mostBytes(system);
        };
    return EVENT_BYTES + ProcessFormat.mostBytes(event.process()) + more;
  }

  private static void writeEndpoint(ProtoWriter out, int field, Endpoint end) {
    if (end.equals(Endpoint.NONE)) {
      return;
    }
    out.begin(field);
    out.text(1, end.address());
    out.uint32(2, end.port());
    out.end();
  }

  private static Endpoint readEndpoint(ProtoReader in) throws WireException {
    String address = "";
    int port = 0;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> address = in.text();
        case 2 -> port = in.uint32();
        default -> in.skip();
      }
    }
    Check.range("port", port, 0, HIGHEST_PORT);
    return new Endpoint(address, port);
  }
}
