package redoubt.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import redoubt.agent.kernel.KernelInventory;
import redoubt.agent.kernel.KernelReport;

/// `redoubt kernel`.
@Command(
    name = "kernel",
    description = {
      "Show the code in the kernel that did not come with it: modules, eBPF programs, and what is"
          + " left of modules that were there before.",
      "",
      "Modules count that are not of the kernel's package, that taint the kernel, that no file has"
          + " the name of, or that hide; and every eBPF program, with who loaded it and who holds it.",
      "",
      "Works without an agent; eBPF programs are shown to root only. The exit status is 1 if there"
          + " is third-party code, and 0 if none was found."
    })
final class KernelCommand extends Subcommand {
  @Option(
      names = "--all",
      description =
          "Show the modules of the kernel's own package too, and each of several eBPF programs that"
              + " are alike.")
  private boolean all;

  KernelCommand(Session session) {
    super(session);
  }

  @Override
  public Integer call() {
    KernelReport report = KernelInventory.ofHost().look(session().clock().instant());
    if (wantsJson()) {
      terminal().json(KernelJson.of(report, all));
    } else {
      new KernelText(terminal(), session().clock().getZone(), ProcessUser.isRoot())
          .print(report, all);
    }
    return report.hasThirdParty() ? ExitCode.NO : ExitCode.OK;
  }
}
