package redoubt.server.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.time.InstantSource;
import redoubt.server.store.Mark;
import redoubt.server.store.MarkStore;

/// What people say was no threat. Thread-safe.
///
/// @param changed is run when somebody who looks at findings or engines would see something else
record MarkRoutes(MarkStore marks, Runnable changed, InstantSource clock) {
  JsonNode list(Asked asked) {
    ArrayNode all = Answers.array();
    marks
        .list(asked.number("from", 0, Integer.MAX_VALUE, 0), asked.most())
        .forEach(mark -> all.add(json(mark)));
    return Answers.object().set("marks", all);
  }

  JsonNode add(Asked asked) {
    JsonNode body = asked.body();
    Mark.Terms terms =
        new Mark.Terms(
            Body.text(body, "engine"),
            Body.text(body, "rule"),
            Body.text(body, "subject", ""),
            Body.text(body, "comment", ""));
    Mark mark = marks.add(terms, asked.by(), clock.instant());
    changed.run();
    return json(mark);
  }

  JsonNode remove(Asked asked) {
    int id = Integer.parseInt(asked.part("id"));
    marks.remove(id, asked.by(), clock.instant());
    changed.run();
    return Answers.object().put("id", id);
  }

  private static JsonNode json(Mark mark) {
    return Answers.object()
        .put("id", mark.id())
        .put("engine", mark.terms().engine())
        .put("rule", mark.terms().rule())
        .put("subject", mark.terms().subject())
        .put("comment", mark.terms().note())
        .put("made", mark.made().toString())
        .put("madeBy", mark.madeBy());
  }
}
