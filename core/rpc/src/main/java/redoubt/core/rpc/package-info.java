/// The service through which hosts and the server of their fleet meet.
///
/// *What this room is:* the names of gRPC methods, and the limit of their messages. *Owns:* that
/// messages go as bytes: what is in them is the business of [redoubt.core.wire.FleetCodec], on both
/// sides. *Never:* opens a connection. *Hands off to:* the server's plane and the courier.
/// *Threads:* everything is immutable. *Limits:* [redoubt.core.wire.WireLimits]. *Start reading
/// at:* [FleetMethods].
package redoubt.core.rpc;
