/// The engines: starting them, talking with them, judging how they behave.
///
/// *What this room is:* the agent's side of the engine protocol (`spec/engine-protocol.md`).
/// *Owns:* each engine's process and socket, credits, demotion, restart with back-off. *Never:*
/// decides an operation, knows what an engine does, treats one vendor's engine unlike another's,
/// forks. *Hands off to:* `decision`, as [redoubt.agent.decision.EngineLink]. *Threads:* one
/// platform thread per engine, alive as long as the engine is registered, starts the process and
/// receives from it; sending happens on whatever thread asks, without blocking. *Limits:* every
/// queue and every count of descriptors with an engine is bounded by credits. *Start reading at:*
/// [EngineSeat], then [EngineConnection].
package redoubt.agent.engine;
