package app.development;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** A port on loopback for a server that has to be told one, and listens some time later. */
public final class FreePort {
  /**
   * Below those that systems give to connections going out, one of which might have it by the time
   * that the server listens.
   */
  private static final int LOWEST = 15_000;

  private static final int HIGHEST = 30_000;
  private static final int TRIES = 100;

  private FreePort() {}

  /**
   * Any that nobody listens on now.
   *
   * @throws BindException when none is found
   */
  public static int any() throws IOException {
    var inUse = new BindException("no port is free");
    for (int tries = 0; tries < TRIES; tries++) {
      try {
        return checked(ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST));
      } catch (BindException taken) {
        inUse = taken;
      }
    }
    throw inUse;
  }

  /**
   * This one.
   *
   * @throws BindException when somebody listens on it
   */
  static int checked(int port) throws IOException {
    try (ServerSocket socket = new ServerSocket()) {
      // It is free again at once after a former run, whatever lingers of that one's connections.
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return port;
    }
  }
}
