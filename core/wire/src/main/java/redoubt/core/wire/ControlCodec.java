package redoubt.core.wire;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import redoubt.core.model.Octets;
import redoubt.core.wire.ControlRequest.ActivateContent;
import redoubt.core.wire.ControlRequest.DeleteQuarantined;
import redoubt.core.wire.ControlRequest.FetchContent;
import redoubt.core.wire.ControlRequest.HotSpots;
import redoubt.core.wire.ControlRequest.Isolate;
import redoubt.core.wire.ControlRequest.JoinFleet;
import redoubt.core.wire.ControlRequest.LeaveFleet;
import redoubt.core.wire.ControlRequest.PutAway;
import redoubt.core.wire.ControlRequest.ReloadEngines;
import redoubt.core.wire.ControlRequest.ReloadPolicy;
import redoubt.core.wire.ControlRequest.ReloadSeal;
import redoubt.core.wire.ControlRequest.ReloadSettings;
import redoubt.core.wire.ControlRequest.Restore;
import redoubt.core.wire.ControlRequest.RollBackContent;
import redoubt.core.wire.ControlRequest.Scan;
import redoubt.core.wire.ControlRequest.SetMode;
import redoubt.core.wire.ControlRequest.Status;
import redoubt.core.wire.ControlRequest.Stop;
import redoubt.core.wire.ControlRequest.Thaw;
import redoubt.core.wire.ControlRequest.UpdateContent;

/// Turns control requests and replies into bytes and back. Stateless: safe for use by any thread.
public final class ControlCodec {
  private static final int MOST_PORT = 65_535;

  private ControlCodec() {}

  /// Encodes a request. A reason that is too long is cut.
  ///
  /// @throws IllegalArgumentException if an engine id is none, or a passphrase is too long
  public static byte[] encode(ControlRequest request) {
    check(request);
    ProtoWriter out = new ProtoWriter();
    out.begin(field(request));
    switch (request) {
      case Status(), ReloadPolicy(), ReloadEngines(), HotSpots(), PutAway(), LeaveFleet() -> {
        // These have no fields.
      }
      case SetMode(var engine, var mode) -> {
        out.text(1, engine);
        out.unsigned(2, EnumNumbers.of(mode));
      }
      case Stop(var reason, var passphrase) -> {
        out.text(1, WireText.cut(reason, WireLimits.REASON_CHARS));
        out.text(2, passphrase);
      }
      case ReloadSeal(var passphrase) -> out.text(1, passphrase);
      case ReloadSettings(boolean restart) -> out.flag(1, restart);
      case Thaw(long freeze) -> out.unsigned(1, freeze);
      case Scan(int files, boolean anew, boolean quarantine) -> {
        out.uint32(1, files);
        out.flag(2, anew);
        out.flag(3, quarantine);
      }
      case Restore(long file, var target) -> {
        out.unsigned(1, file);
        if (target.length() > 0) {
          out.bytes(2, target.toArray());
        }
      }
      case DeleteQuarantined(long file) -> out.unsigned(1, file);
      case Isolate(int seconds, var peers) -> {
        out.uint32(1, seconds);
        peers.forEach(peer -> out.element(2, peer));
      }
      case ActivateContent(var path) -> out.text(1, path);
      case FetchContent(var target) -> out.text(1, target);
      case UpdateContent(var engine) -> out.text(1, engine);
      case RollBackContent(var engine, var reason) -> {
        out.text(1, engine);
        out.text(2, WireText.cut(reason, WireLimits.REASON_CHARS));
      }
      case JoinFleet(var server, int port, var token, boolean ownUpdates) -> {
        out.text(1, server);
        out.uint32(2, port);
        out.text(3, token);
        out.flag(4, ownUpdates);
      }
    }
    out.end();
    return out.toBytes();
  }

  /// Encodes a reply. Texts for people and paths that are too long are cut; of a status that is too
  /// long, file systems are left out, and a last line says how many.
  ///
  /// @throws IllegalArgumentException if the reply exceeds [WireLimits] in any other way
  public static byte[] encode(ControlReply reply) {
    ControlReply fitting = ControlReplies.fit(reply);
    ControlReplies.check(fitting);
    return ControlReplies.write(fitting).toBytes();
  }

  /// Decodes a request: the remaining bytes of `datagram`, which are copied first.
  ///
  /// @throws WireException if the bytes are no request within [WireLimits]
  public static ControlRequest decodeRequest(ByteBuffer datagram) throws WireException {
    try {
      ControlRequest request = readBody(datagram, ControlCodec::readRequest);
      check(request);
      return request;
    } catch (IllegalArgumentException e) {
      throw new WireException("invalid request: " + e.getMessage(), e);
    }
  }

