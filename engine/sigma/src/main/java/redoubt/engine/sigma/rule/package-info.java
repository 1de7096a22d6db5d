/// What a Sigma rule says.
///
/// *What this room is:* the reader of rules: YAML into sealed types, every modifier understood.
/// *Owns:* the meaning of values, modifiers and conditions; the reasons why a rule is refused.
/// *Never:* knows an event; decides how something is searched for. *Hands off to:* `match`.
/// *Threads:* none; all types are immutable. *Limits:* 4 MiB of text, 50 aliases, 100,000 values a
/// rule, conditions nested 100 deep; what placeholders give, 100,000 texts of 16 Mi characters.
/// *Start reading at:* [RuleReader], then [Selection] and [ValueTest].
package redoubt.engine.sigma.rule;
