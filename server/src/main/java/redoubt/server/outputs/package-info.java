/// What leaves the server for other people's programs: webhooks and syslog.
///
/// *What this room is:* a thread for each output, which sends what its store has for it, in order,
/// until it is taken. *Owns:* the form of what is sent, signatures, how often it is tried again.
/// *Never:* takes anything in, follows a redirection, sends in the clear to another machine unless
/// the owner has named a way that is. *Hands off to:* the receivers that the owner has named.
/// *Threads:* a virtual one for each output. *Limits:* eight outputs, a hundred thousand things
/// that wait, a hundred at a time. *Start reading at:* [OutputDesk].
package redoubt.server.outputs;
