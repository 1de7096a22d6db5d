/// What owners bring to other people's rules: pipelines and values.
///
/// *What this room is:* pipelines in the form of pySigma's, which fit rules to the logs of whoever
/// uses them, and files of values for placeholders. *Owns:* the meaning of transformations and
/// their conditions; which of them are refused. *Never:* opens a file, runs a command or uses the
/// network because a pipeline says so; passes over what it does not know. *Hands off to:* `rule`,
/// whose rules it changes after they are read and before they are compiled. *Threads:* none; what
/// is read is immutable. *Limits:* 4 MiB a file, 1,000 steps a pipeline, nested 10 deep; of one
/// rule 200,000 tests, 2,000,000 made and 16 Mi characters replaced on the way. *Start reading at:*
/// [Pipelines], then [Steps] and [Change].
package redoubt.engine.sigma.pipeline;