  /// Decodes a reply: the remaining bytes of `datagram`, which are copied first.
  ///
  /// @throws WireException if the bytes are no reply within [WireLimits]
  public static ControlReply decodeReply(ByteBuffer datagram) throws WireException {
    try {
      ControlReply reply = readBody(datagram, ControlReplies::read);
      ControlReplies.check(reply);
      return reply;
    } catch (IllegalArgumentException e) {
      throw new WireException("invalid reply: " + e.getMessage(), e);
    }
  }

  private static <M> M readBody(ByteBuffer datagram, Datagram.Body<M> body) throws WireException {
    ProtoReader in = Datagram.open(datagram);
    M message = null;
    while (in.next()) {
      message = Datagram.readBody(in, message, body);
    }
    return Datagram.requireBody(message);
  }

  private static int field(ControlRequest request) {
    return switch (request) {
      case Status() -> 1;
      case SetMode _ -> 2;
      case ReloadPolicy() -> 3;
      case Stop _ -> 4;
      case HotSpots() -> 5;
      case ReloadEngines() -> 6;
      case ReloadSeal _ -> 7;
      case Thaw _ -> 8;
      case Scan _ -> 9;
      case PutAway() -> 10;
      case Restore _ -> 11;
      case DeleteQuarantined _ -> 12;
      case Isolate _ -> 13;
      case ActivateContent _ -> 14;
      case RollBackContent _ -> 15;
      case FetchContent _ -> 16;
      case UpdateContent _ -> 17;
      case JoinFleet _ -> 18;
      case LeaveFleet() -> 19;
      case ReloadSettings _ -> 20;
    };
  }

  private static void check(ControlRequest request) {
    switch (request) {
      case SetMode(var engine, _) when !engine.isEmpty() -> Check.engineId(engine);
      case UpdateContent(var engine) when !engine.isEmpty() -> Check.engineId(engine);
      case Stop(_, var passphrase) -> checkPassphrase(passphrase);
      case ReloadSeal(var passphrase) -> checkPassphrase(passphrase);
      case Thaw(long freeze) -> Check.range("freeze", freeze, 0, Long.MAX_VALUE);
      case Scan(int files, _, _) -> Check.range("files", files, 1, WireLimits.SCAN_FILES);
      case Restore(long file, var target) -> {
        Check.range("file", file, 1, Long.MAX_VALUE);
        Check.range("target", target.length(), 0, WireLimits.PATH_BYTES);
      }
      case DeleteQuarantined(long file) -> Check.range("file", file, 1, Long.MAX_VALUE);
      case Isolate(int seconds, var peers) -> {
        Check.range("seconds", seconds, 0, Integer.MAX_VALUE);
        Check.range("peers", peers.size(), 0, WireLimits.PEERS);
        peers.forEach(peer -> Check.required("peer", peer, WireLimits.NAME_CHARS));
      }
      case ActivateContent(var path) -> Check.required("path", path, WireLimits.PATH_BYTES);
      case FetchContent(var target) -> Check.required("target", target, WireLimits.PATH_BYTES);
      case RollBackContent(var engine, _) -> Check.engineId(engine);
      case JoinFleet(var server, int port, var token, _) -> {
        Check.required("server", server, WireLimits.NAME_CHARS);
        Check.range("port", port, 1, MOST_PORT);
        Check.required("token", token, WireLimits.NAME_CHARS);
      }
      case Status(),
          SetMode(_, _),
          UpdateContent(_),
          ReloadSettings(_),
          ReloadPolicy(),
          ReloadEngines(),
          HotSpots(),
          LeaveFleet(),
          PutAway() -> {
        // These have nothing to check.
      }
    }
  }

  private static void checkPassphrase(String passphrase) {
    Check.text("passphrase", passphrase, WireLimits.PASSPHRASE_CHARS);
  }

