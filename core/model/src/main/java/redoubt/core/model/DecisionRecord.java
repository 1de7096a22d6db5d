package redoubt.core.model;

import java.util.List;

/// Who asked for what, what the kernel was told, who said what about it, and how fast: the one
/// record that is kept of each AUTH event.
///
/// @param sequence numbers the agent's records since its start, from 1, without gaps unless counted
///   as lost
/// @param timeMillis wall-clock time of the answer, milliseconds since the epoch
/// @param eventClass what was asked
/// @param actor who asked
/// @param path the file's path at the time of the answer as the agent's mount namespace shows it;
///   empty if the kernel could not say
/// @param file the content that was judged
/// @param sha256 the digest of the content, or null where it was not computed
/// @param stable whether the content could not change between digest and answer (a lease was held)
/// @param answer what the kernel was told
/// @param basis why
/// @param policyGeneration the generation of the owner's policy that was in force
/// @param exception the id of the owner's exception that counted, empty if none did
/// @param opinions one for each engine that asked for such events
/// @param latencyNanos from the moment the event was read to the kernel's having the answer
public record DecisionRecord(
    long sequence,
    long timeMillis,
    EventClass eventClass,
    Actor actor,
    String path,
    FileIdentity file,
    @org.jspecify.annotations.Nullable Sha256 sha256,
    boolean stable,
    Verdict answer,
    DecisionBasis basis,
    long policyGeneration,
    String exception,
    List<EngineOpinion> opinions,
    long latencyNanos) {
  public DecisionRecord {
    opinions = List.copyOf(opinions);
  }
}
