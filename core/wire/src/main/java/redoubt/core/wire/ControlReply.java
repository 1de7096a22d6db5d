package redoubt.core.wire;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import redoubt.core.model.EngineMode;
import redoubt.core.model.Sha256;

/// What the agent answers to a [ControlRequest].
public sealed interface ControlReply {
  /// The request was carried out.
  ///
  /// @param message one line for people
  record Done(String message) implements ControlReply {}

  /// The request was not carried out.
  ///
  /// @param code a stable word: `permission`, `unknown-engine`, `invalid`, `internal`
  /// @param message what is wrong
  /// @param fix what would mend it
  record Failed(String code, String message, String fix) implements ControlReply {}

  /// The agent has a copy of a bundle, and tries it; the state on disk tells what becomes of it.
  ///
  /// @param engine the engine that it is for
  /// @param vendor who made it
  /// @param name what it is
  /// @param version from 1
  /// @param digest SHA-256 of the whole bundle
  record Taken(String engine, String vendor, String name, long version, Sha256 digest)
      implements ControlReply {}

  /// The agent's state.
  ///
  /// @param version the agent's version
  /// @param pid the agent's process id
  /// @param supervisorPid the process that restarts it, 0 if none does
  /// @param startedMillis when the process started, milliseconds since the epoch
  /// @param protectedSinceMillis when the first mark was placed, 0 if none is
  /// @param state `enforcing`, `monitoring`, `observing` (no operation waits for us) or `degraded`
  /// @param stateReason why it is in that state, for people
  /// @param policyGeneration counts changes of the owner's policy
  /// @param exceptions how many of the owner's exceptions count now
  /// @param protectedFiles the size of the protected set
  /// @param journalPath where decision records are written
  /// @param coverage the file systems that the agent knows, covered or not
  /// @param engines the engines
  /// @param counters every counter by its metric name
  /// @param seal what the owner's seal says of the installation
  record Status(
      String version,
      int pid,
      int supervisorPid,
      long startedMillis,
      long protectedSinceMillis,
      String state,
      String stateReason,
      long policyGeneration,
      int exceptions,
      int protectedFiles,
      String journalPath,
      List<Coverage> coverage,
      List<Engine> engines,
      Map<String, Long> counters,
      Seal seal,
      Fleet fleet)
      implements ControlReply {
    public Status {
      coverage = List.copyOf(coverage);
      engines = List.copyOf(engines);
      counters = Map.copyOf(counters);
    }
  }

  /// What the engines said of files.
  ///
  /// @param files in the order of the descriptors, 1 to [WireLimits#SCAN_FILES]
  record Scanned(List<ScannedFile> files) implements ControlReply {
    public Scanned {
      files = List.copyOf(files);
    }
  }

  /// What the engines said of one file.
  ///
  /// @param state `clean`, `found`, `excepted` (found, but the owner's exception outweighs it),
  ///   `unscanned` (an engine that should have looked did not) or `skipped` (no regular file)
  /// @param known whether this was known from an earlier look at the same content
  /// @param detail why it was not scanned, or which exception counts, for people
  /// @param hits what was found, at most [WireLimits#SCAN_HITS]
  record ScannedFile(String state, boolean known, String detail, List<ScanHit> hits) {
    public ScannedFile {
      hits = List.copyOf(hits);
    }
  }

  /// What one engine found in a file.
  ///
  /// @param engine its id
  /// @param rule what matched, empty if it did not say
  /// @param reason why, for people
  record ScanHit(String engine, String rule, String reason) {}

  /// What the owner's seal says of the files of agent and engines.
  ///
  /// @param state `none`, `whole` or `broken`
  /// @param detail when it was made, or what is wrong, for people
  /// @param needsPassphrase whether stopping the agent needs the owner's passphrase
  record Seal(String state, String detail, boolean needsPassphrase) {
    /// The seal of an installation that has none.
    public static Seal none() {
      return new Seal("none", "", false);
    }
  }

