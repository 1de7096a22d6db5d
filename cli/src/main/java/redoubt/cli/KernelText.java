package redoubt.cli;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import redoubt.agent.kernel.KernelModule;
import redoubt.agent.kernel.KernelProgram;
import redoubt.agent.kernel.KernelReport;
import redoubt.agent.kernel.KernelSettings;
import redoubt.agent.kernel.ModuleReport;
import redoubt.agent.kernel.ProgramReport;
import redoubt.cli.Table.Cell;
import redoubt.cli.Terminal.Tone;
import redoubt.core.linux.Taint;

/// What is in the kernel, for people.
///
/// @param terminal where it is printed
/// @param zone in which people are told times
/// @param root whether the one who looked is root
record KernelText(Terminal terminal, ZoneId zone, boolean root) {
  private static final int MOST_HOLDERS = 3;

  void print(KernelReport report, boolean all) {
    field("kernel", report.release().isEmpty() ? "not known" : report.release());
    printModuleSettings(report.modules(), report.settings());
    field("lockdown", lockdown(report.settings().lockdown()));
    field("eBPF", loaders(report.settings()));
    printTaint(report);
    printModules(report.modules(), all);
    printPrograms(report.programs(), all);
    terminal.line("");
    terminal.line(verdict(report));
  }

  private void field(String name, String value) {
    terminal.line(String.format("%-12s", name) + Printable.of(value));
  }

  private void printModuleSettings(ModuleReport modules, KernelSettings settings) {
    switch (modules.availability()) {
      case NOT_SUPPORTED -> field("modules", "none: this kernel takes no modules");
      case UNREADABLE -> field("modules", "cannot be read");
      case LISTED -> {
        field(
            "modules",
            modules.modules().size()
                + " loaded, "
                + modules.thirdParty().size()
                + " of them third-party; "
                + (settings.modulesDisabled().orElse(0) == 0
                    ? "root can load more"
                    : "no more until the next boot (kernel.modules_disabled=1)"));
        field("signatures", signatures(settings));
      }
    }
  }

  private static String signatures(KernelSettings settings) {
    if (settings.signaturesEnforced().isEmpty()) {
      return "this kernel does not look at them";
    }
    boolean locked = !settings.lockdown().isEmpty() && !settings.lockdown().equals("none");
    return settings.signaturesEnforced().getAsInt() == 1 || locked
        ? "enforced: a module without a valid one is refused"
        : "not enforced: a module without a valid one is loaded, and taints";
  }

  private static String lockdown(String chosen) {
    return switch (chosen) {
      case "" -> "not known: this kernel has none, or securityfs is not mounted";
      case "none" -> "none: root can change the running kernel";
      default -> chosen;
    };
  }

  private static String loaders(KernelSettings settings) {
    if (settings.unprivilegedBpfDisabled().isEmpty()) {
      return "the kernel does not say who may load programs";
    }
    int disabled = settings.unprivilegedBpfDisabled().getAsInt();
    return (disabled == 0 ? "every user may load programs" : "only root may load programs")
        + " (kernel.unprivileged_bpf_disabled="
        + disabled
        + ")";
  }

  private void printTaint(KernelReport report) {
    if (report.settings().taint().isEmpty()) {
      field("taint", "cannot be read");
      return;
    }
    long mask = report.settings().taint().getAsLong();
    List<Taint> flags = Taint.of(mask);
    if (mask == 0) {
      field("taint", "none");
      return;
    }
    field("taint", Long.toUnsignedString(mask) + " (" + letters(flags) + ")");
    for (Taint flag : flags) {
      boolean lost = (report.lostTaint() & (1L << flag.bit())) != 0;
      String meaning = flag.letter() + "  " + flag.meaning();
      field("", lost ? meaning + "; no module that is listed did: it is gone, or hides" : meaning);
      mask &= ~(1L << flag.bit());
    }
    if (mask != 0) {
      field("", "?  bits of a newer kernel: 0x" + Long.toHexString(mask));
    }
  }

  static String letters(List<Taint> flags) {
    return flags.isEmpty()
        ? "?"
        : flags.stream()
            .map(flag -> Character.toString(flag.letter()))
            .collect(Collectors.joining());
  }

  private void printModules(ModuleReport modules, boolean all) {
    List<KernelModule> shown = all ? modules.modules() : modules.thirdParty();
    if (!shown.isEmpty()) {
      heading("modules");
      Table table =
          new Table("MODULE", "SIZE", "TAINT", "SIGNATURE", "PACKAGE", "THIRD-PARTY", "FILE");
      shown.forEach(module -> table.add(row(module)));
      table.print(terminal);
    }
    if (modules.availability() == ModuleReport.Availability.LISTED) {
      printDoubts(modules);
    }
  }

  private static Cell[] row(KernelModule module) {
    String why =
        module.reasons().stream()
            .map(KernelModule.Reason::meaning)
            .collect(Collectors.joining(", "));
    return new Cell[] {
      Cell.of(module.name()),
      Cell.of(module.sizeBytes()),
      Cell.of(module.taintLetters().isEmpty() ? "-" : module.taintLetters()),
      Cell.of(module.signature().word()),
      Cell.of(module.packageName().isEmpty() ? "none" : module.packageName()),
      why.isEmpty() ? Cell.of("no") : Cell.of(why, Tone.WARNING),
      Cell.of(module.file().isEmpty() ? "none" : module.file())
    };
  }

