package app;

import config.Settings;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** What this process is called among the others on the same database. */
final class NodeName {
  private NodeName() {}

  /**
   * The configured one, else the host's name: the same after a restart, so that a node that comes
   * back finds at once what it left in flight. Two nodes on one host need names of their own.
   */
  static String of(Settings settings) {
    String given = settings.nodeId();
    return given == null ? host() : given;
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException nameless) {
      return "node";
    }
  }
}
