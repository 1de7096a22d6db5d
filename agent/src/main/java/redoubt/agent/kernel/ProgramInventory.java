package redoubt.agent.kernel;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import redoubt.core.linux.BpfHolder;
import redoubt.core.linux.BpfLink;
import redoubt.core.linux.BpfPin;
import redoubt.core.linux.BpfProgram;
import redoubt.core.linux.Errno;

/// Puts together what is known of each eBPF program.
///
/// @param source what the kernel told
/// @param started when the host started, by today's wall clock; empty if the clock cannot be had
/// @param users the names of users
/// @param lookup which package brought what a process runs
record ProgramInventory(
    ProgramSource source,
    Optional<Instant> started,
    IntFunction<String> users,
    PackageLookup lookup) {

  ProgramReport look() {
    PackageLookup.Answer packages = packagesOf(source.holders().entries());
    List<KernelProgram> programs =
        source.programs().entries().stream().map(program -> describe(program, packages)).toList();
    int error = source.programs().error();
    return new ProgramReport(programs, error == 0 ? "" : Errno.name(error), source.isCut());
  }

  private PackageLookup.Answer packagesOf(Collection<BpfHolder> holders) {
    List<String> executables =
        holders.stream()
            .map(BpfHolder::executable)
            .filter(path -> path.startsWith("/"))
            .distinct()
            .toList();
    return executables.isEmpty()
        ? new PackageLookup.Answer("none", Map.of())
        : lookup.ask(executables);
  }

  private KernelProgram describe(BpfProgram program, PackageLookup.Answer packages) {
    int id = program.id();
    return new KernelProgram(
        id,
        program.typeName(),
        program.name(),
        program.tag(),
        started.map(start -> start.plusNanos(program.loadedNanos())),
        program.uid(),
        users.apply(program.uid()),
        program.maps(),
        source.holders().entries().stream()
            .filter(holder -> holder.programId() == id)
            .map(holder -> holderOf(holder, packages))
            .toList(),
        source.links().entries().stream()
            .filter(link -> link.programId() == id)
            .map(BpfLink::typeName)
            .toList(),
        source.pins().entries().stream()
            .filter(pin -> pin.programId() == id)
            .map(BpfPin::path)
            .toList());
  }

  private static KernelProgram.Holder holderOf(BpfHolder holder, PackageLookup.Answer packages) {
    return new KernelProgram.Holder(
        holder.pid(), holder.comm(), holder.executable(), packages.of(holder.executable()));
  }
}
