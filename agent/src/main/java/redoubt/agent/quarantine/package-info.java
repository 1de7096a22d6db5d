/// Quarantine: files that are put away so that nobody runs them, and can be had back as they were.
///
/// *What this room is:* the vault, a folder for root alone, with a record for each file in it.
/// *Owns:* the steps by which a file goes in, comes back or is deleted, and how each is finished or
/// undone when it was interrupted; how much the vault may hold. *Never:* decides what is bad, takes
/// a file of the protected set or of Redoubt, reads what a file contains beyond its digest, keeps a
/// file that it has no record of. *Hands off to:* the journal, through notices. *Threads:* one puts
/// away what engines wish; the owner's requests come on theirs; a lock lets one at a time in, of
/// this process and of others. *Limits:* see [Vault]. *Start reading at:* [Vault].
package redoubt.agent.quarantine;
