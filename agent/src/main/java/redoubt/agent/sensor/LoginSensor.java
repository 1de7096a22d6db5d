package redoubt.agent.sensor;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import redoubt.agent.bounded.BoundedMap;
import redoubt.agent.health.Counters;
import redoubt.agent.health.TimeSource;
import redoubt.agent.process.ProcessTree;
import redoubt.core.linux.LoginRecord;
import redoubt.core.model.EventClass;
import redoubt.core.model.HostEvent;
import redoubt.core.model.ProcessInfo;

/// Hears who logs in, is refused and logs out, from the files in which the programs that let people
/// in write it down.
///
/// One thread looks every second; [#close] may be called by any.
public final class LoginSensor extends SystemSensor {
  private static final int TERMINALS = 1_024;

  private final GrowingFile logins;
  private final GrowingFile refusals;
  private final ProcessTree tree;

  /// Who uses each terminal: the record of the end does not say.
  private final Map<String, LoginRecord> sessions = BoundedMap.forgettingEldest(TERMINALS);

  private LoginSensor(
      GrowingFile logins,
      GrowingFile refusals,
      ProcessTree tree,
      HostEventSink sink,
      Counters counters,
      TimeSource time) {
    super(sink, counters, time);
    this.logins = logins;
    this.refusals = refusals;
    this.tree = tree;
  }

  /// Begins to hear.
  ///
  /// @param folder where `wtmp` and `btmp` are
  /// @throws IOException if there is neither
  public static LoginSensor start(
      Path folder, ProcessTree tree, HostEventSink sink, Counters counters, TimeSource time)
      throws IOException {
    GrowingFile logins = new GrowingFile(folder.resolve("wtmp"), LoginRecord.BYTES);
    GrowingFile refusals = new GrowingFile(folder.resolve("btmp"), LoginRecord.BYTES);
    if (!logins.isThere() && !refusals.isThere()) {
      throw new IOException("no records of logins: neither wtmp nor btmp in folder=" + folder);
    }
    LoginSensor sensor = new LoginSensor(logins, refusals, tree, sink, counters, time);
    Thread.ofPlatform().name("login-sensor").daemon().start(sensor::run);
    return sensor;
  }

  private void run() {
    try (logins;
        refusals) {
      hear();
    }
  }

  @Override
  boolean await(int timeoutMillis) {
    return pause(timeoutMillis);
  }

  @Override
  List<HostEvent> read() {
    List<HostEvent> events = new ArrayList<>();
    for (byte[] bytes : logins.read()) {
      LoginRecord record = LoginRecord.parse(bytes);
      if (record.type() == LoginRecord.USER_PROCESS) {
        sessions.put(record.line(), record);
        events.add(activity(EventClass.LOGIN, record, record));
      } else if (record.type() == LoginRecord.DEAD_PROCESS) {
        LoginRecord login = sessions.remove(record.line());
        if (login != null || !record.user().isEmpty()) {
          events.add(activity(EventClass.LOGOUT, record, login == null ? record : login));
        }
      }
    }
    for (byte[] bytes : refusals.read()) {
      LoginRecord record = LoginRecord.parse(bytes);
      if (record.type() == LoginRecord.USER_PROCESS || record.type() == LoginRecord.LOGIN_PROCESS) {
        events.add(activity(EventClass.LOGIN_FAILURE, record, record));
      }
    }
    return events;
  }

  private static HostEvent activity(EventClass eventClass, LoginRecord record, LoginRecord who) {
    return new HostEvent.LoginActivity(
        eventClass,
        record.timeNanos(),
        ProcessInfo.UNKNOWN.forkedAs(Math.max(0, record.process()), -1),
        who.user(),
        record.line(),
        who.host());
  }

  @Override
  HostEvent settled(HostEvent event) {
    return event instanceof HostEvent.LoginActivity login
        ? new HostEvent.LoginActivity(
            login.eventClass(),
            login.timeNanos(),
            tree.findLast(login.process().pid()),
            login.user(),
            login.terminal(),
            login.host())
        : event;
  }
}
