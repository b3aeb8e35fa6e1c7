package dev.roost.bench.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** An echo server on the blocking sockets of the JDK, with a virtual thread for each. */
public final class ThreadsEcho {

  private static final int BACKLOG = 1_024;

  private ThreadsEcho() {}

  public static void main(String[] args) throws IOException {
    try (ServerSocket server = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress())) {
      ServerConsole.serving(server.getLocalPort());
      while (true) {
        Socket accepted = server.accept();
        Thread.startVirtualThread(() -> echo(accepted));
      }
    }
  }

  private static void echo(Socket accepted) {
    try (accepted) {
      accepted.setTcpNoDelay(true);
      accepted.getInputStream().transferTo(accepted.getOutputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
