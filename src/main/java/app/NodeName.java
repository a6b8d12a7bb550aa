package app;

import config.Settings;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** What this process is called among the others on the same database. */
final class NodeName {
  private NodeName() {}

  /** The configured one, else the host's name and the process id. */
  static String of(Settings settings) {
    String given = settings.nodeId();
    return given == null ? host() + "-" + ProcessHandle.current().pid() : given;
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException nameless) {
      return "node";
    }
  }
}
