# Sourced, not run: the one place that says how our JVMs are started.
#
#   redoubt_jvm MODE KIND HOME JAVA [PROGRAM ARGUMENTS]
#
# replaces the shell by the program KIND (agent, scanner, clamav, allowlist, ransomware, sigma, drill, cli, server, courier) on the JVM JAVA over the
# jars in HOME/lib, for the last two also those in HOME/lib-KIND. MODE is `run`, which uses the ahead-of-time cache if there is one, or `train`, which
# writes it.
#
# A cache is only accepted by a JVM with the same module path, collector and native-access flags,
# so those are shared by both modes; limits belong to `run` alone, they abort the writing of a cache.

redoubt_main_module() {
  case $1 in
    agent) echo redoubt.agent/redoubt.agent.Main ;;
    sigma) echo redoubt.engine.sigma/redoubt.engine.sigma.live.Main ;;
    scanner) echo redoubt.engine.scanner/redoubt.engine.scanner.Main ;;
    clamav) echo redoubt.engine.clamav/redoubt.engine.clamav.Main ;;
    allowlist) echo redoubt.engine.allowlist/redoubt.engine.allowlist.Main ;;
    drill) echo redoubt.engine.drill/redoubt.engine.drill.Main ;;
    ransomware) echo redoubt.engine.ransomware/redoubt.engine.ransomware.Main ;;
    # The command line with the server's jars beside its own.
    cli | server) echo redoubt.cli/redoubt.cli.Main ;;
    courier) echo redoubt.courier/redoubt.courier.Main ;;
    *) return 64 ;;
  esac
}

# Limits of a kind (of the command line: and of its command), and why. Every kind: no shared memory
# file for performance data, and out of memory is the end of the process, which its parent notices,
# never a half-alive one. Looking for unused monitors four times a second would be a fifth of what an
# idle host pays.
redoubt_jvm_limits() {
  limits="-XX:-UsePerfData -XX:+ExitOnOutOfMemoryError -XX:+UnlockDiagnosticVMOptions -XX:AsyncDeflationInterval=5000"
  case $1 in
    # Attaching is off: a thread or heap dump stops the world while the host waits for answers. So
    # does a full collection that only looks for compiled methods to forget, which it did in every
    # start; there is room for all. Deciding makes nothing that grows old, so the old generation is
    # kept little larger than what lives in it.
    agent) limits="$limits -Xms10m -Xmx64m -Xmn4m -Xss256k -XX:MaxMetaspaceSize=48m -XX:ReservedCodeCacheSize=24m -XX:SweeperThreshold=100 -XX:MinHeapFreeRatio=15 -XX:MaxHeapFreeRatio=25 -XX:-ShrinkHeapInSteps -XX:TrimNativeHeapInterval=1000 -XX:+DisableAttachMechanism -XX:Tier4InvocationThreshold=500 -XX:Tier4MinInvocationThreshold=300 -XX:Tier4CompileThreshold=1000 -XX:Tier4BackEdgeThreshold=5000" ;;
    # The fast compiler alone, and memory handed back after a list was loaded: it lives small. The
    # stacks are for libyara, which runs on our threads.
    scanner) limits="$limits -XX:TieredStopAtLevel=1 -XX:CICompilerCount=1 -Xms4m -Xmn2m -Xmx256m -Xss1m -XX:MaxMetaspaceSize=48m -XX:ReservedCodeCacheSize=16m -XX:MinHeapFreeRatio=10 -XX:MaxHeapFreeRatio=20 -XX:TrimNativeHeapInterval=5000 -XX:+DisableAttachMechanism" ;;
    # They pass on questions and answers, or bytes, and keep little.
    clamav | allowlist | ransomware) limits="$limits -XX:TieredStopAtLevel=1 -XX:CICompilerCount=1 -Xms4m -Xmn2m -Xmx32m -Xss512k -XX:MaxMetaspaceSize=48m -XX:ReservedCodeCacheSize=16m -XX:TrimNativeHeapInterval=5000 -XX:+DisableAttachMechanism" ;;
    # More than its manifest lets it have: it is the kernel that ends one that takes too much.
    drill) limits="$limits -XX:TieredStopAtLevel=1 -Xms4m -Xmx512m -XX:+DisableAttachMechanism" ;;
    # The fast compiler alone: the agent holds back nearly all that no rule asks for. Memory is handed
    # back after rules were read.
    sigma) limits="$limits -XX:TieredStopAtLevel=1 -XX:CICompilerCount=1 -Xms16m -Xmx160m -Xss512k -XX:MaxMetaspaceSize=48m -XX:ReservedCodeCacheSize=32m -XX:MinHeapFreeRatio=10 -XX:MaxHeapFreeRatio=20 -XX:TrimNativeHeapInterval=5000 -XX:+DisableAttachMechanism" ;;
    # The same, over sockets of Java's alone: it loads no library into its view.
    courier) limits="$limits -XX:TieredStopAtLevel=1 -XX:CICompilerCount=1 -Xms4m -Xmn2m -Xmx64m -Xss512k -XX:MaxMetaspaceSize=64m -XX:ReservedCodeCacheSize=24m -XX:TrimNativeHeapInterval=5000 -XX:+DisableAttachMechanism -Dio.grpc.netty.shaded.io.netty.transport.noNative=true" ;;
    # Holds many connections for a long time: the collector of the JVM's choice.
    server) limits="$limits -Xmx1g -Dorg.jooq.no-logo=true -Dorg.jooq.no-tips=true -Dorg.jooq.log.org.jooq.impl.DefaultExecuteContext.logVersionSupport=ERROR -Dslf4j.provider=org.slf4j.jul.JULServiceProvider -Dslf4j.internal.verbosity=WARN" ;;
    # Lives for a fraction of a second: the fast compiler alone; but for recordings, which may take
    # hours, and rules by the thousand. Whoever asks something needs not hear each time that a cache
    # does not fit, after a new JVM, say; the agent's own start tells.
    cli)
      case $2 in
        replay | rules | content | repository) limits="$limits -Xmx1g" ;;
        # Arrays over millions of hosts, and pictures, which need no display.
        simulate) limits="$limits -Xmx1700m --add-modules java.desktop -Djava.awt.headless=true" ;;
        *) limits="$limits -Xmx96m -XX:TieredStopAtLevel=1" ;;
      esac
      jvm_quiet=',aot*=off,cds*=off'
      ;;
  esac
}

