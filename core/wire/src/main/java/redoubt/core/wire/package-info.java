/// The messages between agent and engine and between agent and command line.
///
/// *What this room is:* the only room that knows protobuf. Everybody else sees records. *Owns:*
/// framing (one message, one datagram), size limits, validation of every field that somebody else
/// wrote, protocol versions. *Never:* sockets, descriptors, threads, policy. Generated classes do
/// not leave this package. *Hands off to:* the agent's engine sessions, the engine kit, the control
/// socket and its client. *Threads:* messages are immutable; codecs are stateless and safe for use
/// by any thread. *Limits:* [WireLimits]. More is a [WireException], never a bigger buffer. *Start
/// reading at:* [AgentMessage] and [EngineMessage].
package redoubt.core.wire;
