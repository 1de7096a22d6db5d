package redoubt.engine.sigma.pipeline;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import redoubt.engine.sigma.rule.RuleException;
import redoubt.engine.sigma.rule.Selection;

/// Changes the items of a rule and leaves how they are joined. What stands at several places is
/// changed once. Not thread-safe.
final class Walk {
  private final Visitor visitor;
  private final IdentityHashMap<Selection, Optional<Selection>> done = new IdentityHashMap<>();

  /// Changes an item.
  interface Visitor {
    /// What stands for the item; empty to drop it.
    Optional<Selection> change(Selection item) throws RuleException;
  }

  Walk(Visitor visitor) {
    this.visitor = visitor;
  }

  /// The whole with its items changed, itself if none is; empty if all are dropped. Something that
  /// is not there any more neither holds nor fails: what it was joined with stands alone.
  Optional<Selection> change(Selection selection) throws RuleException {
    if (done.containsKey(selection)) {
      return done.getOrDefault(selection, Optional.empty());
    }
    Optional<Selection> changed =
        switch (selection) {
          case Selection.AllOf(List<Selection> parts) -> joined(selection, parts);
          case Selection.AnyOf(List<Selection> parts) -> joined(selection, parts);
          case Selection.Not(Selection part) ->
              change(part)
                  .map(other -> Items.isSame(other, part) ? selection : new Selection.Not(other));
          case Selection.Item _, Selection.Field _, Selection.AnyField _ ->
              visitor.change(selection);
        };
    done.put(selection, changed);
    return changed;
  }

  private Optional<Selection> joined(Selection whole, List<Selection> parts) throws RuleException {
    List<Selection> kept = new ArrayList<>();
    boolean same = true;
    for (Selection part : parts) {
      Optional<Selection> other = change(part);
      same &= other.isPresent() && Items.isSame(other.get(), part);
      other.ifPresent(kept::add);
    }
    if (same) {
      return Optional.of(whole);
    }
    if (kept.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        whole instanceof Selection.AllOf ? Selection.all(kept) : Selection.any(kept));
  }
}