redoubt_jvm() {
  jvm_mode=$1 jvm_kind=$2 jvm_home=$3 jvm_java=$4
  shift 4
  jvm_command=${1:-}
  jvm_main=$(redoubt_main_module "$jvm_kind") || {
    echo "redoubt: no such program: kind=$jvm_kind" >&2
    exit 64
  }
  set -- -m "$jvm_main" "$@"
  jvm_quiet=
  # An engine may bind a library in its own process: the scanner binds that of YARA.
  jvm_native=redoubt.core.linux
  [ "$jvm_kind" != scanner ] || jvm_native=$jvm_native,redoubt.engine.scanner
  jvm_modules=$jvm_home/lib jvm_collector=-XX:+UseSerialGC
  case $jvm_kind in
    server | courier)
      jvm_modules=$jvm_modules:$jvm_home/lib-$jvm_kind
      # What automatic modules need of others, nobody says.
      set -- --add-modules com.google.common.util.concurrent.internal,com.google.gson "$@"
      ;;
  esac
  if [ "$jvm_kind" = server ]; then
    jvm_native=$jvm_native,org.xerial.sqlitejdbc,io.grpc.netty.shaded jvm_collector=-XX:+UseG1GC
  fi

  jvm_cache=$jvm_home/aot/$jvm_kind.aot
  if [ "$jvm_mode" = train ]; then
    set -- "-XX:AOTCacheOutput=$jvm_cache" "$@"
  else
    [ ! -r "$jvm_cache" ] || set -- "-XX:AOTCache=$jvm_cache" "$@"
    redoubt_jvm_limits "$jvm_kind" "$jvm_command"
    # The owner's own flags come last and so win: to profile or to debug one program.
    # shellcheck disable=SC2086  # two lists of words
    set -- $limits ${REDOUBT_JVM_FLAGS:-} "$@"
    # The optimizing compiler works for the digests only, which it makes ten times faster; elsewhere
    # it would cost tens of megabytes, and its late recompilations the evenness of the first answers.
    # So the fast compiler's final code comes early: the Tier4 thresholds are where it takes over.
    if [ "$jvm_kind" = agent ] && [ -r "$jvm_home/libexec/agent-compiler.json" ]; then
      set -- -XX:+UnlockDiagnosticVMOptions -XX:-DisplayVMOutput -XX:CompileCommand=quiet \
        "-XX:CompilerDirectivesFile=$jvm_home/libexec/agent-compiler.json" "$@"
    fi
  fi
  # No other module uses native access, which the architecture tests see to. To deny it here as well
  # (--illegal-native-access) would turn the cache's ready-made modules off: 70 ms of every start.
  # A crash report goes to standard error, which is open already: creating a file there would raise
  # an event that only the crashing agent could answer. JVM messages never mix with standard output.
  set -- --module-path "$jvm_modules" \
    "--enable-native-access=$jvm_native" "$jvm_collector" -XX:+ErrorFileToStderr -XX:-CreateCoredumpOnCrash \
    -Xlog:disable "-Xlog:all=error$jvm_quiet:stderr" "$@"
  # Without UTF-8 Java cannot spell every file name.
  case ${LC_ALL:-${LC_CTYPE:-${LANG:-C}}} in
    *[Uu][Tt][Ff]*) ;;
    *) export LC_ALL=C.UTF-8 ;;
  esac
  # Flags from the environment would reach a root process and spoil the cache.
  # Few allocation arenas: the compilers' passing needs must not stay resident.
  export MALLOC_ARENA_MAX=2
  unset JDK_JAVA_OPTIONS JAVA_TOOL_OPTIONS _JAVA_OPTIONS CLASSPATH
  exec "$jvm_java" "$@"
}
