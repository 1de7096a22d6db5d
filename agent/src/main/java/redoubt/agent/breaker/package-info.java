/// False-positive safety: an engine that suddenly denies what the host lives on loses its say.
///
/// *What this room is:* the breaker on each engine's denials. *Owns:* which programs ran before,
/// how many known files each engine has denied of late. *Never:* sits on the way of an answer,
/// believes what an unprivileged user alone can bring about, outlaws a single verdict. *Hands off
/// to:* `redoubt.agent`, which feeds it decision records after the answer, tells it which files
/// only root can have put there, and takes an engine's say away or gives it back. *Threads:* the
/// recorder notes, the housekeeper checks. *Limits:* see [VerdictBreaker]. *Start reading at:*
/// [VerdictBreaker].
package redoubt.agent.breaker;
