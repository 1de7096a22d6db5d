/// What the owner asks for beyond TUF: which repository may speak for what, and two parties behind
/// every bundle.
///
/// *What this room is:* the owner's choice of roots, vendors and trial runners as records, and the
/// rule that one party alone can publish nothing. *Owns:* the form `x-redoubt-parties` in
/// delegations, and what it means. *Never:* verifies a signature itself, or asks one repository
/// about what another may speak for. *Hands off to:* the client package for each repository.
/// *Threads:* records are immutable; a [TrustedContent] is for one thread at a time. *Limits:* 64
/// repositories. *Start reading at:* [TrustedRepositories] and [TwoPartyRule].
package redoubt.core.tuf.policy;