  private void printDoubts(ModuleReport modules) {
    List<String> doubts = new ArrayList<>();
    if (modules.folder().isEmpty()) {
      doubts.add("the files of this kernel's modules are not here: their taints alone count");
    } else if (modules.packageDatabase().equals("none")) {
      doubts.add("this host has no package database: the folder of a module's file counts");
    } else if (modules.packageDatabase().equals("unreadable")) {
      doubts.add("the package database cannot be read: the folder of a module's file counts");
    } else if (modules.kernelPackage().isEmpty()) {
      doubts.add("no package brought the image of this kernel");
    }
    if (modules.unreadLines() > 0) {
      doubts.add(modules.unreadLines() + " lines of /proc/modules are not in the kernel's form");
    }
    doubts.forEach(doubt -> terminal.line(terminal.paint(Tone.WARNING, doubt)));
  }

  private void printPrograms(ProgramReport programs, boolean all) {
    if (!programs.programs().isEmpty()) {
      heading("eBPF programs");
      Table table =
          new Table(
              "ID", "N", "TYPE", "NAME", "TAG", "LOADED", "BY", "MAPS", "ATTACHED", "HELD BY");
      Map<List<String>, List<KernelProgram>> alike =
          programs.programs().stream()
              .collect(
                  Collectors.groupingBy(
                      program -> key(program, all), LinkedHashMap::new, Collectors.toList()));
      alike.values().forEach(some -> table.add(row(some)));
      table.print(terminal);
    }
    if (!programs.refusal().isEmpty()) {
      terminal.line("");
      terminal.line(terminal.paint(Tone.WARNING, "eBPF programs: " + refusal(programs)));
    }
    if (programs.cut()) {
      terminal.line(
          terminal.paint(Tone.WARNING, "there are more programs or holders than are looked at"));
    }
  }

  private String refusal(ProgramReport programs) {
    return switch (programs.refusal()) {
      case "EPERM" ->
          root ? "the kernel does not let this process list them" : "to list them needs root";
      case "ENOSYS" -> "the kernel offers no eBPF here";
      default -> "the kernel did not list them: errno=" + programs.refusal();
    };
  }

  /// What programs have in common that share a line: an init system loads the same one for each
  /// service.
  private static List<String> key(KernelProgram program, boolean all) {
    return List.of(
        all ? Integer.toString(program.id()) : "",
        program.type(),
        program.name(),
        program.tag(),
        Integer.toString(program.uid()),
        Integer.toString(program.maps()),
        String.join(", ", program.links()),
        holders(program));
  }

  private Cell[] row(List<KernelProgram> alike) {
    KernelProgram program = alike.getFirst();
    String loaded = program.loaded().map(time -> Times.local(time, zone)).orElse("-");
    return new Cell[] {
      Cell.of(program.id()),
      Cell.of(alike.size()),
      Cell.of(program.type()),
      Cell.of(program.name().isEmpty() ? "-" : program.name()),
      Cell.of(program.tag()),
      Cell.of(alike.size() == 1 ? loaded : loaded + " and later"),
      Cell.of(
          program.user().isEmpty()
              ? "uid " + Integer.toUnsignedString(program.uid())
              : program.user()),
      Cell.of(program.maps()),
      Cell.of(program.links().isEmpty() ? "-" : String.join(", ", program.links())),
      Cell.of(holders(program))
    };
  }

  private static String holders(KernelProgram program) {
    List<String> all =
        Stream.concat(
                program.holders().stream().map(KernelText::holder),
                program.pins().stream().map(path -> "name " + path))
            .toList();
    String first = String.join(", ", all.subList(0, Math.min(all.size(), MOST_HOLDERS)));
    if (all.size() > MOST_HOLDERS) {
      return first + ", and " + (all.size() - MOST_HOLDERS) + " more";
    }
    return all.isEmpty() ? "no process and no name" : first;
  }

  private static String holder(KernelProgram.Holder holder) {
    String process = holder.comm() + " (pid " + holder.pid() + ")";
    return holder.packageName().isEmpty()
        ? process
        : process + " of package " + holder.packageName();
  }

  private void heading(String text) {
    terminal.line("");
    terminal.line(terminal.paint(Tone.TITLE, text));
  }

  private String verdict(KernelReport report) {
    String sentence = "third-party code in the kernel: " + findings(report);
    if (!report.isWhole()) {
      sentence += "; not everything could be looked at";
    }
    return terminal.paint(
        report.hasThirdParty() || !report.isWhole() ? Tone.WARNING : Tone.GOOD, sentence);
  }

  private static String findings(KernelReport report) {
    List<String> found = new ArrayList<>();
    addCount(report.modules().thirdParty().size(), "module", found);
    addCount(report.modules().unreadLines(), "unreadable line", found);
    addCount(report.programs().programs().size(), "eBPF program", found);
    if (report.lostTaint() != 0) {
      found.add(
          "what a module left that is not listed (" + letters(Taint.of(report.lostTaint())) + ")");
    }
    return found.isEmpty() ? "none" : String.join(", ", found);
  }

  private static void addCount(int count, String what, List<String> found) {
    if (count > 0) {
      found.add(String.format(Locale.ROOT, "%d %s%s", count, what, count == 1 ? "" : "s"));
    }
  }
}
