package redoubt.testing.conformance;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;

/// One run of the kit's program within the test.
///
/// @param status its exit status
/// @param out what it printed
/// @param err what it complained about
record KitRun(int status, String out, String err) {
  static KitRun of(List<String> engine, String... options) {
    List<String> arguments = new ArrayList<>(List.of(options));
    if (!engine.isEmpty()) {
      arguments.add("--");
      arguments.addAll(engine);
    }
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Main program = new Main(new PrintWriter(out, true), new PrintWriter(err, true), false);
    int status = program.run(arguments.toArray(String[]::new));
    return new KitRun(status, out.toString(), err.toString());
  }
}
