package dev.roost.net;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Locale;

/** Tells the errors of {@code accept} apart. The JDK gives nothing but the system's words. */
final class AcceptErrors {

  /**
   * The newcomer has a problem, the listener has none: what {@code accept(2)} lists, and an aborted
   * connection.
   */
  private static final List<String> OF_ONE_CONNECTION =
      List.of(
          "connection aborted",
          "connection reset",
          "protocol error",
          "network is down",
          "network dropped connection",
          "protocol not available",
          "host is down",
          "machine is not on the network",
          "no route to host",
          "operation not supported",
          "network is unreachable",
          "operation not permitted",
          "software caused connection abort");

  /** The machine or the process has no room for one more at present. */
  private static final List<String> OF_CAPACITY =
      List.of(
          "too many open files",
          "no file descriptors available",
          "cannot allocate memory",
          "out of memory",
          "no buffer space available",
          "too many open sockets",
          "lacked sufficient buffer space");

  private AcceptErrors() {}

  /** Whether an error only means that one connection came to nothing. */
  static boolean isOfOneConnection(IOException error) {
    return says(error, OF_ONE_CONNECTION);
  }

  /**
   * Whether an error means that there is no room at present, so that it is worth trying again
   * later. Where the system's words are not English, a look at whether another socket can be had
   * tells.
   */
  static boolean isOfCapacity(IOException error) {
    return says(error, OF_CAPACITY) || !hasRoom();
  }

  private static boolean says(IOException error, List<String> words) {
    String message = error.getMessage();
    if (message == null) {
      return false;
    }
    String lower = message.toLowerCase(Locale.ROOT);
    return words.stream().anyMatch(lower::contains);
  }

  private static boolean hasRoom() {
    try {
      SocketChannel.open().close();
      return true;
    } catch (IOException e) {
      return false; // this is the answer, not an accident
    }
  }
}
