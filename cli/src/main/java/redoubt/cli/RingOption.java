package redoubt.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A ring of a rollout as it is written on the command line. Stateless.
final class RingOption {
  /// For the help.
  static final String FORM = "NAME=WHO[,soak=TIME][,well=N]";

  private static final Pattern NAMED = Pattern.compile("([^=]+)=([^,]+)((?:,[^,]+)*)");
  private static final Pattern SHARE = Pattern.compile("share:([0-9]{1,3}(?:\\.[0-9]{1,6})?)%");
  private static final Pattern COUNT = Pattern.compile("[0-9]{1,7}");

  private RingOption() {}

  /// Reads one: `pilot=host:web-1+web-2,soak=30m`, `early=label:canary`, `some=share:5%,well=20`,
  /// `rest=everyone`.
  ///
  /// @param idOf finds a host by what people call it
  /// @return as the server takes it
  /// @throws Problem naming what is wrong
  static ObjectNode parse(String text, UnaryOperator<String> idOf) {
    Matcher named = NAMED.matcher(text);
    if (!named.matches()) {
      throw none(text, "is not " + FORM);
    }
    ObjectNode ring = JsonNodeFactory.instance.objectNode().put("name", named.group(1));
    members(ring, named.group(2), text, idOf);
    for (String option : named.group(3).split(",", -1)) {
      if (option.startsWith("soak=")) {
        ring.put(
            "soakMinutes",
            Times.parseAge(option.substring("soak=".length()))
                .orElseThrow(() -> none(text, "soak is a time such as 30m"))
                .toMinutes());
      } else if (option.startsWith("well=")) {
        String count = option.substring("well=".length());
        if (!COUNT.matcher(count).matches()) {
          throw none(text, "well is a number of hosts");
        }
        ring.put("confirmed", Integer.parseInt(count));
      } else if (!option.isEmpty()) {
        throw none(text, "has no option " + option);
      }
    }
    return ring;
  }

  private static void members(
      ObjectNode ring, String who, String text, UnaryOperator<String> idOf) {
    Matcher share = SHARE.matcher(who);
    if (who.equals("everyone")) {
      ring.put("everyone", true);
    } else if (share.matches()) {
      ring.put("share", Double.parseDouble(share.group(1)) / 100);
    } else if (who.startsWith("label:")) {
      ArrayNode labels = ring.putArray("labels");
      for (String label : who.substring("label:".length()).split("\\+", -1)) {
        labels.add(label);
      }
    } else if (who.startsWith("host:")) {
      ArrayNode hosts = ring.putArray("hosts");
      for (String host : who.substring("host:".length()).split("\\+", -1)) {
        hosts.add(idOf.apply(host));
      }
    } else {
      throw none(text, "names nobody");
    }
  }

  private static Problem none(String text, String why) {
    return new Problem(
        ExitCode.USAGE,
        "no ring: " + Printable.of(text) + " " + Printable.of(why),
        "name who is in it: pilot=host:web-1+web-2, early=label:canary,soak=30m, some=share:5%,"
            + " rest=everyone");
  }
}
