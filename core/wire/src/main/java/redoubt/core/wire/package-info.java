/// The messages between agent and engine, between agent and command line, and between a host and
/// the server of its fleet.
///
/// *What this room is:* the only room that knows protobuf. Everybody else sees records. *Owns:*
/// framing (one message, one datagram), size limits, validation of every field that somebody else
/// wrote, protocol versions. *Never:* sockets, descriptors, threads, policy. Generated classes do
/// not leave this package. *Hands off to:* the agent's engine sessions, the engine kit, the control
/// socket and its client. *Threads:* messages are immutable; codecs are stateless and safe for use
/// by any thread. *Limits:* [WireLimits]. More is a [WireException], never a bigger buffer. *Start
/// reading at:* [AgentMessage] and [EngineMessage], then [EngineCodec]; for fleets [HostMessage].
///
/// The schemas are `spec/*.proto`. Messages are read and written field by field through protobuf's
/// own streams, not through generated classes: these load several hundred classes for descriptors
/// and builders that nobody here needs, and an engine has to stay within its memory. That both
/// agree is proven by tests against `protoc`'s generated code.
package redoubt.core.wire;
