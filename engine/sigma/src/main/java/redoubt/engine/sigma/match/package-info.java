/// Which rules an event matches.
///
/// *What this room is:* all rules for one log source compiled together: one index of texts for each
/// field, and only rules of which something was found are evaluated. *Owns:* how texts, patterns,
/// numbers, networks and dates are compared. *Never:* backtracks: every test takes time in
/// proportion to the value. *Hands off to:* whoever asked. *Threads:* [RuleSet] is immutable; a
/// [RuleMatcher] belongs to one thread. *Limits:* none but those of rules and events. *Start
/// reading at:* [RuleMatcher], then [RuleGroup].
package redoubt.engine.sigma.match;
