/// Rules over what happens on this host now.
///
/// *What this room is:* the Sigma engine as the platform runs it, in a process of its own without
/// rights. *Owns:* how events of the host are called in the words of rules, and how a detection
/// becomes a finding. *Never:* judges an operation, or asks for file content. *Hands off to:* the
/// kit, which talks to the agent. *Threads:* one loads rules, another runs them; the switch is one
/// assignment. *Limits:* those of rules and of the protocol. *Start reading at:* [SigmaEngine].
package redoubt.engine.sigma.live;
