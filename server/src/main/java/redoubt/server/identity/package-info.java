/// Who is who in a fleet.
///
/// *What this room is:* the fleet's own certificate authority, the tokens by which hosts are taken
/// in, and the keys that leases and exported documents are signed with. *Owns:* the private keys on
/// disk. *Never:* speaks to a network or a database, decides who may do what. *Hands off to:* the
/// plane, which lets hosts in by what is issued here. *Threads:* everything is immutable once
/// opened. *Limits:* certificates of hosts last thirty days, that of the server three months, the
/// authority ten years. *Start reading at:* [Authority].
package redoubt.server.identity;
