/// What starts a server of a fleet, and what runs then.
///
/// *What this room is:* the one interface between the command line, which has the options, and the
/// server, which most hosts do without: whoever has its jars on the module path finds it as a
/// service. *Owns:* nothing. *Never:* opens a file or a connection. *Hands off to:* the server.
/// *Threads:* the caller's. *Limits:* those of [ServerSettings]. *Start reading at:*
/// [ServerLauncher].
package redoubt.fleet.serving;
