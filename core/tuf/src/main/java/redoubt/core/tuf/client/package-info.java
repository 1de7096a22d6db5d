/// The client's side of The Update Framework: section 5 of the specification, step by step.
///
/// *What this room is:* what brings a host from the root that its owner trusts to a target that a
/// repository's roles vouch for today. *Owns:* the order of steps, which stand as comments on the
/// lines that obey them; the search through delegations; the check of targets. *Never:* decides
/// which repository may speak for what, or that a target is used: expired or unreachable metadata
/// ends in an outcome, and what runs on the host goes on. *Hands off to:* the store and mirror
/// packages for bytes; the policy package asks more of what is found. *Threads:* an [Updater] is
/// for one thread at a time. *Limits:* [redoubt.core.tuf.Limits]. *Start reading at:*
/// [Updater#refresh].
package redoubt.core.tuf.client;
