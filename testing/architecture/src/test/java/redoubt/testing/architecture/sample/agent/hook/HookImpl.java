package redoubt.testing.architecture.sample.agent.hook;

import java.io.IOException;
import java.net.Socket;

/// Named after nothing, talks to the network, starts a process and ends its own.
public final class HookImpl {
  public Socket connect() {
    return new Socket();
  }

  public Process fork() throws IOException {
    return new ProcessBuilder("true").start();
  }

  public void end() {
    System.exit(1);
  }
}
