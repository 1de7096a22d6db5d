package redoubt.engine.sigma.vectors;

import java.util.List;
import java.util.Set;
import redoubt.core.model.HostEvent;
import redoubt.engine.sigma.rule.Rule;

/// A vector before it has been run.
///
/// @param about the rule that it is about
/// @param observed the rule whose report shows the outcome: itself, or one about it
/// @param reported whether that is reported, as the reference says
/// @param tests those of the rule that it shows at work
record Planned(
    String name,
    Rule about,
    Rule observed,
    boolean reported,
    List<HostEvent> activity,
    Set<String> tests) {}
