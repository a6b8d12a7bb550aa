package verticles;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What a connection answers to bytes that no client library would send. */
final class RawHttp {
  private static final int PATIENCE_MS = 60_000;
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([0-9]{3}) ");

  private RawHttp() {}

  /** All that comes back until the server hangs up; nothing where it cuts the line. */
  static String answer(int port, String... parts) throws IOException {
    try (Socket socket = connect(port)) {
      OutputStream out = socket.getOutputStream();
      try {
        for (String part : parts) {
          out.write(part.getBytes(StandardCharsets.ISO_8859_1));
          out.flush();
        }
      } catch (SocketException cutWhileSending) {
        // What was answered before may be there to be read.
      }
      return rest(socket);
    }
  }

  static Socket connect(int port) throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(PATIENCE_MS);
    return socket;
  }

  /** What else comes until the server hangs up. */
  static String rest(Socket socket) throws IOException {
    var read = new java.io.ByteArrayOutputStream();
    try {
      socket.getInputStream().transferTo(read);
    } catch (SocketException cut) {
      // A reset ends it as a close does.
    }
    return read.toString(StandardCharsets.UTF_8);
  }

  /** The statuses of the answers, in their order. */
  static List<Integer> statuses(String answers) {
    var statuses = new ArrayList<Integer>();
    STATUS.matcher(answers).results().forEach(it -> statuses.add(Integer.valueOf(it.group(1))));
    return statuses;
  }
}
