package dev.roost.net;

import dev.roost.io.ByteStream;
import dev.roost.io.Listener;
import java.io.IOException;
import javax.net.ssl.SSLContext;

/**
 * Talks TLS with everybody who connects: made by {@link TlsOptions#listener}, or by {@link #open}
 * for a TCP port.
 *
 * {@snippet file="dev/roost/net/TlsSamplesTest.java" region="serve"}
 *
 * <p>Nobody's handshake keeps the others waiting: it is made by whoever receives or sends first. A
 * handler that has said all calls {@link TlsStream#closeGracefully}: when {@link Serve} closes the
 * stream after it, the other side is told nothing.
 */
public final class TlsListener implements Listener<TlsStream> {

  private final Listener<?> transports;
  private final TlsOptions options;

  TlsListener(Listener<?> transports, TlsOptions options) {
    this.transports = transports;
    this.options = options;
  }

  /**
   * Listens on a TCP port of all addresses of this machine, as {@link TcpListener#open(int)} does.
   * Not a checkpoint.
   *
   * @param port the port; 0 for one that is free
   * @param context has the certificate and the key
   * @return the listener; the caller closes it
   * @throws IOException if the system refuses, such as when the port is in use
   * @throws IllegalArgumentException if the port is not one
   * @throws IllegalStateException outside a run
   */
  public static TlsListener open(int port, SSLContext context) throws IOException {
    TlsOptions options = TlsStream.with(context);
    return options.listener(TcpListener.open(port));
  }

  /**
   * Waits for the next one to connect, and does not wait for the handshake. If it is cancelled,
   * nobody is lost. A checkpoint.
   */
  @Override
  public TlsStream accept() throws IOException, InterruptedException {
    ByteStream transport = transports.accept();
    try {
      return options.server(transport);
    } catch (Throwable e) {
      transport.close();
      throw e;
    }
  }

  /**
   * Where the streams come from, for its address. Not a checkpoint.
   *
   * @return the listener that was given, such as a {@link TcpListener}
   */
  public Listener<?> transports() {
    return transports;
  }

  /**
   * Closes the listener that the streams come from, at once. Never waits, works whatever is
   * cancelled, and does nothing the second time. Not a checkpoint.
   */
  @Override
  public void close() {
    transports.close();
  }

  /** What it listens on. */
  @Override
  public String toString() {
    return "TlsListener[over " + transports + "]";
  }
}
