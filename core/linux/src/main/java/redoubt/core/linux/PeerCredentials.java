package redoubt.core.linux;

/// Who connected a Unix socket, as the kernel noted it at that moment.
///
/// @param pid the process id in our pid namespace, 0 if it has none there
/// @param uid the effective user id
/// @param gid the effective group id
public record PeerCredentials(int pid, int uid, int gid) {}
