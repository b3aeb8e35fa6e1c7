package dev.roost.net;

import dev.roost.io.ByteStream;
import dev.roost.io.Listener;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/**
 * How to talk TLS: what {@link TlsStream#with} begins.
 *
 * {@snippet file="dev/roost/net/TlsSamplesTest.java" region="options"}
 *
 * <p>Immutable: each option gives a changed copy. Usable anywhere, by many runs.
 */
public final class TlsOptions {

  /** The JDK keeps sessions, to be resumed, by host and port: with -1 it would keep none. */
  private static final int UNKNOWN_PORT = 0;

  private final TlsEngines engines;
  private final Consumer<SSLParameters> changes;
  private final boolean verifyingHost;
  private final boolean httpsCompatible;

  private TlsOptions(
      TlsEngines engines,
      Consumer<SSLParameters> changes,
      boolean verifyingHost,
      boolean httpsCompatible) {
    this.engines = engines;
    this.changes = changes;
    this.verifyingHost = verifyingHost;
    this.httpsCompatible = httpsCompatible;
  }

  static TlsOptions of(SSLContext context) {
    Objects.requireNonNull(context, "TlsStream: the context is null");
    return of((host, port) ->
        host.isEmpty() ? context.createSSLEngine() : context.createSSLEngine(host, port));
  }

  static TlsOptions of(TlsEngines engines) {
    Objects.requireNonNull(engines, "TlsStream.with: the maker of engines is null");
    return new TlsOptions(engines, parameters -> {}, true, false);
  }

  /**
   * What this side can talk, the best first, for the two sides to choose from (ALPN): {@link
   * TlsStream#applicationProtocol}. If they have none in common, the handshake fails. None by
   * default. Not a checkpoint.
   *
   * @param names the names as IANA has registered them, such as {@code h2} and {@code http/1.1}
   * @return a changed copy
   * @throws IllegalArgumentException if a name is empty
   */
  public TlsOptions applicationProtocols(String... names) {
    List<String> protocols = List.of(names);
    if (protocols.contains("")) {
      throw new IllegalArgumentException(
          "TlsOptions.applicationProtocols: one of " + protocols + " is empty. Leave it out.");
    }
    return parameters(p -> p.setApplicationProtocols(protocols.toArray(String[]::new)));
  }

  /**
   * A server asks its clients for a certificate, and talks to those as well that have none. Not a
   * checkpoint.
   *
   * @return a changed copy
   */
  public TlsOptions wantClientCertificate() {
    return parameters(p -> p.setWantClientAuth(true));
  }

  /**
   * A server talks only to clients with a certificate that its context trusts. Not a checkpoint.
   *
   * @return a changed copy
   */
  public TlsOptions needClientCertificate() {
    return parameters(p -> p.setNeedClientAuth(true));
  }

  /**
   * Takes the end of the transport for the end of what the other side had to say, as most of those
   * do who talk HTTP. It is safe only where a protocol tells by itself whether something is
   * missing. Not a checkpoint.
   *
   * @return a changed copy
   */
  public TlsOptions httpsCompatible() {
    return new TlsOptions(engines, changes, verifyingHost, true);
  }

  /**
   * A client does not look for whom the certificate of the server was made. That is safe only where
   * the context trusts nobody but that server. Not a checkpoint.
   *
   * @return a changed copy
   */
  public TlsOptions withoutHostVerification() {
    return new TlsOptions(engines, changes, false, httpsCompatible);
  }

  /**
   * Everything else that the JDK knows: protocol versions, cipher suites, what a server does with
   * the names that clients ask for. Not a checkpoint.
   *
   * {@snippet file="dev/roost/net/TlsSamplesTest.java" region="parameters"}
   *
   * @param change changes the parameters of each stream, after the options that were given before
   * @return a changed copy
   */
  public TlsOptions parameters(Consumer<? super SSLParameters> change) {
    Objects.requireNonNull(change, "TlsOptions.parameters: the change is null");
    return new TlsOptions(engines, changes.andThen(change), verifyingHost, httpsCompatible);
  }

  /**
   * The client's side of a conversation. Nothing is sent yet. Not a checkpoint.
   *
   * @param transport a stream to the server, which belongs to the TLS stream from now on
   * @param host the name or the numeric address that the certificate of the server must be for; a
   *     name is also told to the server (SNI)
   * @return the stream; the caller closes it
   * @throws IllegalArgumentException if the host is empty, or cannot be a name
   */
  public TlsStream client(ByteStream transport, String host) {
    Objects.requireNonNull(transport, "TlsStream.client: the transport is null");
    int port = transport instanceof TcpStream tcp ? tcp.remoteAddress().getPort() : UNKNOWN_PORT;
    return client(transport, TlsServerName.of("TlsStream.client", host), port);
  }

  private TlsStream client(ByteStream transport, TlsServerName name, int port) {
    SSLEngine engine = engines.create(name.host(), port);
    engine.setUseClientMode(true);
    SSLParameters parameters = engine.getSSLParameters();
    name.sni().ifPresent(sni -> parameters.setServerNames(List.of(sni)));
    changes.accept(parameters);
    parameters.setEndpointIdentificationAlgorithm(verifyingHost ? "HTTPS" : "");
    engine.setSSLParameters(parameters);
    return new TlsStream(transport, engine, "client of " + name.host(), httpsCompatible);
  }

  /**
   * The server's side of a conversation. Nothing is sent yet. Not a checkpoint.
   *
   * @param transport a stream to the client, which belongs to the TLS stream from now on
   * @return the stream; the caller closes it
   */
  public TlsStream server(ByteStream transport) {
    Objects.requireNonNull(transport, "TlsStream.server: the transport is null");
    SSLEngine engine = engines.create("", UNKNOWN_PORT);
    engine.setUseClientMode(false);
    SSLParameters parameters = engine.getSSLParameters();
    changes.accept(parameters);
    engine.setSSLParameters(parameters);
    return new TlsStream(transport, engine, "server", httpsCompatible);
  }

  /**
   * Connects to a server by TCP, with all addresses of the host in the race. The handshake is made
   * when it is first needed. A checkpoint.
   *
   * @param host a name or a numeric address
   * @param port the port, 1 to 65535
   * @return the stream; the caller closes it
   * @throws IOException as for {@link TcpStream#connect(String, int)}
   * @throws InterruptedException if cancelled; nothing is left open
   * @throws IllegalArgumentException if the host is empty or the port is not one
   * @throws IllegalStateException outside a run
   */
  public TlsStream connect(String host, int port) throws IOException, InterruptedException {
    TlsServerName name = TlsServerName.of("TlsStream.connect", host);
    TcpStream transport = TcpStream.connect(host, port);
    try {
      return client(transport, name, port);
    } catch (Throwable e) {
      transport.close();
      throw e;
    }
  }

  /**
   * A listener that talks TLS with everybody who connects to another one, as their server: for
   * {@link Serve#listeners}. The handshake is the business of each handler, not of the listener.
   * Not a checkpoint.
   *
   * {@snippet file="dev/roost/net/TlsSamplesTest.java" region="serve"}
   *
   * @param transports where the streams come from; belongs to the TLS listener from now on
   * @return the listener; the caller closes it
   */
  public TlsListener listener(Listener<?> transports) {
    return new TlsListener(
        Objects.requireNonNull(transports, "TlsOptions.listener: the listener is null"), this);
  }
}
