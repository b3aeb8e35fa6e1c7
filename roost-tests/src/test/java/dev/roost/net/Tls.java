package dev.roost.net;

import dev.roost.AsyncConsumer;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.io.ByteStream;
import java.util.List;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/** What the tests of TLS share. */
final class Tls {

  static final List<String> VERSIONS = List.of("TLSv1.2", "TLSv1.3");

  private Tls() {}

  static Certificates certificates() {
    return Certificates.get();
  }

  /** A client that trusts the authority. */
  static TlsOptions client() throws Exception {
    return TlsStream.with(certificates().trustingAll());
  }

  /** A server with a certificate that such a client accepts. */
  static TlsOptions server() throws Exception {
    return TlsStream.with(certificates().with("server"));
  }

  static java.util.function.Consumer<SSLParameters> only(String version) {
    return parameters -> parameters.setProtocols(new String[] {version});
  }

  /** Two sides of a conversation, and the streams that it goes over. */
  record Pair(TlsStream client, TlsStream server, ByteStream clientPipe, ByteStream serverPipe)
      implements AutoCloseable {

    Pipe clientsPipe() {
      return (Pipe) clientPipe;
    }

    Pipe serversPipe() {
      return (Pipe) serverPipe;
    }

    /** Both make the handshake. */
    Pair shakeHands() throws InterruptedException {
      Nursery.run(nursery -> {
        nursery.start(server::handshake);
        client.handshake();
      });
      return this;
    }

    @Override
    public void close() {
      client.close();
      server.close();
    }
  }

  static Pair pair(TlsOptions client, TlsOptions server, Pipe.Pair pipes) {
    return new Pair(
        client.client(pipes.client(), "localhost"),
        server.server(pipes.server()),
        pipes.client(),
        pipes.server());
  }

  static Pair pair() throws Exception {
    return pair(client(), server(), Pipe.pair());
  }

  /** Runs a test with a conversation over memory, before the handshake. */
  static void withNewPair(AsyncConsumer<Pair, ?> body) throws Exception {
    withPair(client(), server(), body);
  }

  /** Runs a test with a conversation over memory, after the handshake. */
  static void withPair(AsyncConsumer<Pair, ?> body) throws Exception {
    withNewPair(pair -> body.accept(pair.shakeHands()));
  }

  /** Runs a test with a conversation over memory, before the handshake. */
  static void withPair(TlsOptions client, TlsOptions server, AsyncConsumer<Pair, ?> body)
      throws Exception {
    Roost.run(() -> {
      try (var pair = pair(client, server, Pipe.pair())) {
        body.accept(pair);
      }
    });
  }

  /** Whether an error has a cause of a type, at any depth. */
  static <E extends Throwable> @Nullable E cause(Throwable error, Class<E> type) {
    for (Throwable at = error; at != null; at = at.getCause()) {
      if (type.isInstance(at)) {
        return type.cast(at);
      }
    }
    return null;
  }
}
