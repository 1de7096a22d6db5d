/// The messages between agent and engine and between agent and command line.
///
/// *What this room is:* the only room that knows protobuf. Everybody else sees records. *Owns:*
/// framing (one message, one datagram), size limits, validation of every field that somebody else
/// wrote, protocol versions. *Never:* sockets, descriptors, threads, policy. Generated classes do
/// not leave this package. *Hands off to:* the agent's engine sessions, the engine kit, the control
/// socket and its client. *Threads:* messages are immutable; codecs are stateless and safe for use
/// by any thread. *Limits:* [WireLimits]. More is a [WireException], never a bigger buffer. *Start
/// reading at:* [AgentMessage] and [EngineMessage], then [EngineCodec].
///
/// The schemas are `spec/*.proto`. Their wire format is read and written here by hand, in the two
/// small classes `ProtoReader` and `ProtoWriter`, not by generated code: an engine stays within its
/// memory limit (the protobuf library loads hundreds of classes to read its own descriptors), the
/// modules stay named ones, and what reads bytes of an untrusted peer in a root process is a page
/// of code. That both sides agree with the schema is proven by tests against `protoc`'s generated
/// classes, field by field.
package redoubt.core.wire;
