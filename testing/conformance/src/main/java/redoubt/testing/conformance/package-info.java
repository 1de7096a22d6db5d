/// A black-box suite for engines: whatever speaks the engine protocol can be held against it.
///
/// *What this room is:* a program that plays the agent. It starts an engine executable as the agent
/// does, says right and wrong things to it, and reports what the engine kept of
/// `spec/engine-protocol.md`. *Owns:* the catalogue of checks and their ids, which are stable; the
/// report; the list of expected failures. *Never:* looks into an engine, uses the agent's or an
/// engine's code, knows what a verdict should be unless it wrote the content itself. *Hands off
/// to:* vendors, who publish the report. *Threads:* one runs the checks, one after the other; one
/// more accepts a connection. *Limits:* each check has an engine process of its own, each wait a
/// bound; processes left over are killed. *Start reading at:* [Catalogue], then [Conversation].
package redoubt.testing.conformance;
