package redoubt.core.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import redoubt.core.model.EngineMode;
import redoubt.core.model.EventClass;
import redoubt.core.model.FileIdentity;
import redoubt.core.model.HostEvent;
import redoubt.core.model.Provenance;
import redoubt.core.model.Sha256;
import redoubt.core.model.Verdict;

/// What the agent says to an engine. Every message travels as one datagram with a sequence number,
/// from 1, without gaps, in its envelope.
public sealed interface AgentMessage {
  /// Answers [EngineMessage.Hello]: the version spoken from here on and what the owner grants.
  ///
  /// @param protocolVersion the version that both sides speak from now on
  /// @param engineId the name under which the owner registered this engine
  /// @param agentVersion the agent's version, for the engine's log
  /// @param authClasses classes whose events will wait for this engine's verdict
  /// @param notifyClasses classes of which the engine is told without being waited for
  /// @param mode what the engine's DENY is worth now
  /// @param maxCredits the most events that may be outstanding, at most [WireLimits#CREDITS]
  /// @param softDeadlineMillis how long the agent waits for a verdict
  record Welcome(
      int protocolVersion,
      String engineId,
      String agentVersion,
      Set<EventClass> authClasses,
      Set<EventClass> notifyClasses,
      EngineMode mode,
      int maxCredits,
      int softDeadlineMillis)
      implements AgentMessage {
    public Welcome {
      authClasses = Set.copyOf(authClasses);
      notifyClasses = Set.copyOf(notifyClasses);
    }
  }

  /// Refuses the engine; the agent closes the connection after it.
  ///
  /// @param code a stable word such as `version`, `schema`, `identity`, `violation`
  /// @param message what is wrong and what would mend it
  record Refused(String code, String message) implements AgentMessage {}

  /// Hands over content. One descriptor travels with the message: the bundle's payload, sealed
  /// against change, readable from offset 0 with `pread`.
  ///
  /// @param name the content's name, for people
  /// @param version the content's version; verdicts name it
  /// @param sha256 the digest of the payload
  /// @param sizeBytes the payload's size
  record LoadContent(String name, String version, Sha256 sha256, long sizeBytes)
      implements AgentMessage {}

  /// Events, oldest first. Each event with [Event#hasDescriptor] has one descriptor in the
  /// message's ancillary data, in the order of the events.
  ///
  /// @param lost how many NOTIFY events were dropped for want of credit since the last such message
  /// @param events 1 to [WireLimits#EVENTS_PER_MESSAGE]
  record Events(long lost, List<Event> events) implements AgentMessage {
    public Events {
      events = List.copyOf(events);
    }
  }

  /// One event.
  ///
  /// @param id names the event in the engine's answer; never reused within a connection
  /// @param eventClass what was asked
  /// @param answerable whether the agent waits for a verdict; if not, a verdict is still recorded
  ///   and, where the owner grants it, acted on
  /// @param budgetMicros how long the agent will still wait, counted from sending; 0 if it does not
  /// @param answer what the kernel was told already, or null while it waits
  /// @param pid who asked
  /// @param processUniqueId the pidfd inode of the asker, 0 if unknown
  /// @param parentPid the asker's parent
  /// @param uid the asker's real user id
  /// @param gid the asker's real group id
  /// @param effectiveUid the asker's effective user id
  /// @param cgroupId the asker's cgroup
  /// @param path the file's path, empty if unknown; a hint, never a name to open
  /// @param file the content's identity
  /// @param sha256 the content's digest, or null where the platform did not compute it
  /// @param stable whether the content is held still by a lease until the answer
  /// @param hasDescriptor whether a read-only descriptor of the file comes with the message; its
  ///   offset is shared with other engines, so it is read with `pread`
  /// @param image the program that the asker runs, empty if unknown
  /// @param provenance where the file comes from, or null where the engine is not told
  record Event(
      long id,
      EventClass eventClass,
      boolean answerable,
      long budgetMicros,
      @Nullable Verdict answer,
      int pid,
      long processUniqueId,
      int parentPid,
      int uid,
      int gid,
      int effectiveUid,
      long cgroupId,
      String path,
      FileIdentity file,
      @Nullable Sha256 sha256,
      boolean stable,
      boolean hasDescriptor,
      String image,
      @Nullable Provenance provenance) {
    /// One that says neither what the asker runs nor where the file comes from.
    public Event(
        long id,
        EventClass eventClass,
        boolean answerable,
        long budgetMicros,
        @Nullable Verdict answer,
        int pid,
        long processUniqueId,
        int parentPid,
        int uid,
        int gid,
        int effectiveUid,
        long cgroupId,
        String path,
        FileIdentity file,
        @Nullable Sha256 sha256,
        boolean stable,
        boolean hasDescriptor) {
      this(
          id,
          eventClass,
          answerable,
          budgetMicros,
          answer,
          pid,
          processUniqueId,
          parentPid,
          uid,
          gid,
          effectiveUid,
          cgroupId,
          path,
          file,
          sha256,
          stable,
          hasDescriptor,
          "",
          null);
    }

    /// The same under another number.
    public Event withId(long other) {
      return new Event(
          other,
          eventClass,
          answerable,
          budgetMicros,
          answer,
          pid,
          processUniqueId,
          parentPid,
          uid,
          gid,
          effectiveUid,
          cgroupId,
          path,
          file,
          sha256,
          stable,
          hasDescriptor,
          image,
          provenance);
    }
  }

  /// What has happened on this host, oldest first; the engine answers with [EngineMessage.Handled],
  /// and with reports before it.
  ///
  /// @param lost how many were dropped since the last such message, because the engine had not
  ///   handled those before
  /// @param firstId names the first of them; each next one has the next number
  /// @param events 1 to [WireLimits#HOST_EVENTS_PER_MESSAGE]
  record Activity(long lost, long firstId, List<HostEvent> events) implements AgentMessage {
    /// What such a message has for its events, as [#mostBytes] counts them; any of them fits.
    public static final int ROOM_BYTES = WireLimits.MESSAGE_BYTES - 64;

    public Activity {
      events = List.copyOf(events);
    }

    /// The most bytes that the event takes in such a message, of the [WireLimits#MESSAGE_BYTES]
    /// that there are.
    public static int mostBytes(HostEvent event) {
      return HostEventFormat.mostBytes(event);
    }

    /// The events in order, as many together as one message takes.
    public static List<List<HostEvent>> batches(List<HostEvent> events) {
      List<List<HostEvent>> batches = new ArrayList<>();
      int from = 0;
      while (from < events.size()) {
        int to = from;
        int bytes = 0;
        while (to < events.size() && to - from < WireLimits.HOST_EVENTS_PER_MESSAGE) {
          bytes += mostBytes(events.get(to));
          if (to > from && bytes > ROOM_BYTES) {
            break;
          }
          to++;
        }
        batches.add(events.subList(from, to));
        from = to;
      }
      return batches;
    }
  }

  /// The agent no longer waits for these events. A late verdict is still welcome.
  ///
  /// @param ids at most [WireLimits#ANSWERS_PER_MESSAGE]
  record Cancel(List<Long> ids) implements AgentMessage {
    public Cancel {
      ids = List.copyOf(ids);
    }
  }

  /// The owner switched the engine's mode.
  record ModeChanged(EngineMode mode) implements AgentMessage {}

  /// Asks for a [EngineMessage.Pong] with the same nonce.
  record Ping(long nonce) implements AgentMessage {}

  /// Asks the engine to end.
  ///
  /// @param reason for the engine's log
  /// @param graceMillis after which it is killed
  record Shutdown(String reason, int graceMillis) implements AgentMessage {}
}
