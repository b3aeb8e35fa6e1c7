package dev.roost.net;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

/**
 * Makes the engines of TLS streams, for libraries that have engines but no {@link SSLContext}, such
 * as Netty with its {@code SslContext} over OpenSSL or BoringSSL.
 *
 * {@snippet file="dev/roost/docs/TlsTest.java" region="netty"}
 *
 * <p>The engine is told about versions, hosts and so on by {@link SSLEngine#setSSLParameters}. What
 * it does not take from there (ALPN, with Netty's) is for whoever makes it to say. It is used by
 * one thread at a time, and nobody tells it when its stream is closed: what is outside the heap has
 * to be freed by itself.
 */
@FunctionalInterface
public interface TlsEngines {

  /**
   * Makes one engine, for one stream. Not a checkpoint.
   *
   * @param host whom a client wants to talk to; empty for a server
   * @param port the port of that host; 0 if it is not known, and for a server
   * @return a new engine
   */
  SSLEngine create(String host, int port);
}
