/// What the kernel is told, and why.
///
/// *What this room is:* the way of an operation from the hook to its answer and its record. *Owns:*
/// the order of precedence (self, protected, cache, engines, deadline), the verdict cache, the
/// shared digest, the combination of verdicts, the soft deadline. *Never:* parses file content,
/// opens a file, talks to a socket itself, writes the journal itself. *Hands off to:* engines
/// through [EngineLink]; the answer to `hook`; the record to [Recorder]. *Threads:* readers call
/// [Decider]; examiners hash; engine threads bring verdicts; one [DeadlineKeeper] answers for the
/// silent; one [Recorder] writes up. No lock is held across a call to another room. *Limits:* the
/// cache's size, the queues' bounds, the engines' number: [DecisionLimits]. *Start reading at:*
/// [Decider], then [Inquiry].
package redoubt.agent.decision;
