package redoubt.testing.conformance;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import redoubt.core.wire.EngineMessage;
import redoubt.core.wire.EngineMessage.EventVerdict;

/// Credits and answers of one conversation: what every engine owes, whatever is being checked.
final class Ledger {
  private final Map<Long, Long> sentNanos = new HashMap<>();
  private final Map<Long, Answer> answers = new HashMap<>();
  private long mostCredits;
  private long given;
  private long credits;
  private boolean ready;
  private long lastTold;
  private long lastHandled;

  /// Notes the most credits that a welcome allows.
  void welcomed(int maxCredits) {
    mostCredits = maxCredits;
  }

  /// Notes an event that is about to be sent.
  void asked(long eventId) {
    sentNanos.put(eventId, System.nanoTime());
    credits--;
  }

  /// Notes events of the host that are about to be sent.
  ///
  /// @return the id of the first
  long told(int events) {
    lastTold += events;
    return lastTold - events + 1;
  }

  /// How many events of the host the engine has not handled.
  long unhandled() {
    return lastTold - lastHandled;
  }

  private void handled(long throughId) {
    if (throughId > lastTold || throughId <= lastHandled) {
      throw new ClaimBrokenException(
          "handled events of the host that it does not have: throughId="
              + throughId
              + " sent="
              + lastTold
              + " handled="
              + lastHandled);
    }
    lastHandled = throughId;
  }

  /// Takes a message of the engine's into account.
  ///
  /// @throws ClaimBrokenException if the engine was not entitled to it
  void take(EngineMessage message) {
    switch (message) {
      case EngineMessage.Ready(var more) -> {
        if (ready) {
          throw new ClaimBrokenException("said Ready twice");
        }
        ready = true;
        give(more);
      }
      case EngineMessage.Credits(var more) -> {
        requireReady("Credits");
        give(more);
      }
      case EngineMessage.Verdicts(var verdicts) -> {
        requireReady("Verdicts");
        verdicts.forEach(this::verdict);
      }
      case EngineMessage.Abstained(var ids, _) -> {
        requireReady("Abstained");
        ids.forEach(this::abstained);
      }
      case EngineMessage.Handled(var throughId) -> handled(throughId);
      case EngineMessage.Hello _,
          EngineMessage.ContentLoaded _,
          EngineMessage.ContentRefused _,
          EngineMessage.Filter _,
          EngineMessage.Report _,
          EngineMessage.Pong _ -> {
        // Neither credit nor answer.
      }
    }
  }

  boolean ready() {
    return ready;
  }

  /// How many events may be sent now.
  long credits() {
    return credits;
  }

  /// How many events wait for their answer.
  int open() {
    return sentNanos.size() - answers.size();
  }

  boolean answered(long eventId) {
    return answers.containsKey(eventId);
  }

  Answer answer(long eventId) {
    Answer answer = answers.get(eventId);
    if (answer == null) {
      throw new ClaimBrokenException("not answered: eventId=" + eventId);
    }
    return answer;
  }

  /// How many answers took longer than that.
  long late(long millis) {
    return answers.values().stream().filter(each -> each.waitedMillis() > millis).count();
  }

  List<Answer> answers() {
    return List.copyOf(answers.values());
  }

  private void requireReady(String what) {
    if (!ready) {
      throw new ClaimBrokenException("sent " + what + " before Ready");
    }
  }

  private void give(int more) {
    given += more;
    credits += more;
    if (given > mostCredits) {
      throw new ClaimBrokenException(
          "gave more credits than the welcome allows: given=" + given + " most=" + mostCredits);
    }
  }

  private void verdict(EventVerdict verdict) {
    settle(verdict.eventId(), new Answer(verdict.eventId(), verdict, waited(verdict.eventId())));
  }

  private void abstained(long eventId) {
    settle(eventId, new Answer(eventId, null, waited(eventId)));
  }

  private long waited(long eventId) {
    Long sent = sentNanos.get(eventId);
    if (sent == null) {
      throw new ClaimBrokenException("answered an event that was never sent: eventId=" + eventId);
    }
    return (System.nanoTime() - sent) / 1_000_000;
  }

  private void settle(long eventId, Answer answer) {
    if (answers.put(eventId, answer) != null) {
      throw new ClaimBrokenException("answered twice: eventId=" + eventId);
    }
    credits++;
  }
}
