package redoubt.core.linux;

/// The processor architectures that this room knows, with the few kernel constants that differ
/// between them.
enum Architecture {
  X86_64(0x8000, 0x10000, 0x20000, 12, 4),
  AARCH64(0x20000, 0x4000, 0x8000, 16, 8);

  /// The architecture of this Java virtual machine.
  static final Architecture CURRENT = parse(System.getProperty("os.arch"));

  final int openLargeFile;

  final int openDirectory;

  final int openNoFollow;

  /// `struct epoll_event` is packed on x86-64 only.
  final int epollEventBytes;

  final int epollDataOffset;

  Architecture(
      int openLargeFile,
      int openDirectory,
      int openNoFollow,
      int epollEventBytes,
      int epollDataOffset) {
    this.openLargeFile = openLargeFile;
    this.openDirectory = openDirectory;
    this.openNoFollow = openNoFollow;
    this.epollEventBytes = epollEventBytes;
    this.epollDataOffset = epollDataOffset;
  }

  private static Architecture parse(String name) {
    return switch (name) {
      case "amd64", "x86_64" -> X86_64;
      case "aarch64", "arm64" -> AARCH64;
      default ->
          throw new UnsupportedOperationException("architecture not supported: os.arch=" + name);
    };
  }
}
