/// Where people and programs come in.
///
/// *What this room is:* the REST interface of a fleet server, over TLS, as `spec/fleet-api.yaml`
/// describes it. *Owns:* who is asked for which role, the form of answers and errors. *Never:*
/// holds a rule of the fleet's own, answers without a token. *Hands off to:* the stores, the plane
/// and the server's actions. *Threads:* a virtual one for each request. *Limits:* bodies of 64 KiB,
/// answers of 1,000 entries. *Start reading at:* [ApiServer].
package redoubt.server.api;
