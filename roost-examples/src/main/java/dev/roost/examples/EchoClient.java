package dev.roost.examples;

import dev.roost.CancelScope;
import dev.roost.FailScope;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.net.TcpStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;

/**
 * Sends some words to an {@link EchoServer} and prints what comes back: {@code ./roost run
 * EchoClient localhost 7777 Hello!}.
 */
public final class EchoClient {

  private EchoClient() {}

  public static void main(String[] args) throws Exception {
    if (args.length < 3) {
      System.err.println("Usage: EchoClient <host> <port> <words...>");
      System.exit(2);
    }
    int port = Integer.parseInt(args[1]);
    String words = String.join(" ", List.of(args).subList(2, args.length)) + "\n";

    // One timeout for all of it: finding the address, connecting, and the conversation.
    FailScope timeout = CancelScope.failAfter(Duration.ofSeconds(10));
    Roost.run(() -> timeout.run(() -> talk(args[0], port, words)));
  }

  private static void talk(String host, int port, String words) throws Exception {
    try (TcpStream server = TcpStream.connect(host, port)) {
      Nursery.run(nursery -> {
        nursery.start("sender", () -> send(server, words));
        ByteBuffer buffer = ByteBuffer.allocate(8_192);
        while (server.receiveSome(buffer) >= 0) { // while the sender sends
          System.out.write(buffer.array(), 0, buffer.position());
          buffer.clear();
        }
        System.out.flush();
      });
    }
  }

  private static void send(TcpStream server, String words) throws Exception {
    server.sendAll(words);
    server.sendEof(); // that was all; the server says the same when it has sent all back
  }
}
