/// What engines interpret, from the owner's file to bytes that are known to be unchanged.
///
/// *What this room is:* the keeper of content, where it is made and where it is used. It writes and
/// reads vendors' bundles ([BundleWriter], [BundleFile]), packs rules for engines, takes the
/// owner's own lists, signs them with the host's owner key and remembers which one is in force;
/// vendors' bundles will pass the same door. *Owns:* the form of bundles as files, the owner key,
/// the form of the signed manifest and of signed documents ([SignedDocument]), the store below the
/// state directory. *Never:* looks into a payload, talks to a network or an engine, decides which
/// engine gets what. *Hands off to:* the agent, which copies a [VerifiedBundle] into sealed memory
/// for an engine. *Threads:* values are immutable; a [ContentStore] is for one thread at a time and
/// for one process at a time. *Limits:* a payload of 256 MiB, a manifest of 64 KiB, two bundles
/// kept for each engine. *Start reading at:* [ContentStore#importLocal] and [VerifiedBundle].
package redoubt.core.content;
