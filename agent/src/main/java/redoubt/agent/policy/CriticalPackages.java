package redoubt.agent.policy;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/// Which packages and paths a host cannot be started, entered or repaired without.
///
/// `docs/reference.md` repeats this list for the host's owner. Names are those of Debian, Ubuntu,
/// Fedora, RHEL and SUSE; a name that is not installed costs nothing.
final class CriticalPackages {
  private static final Set<String> NAMES =
      Set.of(
          // the first process and what starts the rest
          "init",
          "systemd",
          "systemd-sysv",
          "systemd-udev",
          "sysvinit-core",
          "openrc",
          "dracut",
          "initramfs-tools",
          "initramfs-tools-core",
          "udev",
          "dbus",
          "dbus-daemon",
          "dbus-broker",
          // the C library and the dynamic loader
          "libc6",
          "libc-bin",
          "glibc",
          "glibc-common",
          "libgcc-s1",
          "libgcc",
          "libgcc_s1",
          // shells and the tools that every script uses
          "bash",
          "dash",
          "busybox",
          "busybox-static",
          "coreutils",
          "coreutils-single",
          "util-linux",
          "util-linux-core",
          // what confines engines: without it none could be started again
          "bubblewrap",
          "mount",
          "grep",
          "sed",
          "gawk",
          "mawk",
          "findutils",
          "diffutils",
          "tar",
          "gzip",
          "bzip2",
          "xz-utils",
          "xz",
          "zstd",
          "hostname",
          "procps",
          "procps-ng",
          "psmisc",
          "debianutils",
          "perl-base",
          "sysvinit-utils",
          "filesystem",
          // logging in, locally and from afar
          "login",
          "passwd",
          "shadow",
          "shadow-utils",
          "sudo",
          "openssh-server",
          "openssh-client",
          "openssh-clients",
          "openssh",
          "pam",
          "pam-libs",
          "libselinux",
          // the package manager
          "apt",
          "apt-utils",
          "dpkg",
          "rpm",
          "rpm-libs",
          "dnf",
          "dnf5",
          "libdnf5",
          "yum",
          "zypper",
          "libzypp",
          "gpgv",
          "debian-archive-keyring",
          "ubuntu-keyring",
          "ca-certificates",
          // storage, modules, network: enough to reach the host and mend it
          "e2fsprogs",
          "xfsprogs",
          "btrfs-progs",
          "lvm2",
          "dmsetup",
          "mdadm",
          "cryptsetup",
          "cryptsetup-bin",
          "kmod",
          "iproute2",
          "iproute",
          "iputils-ping",
          "iputils",
          "netbase",
          "ifupdown",
          "NetworkManager",
          "network-manager",
          "nano",
          "vim-tiny",
          "vim-minimal",
          // what the entries above load, where the database names no dependencies to us
          "ncurses-libs",
          "pcre2",
          "libcap",
          "libattr",
          "libacl",
          "openssl-libs",
          "zlib",
          "zlib-ng-compat",
          "libzstd",
          "libxcrypt",
          "readline",
          "libblkid",
          "libmount",
          "libuuid",
          "systemd-libs",
          "audit-libs",
          "libseccomp",
          "kmod-libs",
          "libkmod2");

  private static final List<String> PREFIXES = List.of("libpam", "libnss-", "systemd-");

  private static final String SHARED_DATA = "/usr/share/";

  /// Data that nothing executes and no boot reads: protecting it would only cost time.
  private static final List<String> SKIPPED =
      List.of(
          "/usr/share/doc/",
          "/usr/share/man/",
          "/usr/share/info/",
          "/usr/share/locale/",
          "/usr/share/lintian/",
          "/usr/share/bash-completion/",
          "/usr/share/zsh/",
          "/usr/share/perl/",
          "/usr/share/zoneinfo/");

  /// What is protected by name on every host, with or without a package database.
  private static final List<String> WELL_KNOWN =
      List.of(
          "/sbin/init",
          "/bin/sh",
          "/bin/bash",
          "/bin/busybox",
          "/bin/login",
          "/bin/mount",
          "/bin/su",
          "/usr/bin/env",
          "/usr/bin/sudo",
          "/usr/sbin/sshd",
          "/sbin/apk",
          "/usr/bin/pacman",
          "/etc/ld.so.cache",
          "/lib/ld-musl-x86_64.so.1",
          "/lib/ld-musl-aarch64.so.1",
          "/lib64/ld-linux-x86-64.so.2",
          "/lib/ld-linux-aarch64.so.1",
          "/lib/systemd/systemd");

  private CriticalPackages() {}

  static boolean isCritical(String packageName) {
    return NAMES.contains(packageName) || PREFIXES.stream().anyMatch(packageName::startsWith);
  }

  static boolean isWorthProtecting(String path) {
    return !path.startsWith(SHARED_DATA) || SKIPPED.stream().noneMatch(path::startsWith);
  }

  static List<Path> wellKnownPaths() {
    return WELL_KNOWN.stream().map(Path::of).toList();
  }
}
