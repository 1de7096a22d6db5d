package redoubt.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import redoubt.agent.kernel.KernelModule;
import redoubt.agent.kernel.KernelProgram;
import redoubt.agent.kernel.KernelReport;
import redoubt.agent.kernel.KernelSettings;
import redoubt.agent.kernel.ModuleReport;
import redoubt.agent.kernel.ModuleSignature;
import redoubt.agent.kernel.ProgramReport;
import redoubt.core.linux.Taint;

/// What is in the kernel, for programs. The fields are promises: see `docs/guides/operate.md`.
final class KernelJson {
  private KernelJson() {}

  /// @param all whether modules of the kernel's own package are listed too
  static ObjectNode of(KernelReport report, boolean all) {
    ObjectNode node = Subcommand.object();
    node.put("release", report.release());
    node.put("thirdParty", report.hasThirdParty());
    node.put("complete", report.isWhole());
    addTaint(node.putObject("taint"), report);
    addSettings(node.putObject("settings"), report.settings());
    addModules(node.putObject("modules"), report.modules(), all);
    addPrograms(node.putObject("programs"), report.programs());
    return node;
  }

  private static void addTaint(ObjectNode node, KernelReport report) {
    if (report.settings().taint().isEmpty()) {
      node.putNull("mask");
    } else {
      node.put("mask", report.settings().taint().getAsLong());
    }
    ArrayNode flags = node.putArray("flags");
    for (Taint flag : Taint.of(report.settings().taint().orElse(0))) {
      flags
          .addObject()
          .put("bit", flag.bit())
          .put("letter", Character.toString(flag.letter()))
          .put("meaning", flag.meaning())
          .put("unexplained", (report.lostTaint() & (1L << flag.bit())) != 0);
    }
  }

  private static void addSettings(ObjectNode node, KernelSettings settings) {
    putNumber(node, "modulesDisabled", settings.modulesDisabled());
    putNumber(node, "signaturesEnforced", settings.signaturesEnforced());
    node.put("lockdown", settings.lockdown());
    putNumber(node, "unprivilegedBpfDisabled", settings.unprivilegedBpfDisabled());
  }

  private static void putNumber(ObjectNode node, String name, OptionalInt number) {
    if (number.isPresent()) {
      node.put(name, number.getAsInt());
    } else {
      node.putNull(name);
    }
  }

  private static void addModules(ObjectNode node, ModuleReport modules, boolean all) {
    node.put("availability", word(modules.availability()));
    node.put("loaded", modules.modules().size());
    node.put("thirdParty", modules.thirdParty().size());
    node.put("builtIn", modules.builtIn());
    node.put("unreadLines", modules.unreadLines());
    node.put("folder", modules.folder());
    node.put("packageDatabase", modules.packageDatabase());
    node.put("kernelPackage", modules.kernelPackage());
    ArrayNode list = node.putArray("list");
    List<KernelModule> shown = all ? modules.modules() : modules.thirdParty();
    shown.forEach(module -> addModule(list.addObject(), module));
  }

  private static void addModule(ObjectNode node, KernelModule module) {
    node.put("name", module.name())
        .put("thirdParty", module.isThirdParty())
        .put("sizeBytes", module.sizeBytes())
        .put("references", module.references())
        .put("state", module.state().toLowerCase(Locale.ROOT))
        .put("taint", module.taintLetters())
        .put("version", module.version())
        .put("sourceVersion", module.sourceVersion())
        .put("file", module.file())
        .put("package", module.packageName());
    module.usedBy().forEach(node.putArray("usedBy")::add);
    ArrayNode reasons = node.putArray("reasons");
    module.reasons().forEach(reason -> reasons.add(word(reason)));
    ObjectNode signature = node.putObject("signature").put("state", module.signature().word());
    switch (module.signature()) {
      case ModuleSignature.Signed signed ->
          signature.put("kind", signed.kind()).put("lengthBytes", signed.lengthBytes());
      case ModuleSignature.Compressed compressed -> signature.put("how", compressed.how());
      case ModuleSignature.Unsigned _, ModuleSignature.Broken _, ModuleSignature.Unknown _ -> {}
    }
  }

  private static void addPrograms(ObjectNode node, ProgramReport programs) {
    node.put("refusal", programs.refusal());
    node.put("cut", programs.cut());
    ArrayNode list = node.putArray("list");
    programs.programs().forEach(program -> addProgram(list.addObject(), program));
  }

  private static void addProgram(ObjectNode node, KernelProgram program) {
    node.put("id", program.id())
        .put("type", program.type())
        .put("name", program.name())
        .put("tag", program.tag());
    if (program.loaded().isPresent()) {
      node.put("loadedMillis", program.loaded().get().toEpochMilli());
    } else {
      node.putNull("loadedMillis");
    }
    node.put("uid", Integer.toUnsignedLong(program.uid()))
        .put("user", program.user())
        .put("maps", program.maps());
    ArrayNode holders = node.putArray("holders");
    for (KernelProgram.Holder holder : program.holders()) {
      holders
          .addObject()
          .put("pid", holder.pid())
          .put("comm", holder.comm())
          .put("executable", holder.executable())
          .put("package", holder.packageName());
    }
    program.links().forEach(node.putArray("links")::add);
    program.pins().forEach(node.putArray("pins")::add);
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
