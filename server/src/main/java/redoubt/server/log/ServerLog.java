package redoubt.server.log;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// What the server and its libraries log: a line for each message, on standard error, which systemd
/// keeps. Libraries are heard from warnings on, the server itself from what people want to know.
public final class ServerLog {
  private static final String OWN = "redoubt";

  private ServerLog() {}

  /// From now on, for the whole process.
  public static void begin() {
    LogManager.getLogManager().reset();
    Handler handler = new ConsoleHandler();
    handler.setFormatter(new Lines());
    handler.setLevel(Level.ALL);
    Logger root = Logger.getLogger("");
    root.addHandler(handler);
    root.setLevel(Level.WARNING);
    OWN_LOGGER.setLevel(Level.INFO);
  }

  /// Held, since the log manager forgets a logger that nobody holds, with its level.
  private static final Logger OWN_LOGGER = Logger.getLogger(OWN);

  /// `TIME LEVEL LOGGER: MESSAGE`.
  private static final class Lines extends Formatter {
    @Override
    public String format(LogRecord entry) {
      StringWriter text = new StringWriter();
      text.append(Instant.ofEpochMilli(entry.getMillis()).truncatedTo(ChronoUnit.SECONDS) + " ");
      text.append(entry.getLevel().getName().toLowerCase(Locale.ROOT)).append(' ');
      text.append(entry.getLoggerName()).append(": ");
      text.append(formatMessage(entry)).append(System.lineSeparator());
      Throwable thrown = entry.getThrown();
      if (thrown != null) {
        thrown.printStackTrace(new PrintWriter(text, true));
      }
      return text.toString();
    }
  }
}