  private static @Nullable ControlRequest readRequest(ProtoReader in) throws WireException {
    return switch (in.field()) {
      case 1 -> {
        skipAll(in.message());
        yield new Status();
      }
      case 2 -> readSetMode(in.message());
      case 3 -> {
        skipAll(in.message());
        yield new ReloadPolicy();
      }
      case 4 -> readStop(in.message());
      case 5 -> {
        skipAll(in.message());
        yield new HotSpots();
      }
      case 6 -> {
        skipAll(in.message());
        yield new ReloadEngines();
      }
      case 7 -> new ReloadSeal(readOneText(in.message()));
      case 8 -> readThaw(in.message());
      case 9 -> readScan(in.message());
      case 10 -> {
        skipAll(in.message());
        yield new PutAway();
      }
      case 11 -> readRestore(in.message());
      case 12 -> readDeleteQuarantined(in.message());
      case 13 -> readIsolate(in.message());
      case 14 -> new ActivateContent(readOneText(in.message()));
      case 15 -> readRollBackContent(in.message());
      case 16 -> new FetchContent(readOneText(in.message()));
      case 17 -> new UpdateContent(readOneText(in.message()));
      case 18 -> readJoinFleet(in.message());
      case 19 -> {
        skipAll(in.message());
        yield new LeaveFleet();
      }
      case 20 -> new ReloadSettings(readOneFlag(in.message()));
      default -> {
        in.skip();
        yield null;
      }
    };
  }

  private static boolean readOneFlag(ProtoReader in) throws WireException {
    boolean flag = false;
    while (in.next()) {
      if (in.field() == 1) {
        flag = in.flag();
      } else {
        in.skip();
      }
    }
    return flag;
  }

  private static SetMode readSetMode(ProtoReader in) throws WireException {
    String engine = "";
    int mode = 0;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> engine = in.text();
        case 2 -> mode = in.uint32();
        default -> in.skip();
      }
    }
    return new SetMode(engine, EnumNumbers.mode(mode));
  }

  private static Stop readStop(ProtoReader in) throws WireException {
    String reason = "";
    String passphrase = "";
    while (in.next()) {
      switch (in.field()) {
        case 1 -> reason = in.text();
        case 2 -> passphrase = in.text();
        default -> in.skip();
      }
    }
    Check.text("reason", reason, WireLimits.REASON_CHARS);
    return new Stop(reason, passphrase);
  }

  private static Thaw readThaw(ProtoReader in) throws WireException {
    long freeze = 0;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> freeze = in.uint64();
        default -> in.skip();
      }
    }
    return new Thaw(freeze);
  }

  private static Scan readScan(ProtoReader in) throws WireException {
    int files = 0;
    boolean anew = false;
    boolean quarantine = false;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> files = in.uint32();
        case 2 -> anew = in.flag();
        case 3 -> quarantine = in.flag();
        default -> in.skip();
      }
    }
    return new Scan(files, anew, quarantine);
  }

  private static Restore readRestore(ProtoReader in) throws WireException {
    long file = 0;
    byte[] target = {};
    while (in.next()) {
      switch (in.field()) {
        case 1 -> file = in.uint64();
        case 2 -> target = in.bytes();
        default -> in.skip();
      }
    }
    return new Restore(file, Octets.of(target));
  }

  private static DeleteQuarantined readDeleteQuarantined(ProtoReader in) throws WireException {
    long file = 0;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> file = in.uint64();
        default -> in.skip();
      }
    }
    return new DeleteQuarantined(file);
  }

  private static Isolate readIsolate(ProtoReader in) throws WireException {
    int seconds = 0;
    List<String> peers = new ArrayList<>();
    while (in.next()) {
      switch (in.field()) {
        case 1 -> seconds = in.uint32();
        case 2 -> {
          Check.range("peers", peers.size(), 0, WireLimits.PEERS - 1);
          peers.add(in.element());
        }
        default -> in.skip();
      }
    }
    return new Isolate(seconds, peers);
  }

  private static String readOneText(ProtoReader in) throws WireException {
    String text = "";
    while (in.next()) {
      switch (in.field()) {
        case 1 -> text = in.text();
        default -> in.skip();
      }
    }
    return text;
  }

  private static RollBackContent readRollBackContent(ProtoReader in) throws WireException {
    String engine = "";
    String reason = "";
    while (in.next()) {
      switch (in.field()) {
        case 1 -> engine = in.text();
        case 2 -> reason = in.text();
        default -> in.skip();
      }
    }
    Check.text("reason", reason, WireLimits.REASON_CHARS);
    return new RollBackContent(engine, reason);
  }

  private static JoinFleet readJoinFleet(ProtoReader in) throws WireException {
    String server = "";
    int port = 0;
    String token = "";
    boolean ownUpdates = false;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> server = in.text();
        case 2 -> port = in.uint32();
        case 3 -> token = in.text();
        case 4 -> ownUpdates = in.flag();
        default -> in.skip();
      }
    }
    return new JoinFleet(server, port, token, ownUpdates);
  }

  private static void skipAll(ProtoReader in) throws WireException {
    while (in.next()) {
      in.skip();
    }
  }
}
