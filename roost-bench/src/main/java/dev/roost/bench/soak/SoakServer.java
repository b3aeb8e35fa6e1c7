package dev.roost.bench.soak;

import dev.roost.CancelScope;
import dev.roost.Portal;
import dev.roost.RunOptions;
import dev.roost.net.Serve;
import dev.roost.net.TcpListener;
import dev.roost.net.TcpStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;

/** The server: a run on a thread of its own. */
final class SoakServer {

  private static final Duration GRACE = Duration.ofSeconds(30);

  private final Tally tally;
  private final CompletableFuture<Open> open = new CompletableFuture<>();
  private final CompletableFuture<Leftovers> ended = new CompletableFuture<>();

  SoakServer(RunOptions options, Tally tally) {
    this.tally = tally;
    Thread.ofPlatform()
        .name("server")
        .start(() -> {
          try {
            ended.complete(options.call(this::serve));
          } catch (Throwable t) {
            ended.completeExceptionally(t);
            open.completeExceptionally(t);
          }
        });
  }

  private Leftovers serve() throws IOException, InterruptedException {
    CancelScope scope = CancelScope.create();
    TcpListener listener =
        TcpListener.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    open.complete(new Open(listener.localAddress(), Portal.current(), scope));
    scope.run(() -> Serve.listeners(List.of(listener), this::handle));
    return Leftovers.ofThisRun();
  }

  private void handle(TcpStream stream) throws IOException, TimeoutException, InterruptedException {
    ByteBuffer number = ByteBuffer.allocate(Long.BYTES);
    try {
      while (number.hasRemaining()) {
        if (stream.receiveSome(number) < 0) {
          return; // the client has gone before it said who it is
        }
      }
    } catch (IOException e) {
      return; // the same
    }
    Conversation conversation = tally.named(number.getLong(0));
    new Side(conversation, false, tally).run(() -> stream);
  }

  InetSocketAddress address() {
    return open.join().address;
  }

  /** Lets those who are still talking end, and tells what is left then. */
  Leftovers stop() throws InterruptedException {
    Open server = open.join();
    server.portal.run(() -> server.scope.softCancel(GRACE));
    return ended.join();
  }

  /** Whether it has failed; why is added to the error of another one, who lost it. */
  void explain(Throwable consequence) {
    if (ended.isCompletedExceptionally()) {
      consequence.addSuppressed(ended.exceptionNow());
    }
  }

  private record Open(InetSocketAddress address, Portal portal, CancelScope scope) {}
}
