package redoubt.engine.sigma.pipeline;

/// What a step does: the transformations of pySigma, by what they look at.
sealed interface Change permits RuleChange, FieldChange, ItemChange, ValueChange {}
