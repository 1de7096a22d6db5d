package redoubt.engine.sigma.pipeline;

import redoubt.engine.sigma.rule.Origin;

/// One step of a pipeline: what is done, and to what.
///
/// @param id what conditions of later steps call it by; empty if it has none
/// @param rules for which rules the step is
/// @param items for which of their items
/// @param names for which fields
/// @param origin where it stands
record Step(
    String id,
    Change change,
    Joined<RuleCondition> rules,
    Joined<ItemCondition> items,
    Joined<NameCondition> names,
    Origin origin) {}
