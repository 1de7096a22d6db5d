package redoubt.agent;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import redoubt.agent.health.Notices;
import redoubt.agent.isolation.NetworkIsolation;
import redoubt.agent.isolation.Peer;
import redoubt.agent.netfilter.PacketFilterException;
import redoubt.core.model.PlatformNotice;
import redoubt.core.wire.ControlReply;
import redoubt.core.wire.ControlRequest;

/// Carries out what the owner asks about the isolation of this host, and writes down what came of
/// it: also where that is not known.
record IsolationRequests(NetworkIsolation isolation, Notices notices) {
  private static final String SUBJECT = "owner";

  ControlReply carryOut(ControlRequest.Isolate request, int uid) {
    return carryOut(request, "uid=" + uid);
  }

  /// @param by who wants it, such as `uid=0`
  ControlReply carryOut(ControlRequest.Isolate request, String by) {
    return request.seconds() == 0 ? end(by) : begin(request, by);
  }

  private ControlReply begin(ControlRequest.Isolate request, String by) {
    Duration length = Duration.ofSeconds(request.seconds());
    String what =
        "until "
            + Instant.now().plus(length).truncatedTo(ChronoUnit.SECONDS)
            + ": peers="
            + String.join(", ", request.peers());
    try {
      isolation.begin(length, request.peers().stream().map(Peer::of).toList());
    } catch (PacketFilterException e) {
      if (e.mayHold()) {
        say("this host may be isolated " + what + ", but " + e.getMessage(), by);
      }
      return failed(e);
    } catch (IllegalArgumentException e) {
      return new ControlReply.Failed(
          "invalid", "this host is as it was: " + e.getMessage(), "redoubt isolate on --help");
    }
    return say("this host is isolated " + what, by);
  }

  private ControlReply end(String by) {
    try {
      return say(isolation.end() ? "this host is free" : "this host was not isolated", by);
    } catch (PacketFilterException e) {
      say("this host could not be freed: " + e.getMessage(), by);
      return failed(e);
    }
  }

  private ControlReply say(String message, String by) {
    notices.report(PlatformNotice.Kind.ISOLATION, SUBJECT, message + " " + by);
    return new ControlReply.Done(message);
  }

  private static ControlReply failed(PacketFilterException e) {
    return new ControlReply.Failed("isolation", e.getMessage(), e.fix());
  }
}
