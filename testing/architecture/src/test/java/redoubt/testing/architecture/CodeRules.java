package redoubt.testing.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.be;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchRule;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/// What no class of the house does, wherever it stands.
///
/// @param root the package in which the house stands: `redoubt`, or that of a sample
record CodeRules(String root) {
  /// Every rule on code.
  Stream<ArchRule> rules() {
    return Stream.of(
        nativeCodeIsCalledInOneRoom(),
        vocabularyIsPure(),
        protobufIsKnownToOneRoom(),
        nothingUsesTheNetwork(),
        processesAreStartedInTwoPlaces(),
        onlyProgramsEndTheProcess(),
        nothingStaticChanges(),
        packagesAreNamedAfterSomething(),
        classesAreNamedAfterTheirDifference());
  }

  /// A vendor's engine may bind a library in its own process; nobody else calls native code.
  ArchRule nativeCodeIsCalledInOneRoom() {
    return noClasses()
        .that(not(in("core.linux")).and(not(in("engine").and(not(in("engine.kit"))))))
        .should()
        .dependOnClassesThat()
        .belongToAnyOf(Linker.class, SymbolLookup.class, FunctionDescriptor.class)
        .orShould()
        .callMethod(System.class, "load", String.class)
        .orShould()
        .callMethod(System.class, "loadLibrary", String.class)
        .as("native code is called in core.linux alone");
  }

  /// Words do nothing: no files, threads, clocks or locks.
  ArchRule vocabularyIsPure() {
    return noClasses()
        .that(in("core.model"))
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                    "java.io..",
                    "java.nio.file..",
                    "java.nio.channels..",
                    "java.util.concurrent..",
                    "java.lang.foreign..")
                .or(named("java.lang.Thread")))
        .as("core.model does nothing");
  }

  /// Generated classes and the library stay behind the records of `core.wire`.
  ArchRule protobufIsKnownToOneRoom() {
    return noClasses()
        .that(not(in("core.wire")))
        .should()
        .dependOnClassesThat(resideInAPackage("com.google.protobuf.."))
        .as("protobuf is known to core.wire alone");
  }

  /// But for repositories behind addresses, and a host's way to its fleet's server and that server,
  /// which no process that holds the hook has on its path: the table of rooms keeps the agent and
  /// its engines from them.
  ArchRule nothingUsesTheNetwork() {
    return noClasses()
        .that(
            not(in("core.http"))
                .and(not(in("core.rpc")))
                .and(not(in("courier")))
                .and(not(in("server"))))
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("java.net.http..", "io.grpc..")
                .or(
                    describe(
                        "is a network socket",
                        found ->
                            found.getPackageName().equals("java.net")
                                && found.getSimpleName().matches(".*(Socket|URLConnection)"))))
        .as("nothing uses the network but core.http, core.rpc, courier and server");
  }

  /// A child forked while a hook is open can keep the hook's descriptor (`docs/decisions/0003`).
  /// The conformance kit and the drills are programs of their own that never have one.
  ArchRule processesAreStartedInTwoPlaces() {
    return noClasses()
        .that(
            not(named(root + ".agent.confinement.Spawner"))
                .and(not(named(root + ".agent.policy.HostCommands")))
                .and(not(named(root + ".testing.conformance.EngineProcess")))
                .and(not(named(root + ".testing.drills.Commands")))
                .and(not(named(root + ".testing.drills.Felt"))))
        .should()
        .dependOnClassesThat()
        .belongToAnyOf(ProcessBuilder.class)
        .orShould()
        .callMethodWhere(
            describe(
                "Runtime.exec",
                call ->
                    call.getTargetOwner().isEquivalentTo(Runtime.class)
                        && call.getName().equals("exec")))
        .as("processes are started by the spawner's handle and the rpm query alone");
  }

  /// Beside the programs themselves: the agent when it has lost its spawner, and the kit when a
  /// judge has a bug. Ending is how both let everybody go on.
  ArchRule onlyProgramsEndTheProcess() {
    return noClasses()
        .that(
            describe("are no program", (JavaClass found) -> !found.getSimpleName().equals("Main"))
                .and(not(named(root + ".agent.Agent")))
                .and(not(named(root + ".engine.kit.JudgePool"))))
        .should()
        .callMethodWhere(
            describe(
                "System.exit, Runtime.exit or Runtime.halt",
                call ->
                    (call.getTargetOwner().isEquivalentTo(System.class)
                            || call.getTargetOwner().isEquivalentTo(Runtime.class))
                        && call.getName().matches("exit|halt")))
        .as("only programs end their process");
  }

  /// A static field is a constant: it keeps its value, and what others can see of it cannot change.
  ArchRule nothingStaticChanges() {
    return noFields()
        .that()
        .areStatic()
        .should(be(describe("changeable", CodeRules::isChangeable)))
        .as("no static state changes");
  }

  private static boolean isChangeable(JavaField field) {
    if (field.getModifiers().contains(JavaModifier.SYNTHETIC)) {
      return false;
    }
    if (!field.getModifiers().contains(JavaModifier.FINAL)) {
      return true;
    }
    JavaClass type = field.getRawType();
    boolean seen = !field.getModifiers().contains(JavaModifier.PRIVATE);
    return holdsState(type) || (seen && (type.isArray() || type.isAssignableTo(ThreadLocal.class)));
  }

  private static boolean holdsState(JavaClass type) {
    return Stream.of(
                AtomicBoolean.class, AtomicInteger.class, AtomicLong.class, AtomicReference.class)
            .anyMatch(type::isAssignableTo)
        || (!type.isInterface()
            && (type.isAssignableTo(Collection.class) || type.isAssignableTo(Map.class)));
  }

  ArchRule packagesAreNamedAfterSomething() {
    return noClasses()
        .should()
        .resideInAnyPackage("..util..", "..common..", "..helper..", "..impl..", "..manager..")
        .as("a package is named after what it is");
  }

  ArchRule classesAreNamedAfterTheirDifference() {
    return noClasses()
        .should()
        .haveNameMatching(".*(Impl|Utils?|Helper)")
        .as("a class is named after what makes it different");
  }

  private DescribedPredicate<JavaClass> in(String room) {
    return resideInAnyPackage(root + "." + room + "..");
  }

  private static DescribedPredicate<JavaClass> named(String name) {
    return describe(name, found -> found.getName().equals(name));
  }
}