  /// How this host stands with its fleet.
  ///
  /// @param server `NAME:PORT`; empty if it is of none
  /// @param host who it is there
  /// @param connected whether the server has welcomed it on a connection that stands
  /// @param problem why not, for people
  /// @param recordsWaiting how many records are on their way
  /// @param recordsLost how often records were gone before they were sent
  /// @param ownUpdates whether its owner, and not the fleet, decides what it activates
  record Fleet(
      String server,
      String host,
      boolean connected,
      String problem,
      long recordsWaiting,
      long recordsLost,
      boolean ownUpdates) {
    /// That of a host that is of none.
    public static Fleet none() {
      return new Fleet("", "", false, "", 0, 0, false);
    }
  }

  /// One file system.
  ///
  /// @param mountPoint where it is mounted
  /// @param type its type, such as `ext4`
  /// @param covered whether operations on it are judged
  /// @param detail which classes are judged, or why it is not covered
  record Coverage(String mountPoint, String type, boolean covered, String detail) {}

  /// One engine.
  ///
  /// @param id its id
  /// @param name the product's name, empty before its hello
  /// @param vendor who makes it
  /// @param engineVersion the product's version
  /// @param mode what its DENY is worth
  /// @param state `starting`, `no content`, `ready`, `demoted`, `backoff`, `suspended` or `stopped`
  /// @param pid its process, 0 if none runs
  /// @param uid the user id that it runs as
  /// @param restarts how often it was started again
  /// @param contentName the content in force, empty if none
  /// @param contentVersion its version
  /// @param contentTrust who vouches for it, such as `local (owner key 3f2a…)`
  /// @param contentEntries how many entries it has
  /// @param asked events that it was asked about
  /// @param answered events that it answered in time
  /// @param missed events that it did not answer in time
  /// @param denied answers that were DENY
  /// @param refused those of them that were refused, since nothing may deny that file
  /// @param found findings that it reported
  /// @param latencyP50Micros the median of its answers' latency, recent answers only
  /// @param latencyP99Micros the 99th percentile of the same
  /// @param costs what it costs the host
  /// @param rightsAsked what it asks for, in the words of `redoubt engines grant`
  /// @param rightsGranted what of that it may
  /// @param release the digest of the bundle that the engine itself came in; null if it came in
  ///   none
  record Engine(
      String id,
      String name,
      String vendor,
      String engineVersion,
      EngineMode mode,
      String state,
      int pid,
      int uid,
      int restarts,
      String contentName,
      String contentVersion,
      String contentTrust,
      long contentEntries,
      long asked,
      long answered,
      long missed,
      long denied,
      long refused,
      long found,
      long latencyP50Micros,
      long latencyP99Micros,
      Costs costs,
      List<String> rightsAsked,
      List<String> rightsGranted,
      @Nullable Sha256 release) {
    public Engine {
      rightsAsked = List.copyOf(rightsAsked);
      rightsGranted = List.copyOf(rightsGranted);
    }
  }

  /// What one engine costs the host.
  ///
  /// @param cpuMicros processor time of all its processes since the agent's start, ended ones
  ///   included, microseconds
  /// @param residentBytes memory that its processes hold now
  /// @param processes how many it has now
  /// @param told events of the host that it got
  /// @param dropped events that it never got, for want of credit or because their user had too many
  /// @param filtered events of the host that it did not get because it had said that it does not
  ///   need them
  record Costs(
      long cpuMicros, long residentBytes, int processes, long told, long dropped, long filtered) {
    /// Of an engine that has not run.
    public static final Costs NONE = new Costs(0, 0, 0, 0, 0, 0);
  }

  /// For whom and for what this host waited most of late.
  ///
  /// @param seconds how far back it reaches
  /// @param programs the programs that asked, the one that waited longest first
  /// @param files the files that were used, likewise
  record HotSpots(int seconds, List<Spot> programs, List<Spot> files) implements ControlReply {
    public HotSpots {
      programs = List.copyOf(programs);
      files = List.copyOf(files);
    }
  }

  /// One program or file.
  ///
  /// @param name its path, empty if it was not known
  /// @param operations how many operations were decided
  /// @param waitedMicros how long they waited all together, microseconds
  /// @param denied how many were denied
  record Spot(String name, long operations, long waitedMicros, long denied) {}
}
