/// What the server and its libraries log.
///
/// *What this room is:* one way for all of it, to standard error. *Owns:* the form of a line, and
/// from which level on who is heard. *Never:* decides what is logged. *Hands off to:* whoever keeps
/// standard error. *Threads:* any. *Limits:* none of its own. *Start reading at:* [ServerLog].
package redoubt.server.log;
