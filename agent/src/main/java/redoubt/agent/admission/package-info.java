/// Whether a bundle may be used on this host at all.
///
/// *What this room is:* the door. A bundle is loaded by the very engine that it is for, in a
/// process that is thrown away afterwards; each of its test vectors must come out as it says
/// ([Admission]), and nothing that this host has or did may be harmed ([Backtest]). *Owns:* the
/// budget of such a run, the agent's side of the conversation in it, the report. *Never:* looks
/// into content, trusts what a bundle says of itself, touches an engine that serves. *Hands off
/// to:* whoever decides what becomes of the bundle, as an [AdmissionReport]. *Threads:* the
/// caller's, which waits for the engine; one of its own watches the budget. *Limits:* one engine at
/// a time; the bundle's and the engine's own limits, the smaller counts; 64 problems in a report.
/// *Start reading at:* [Tryout].
package redoubt.agent.admission;
