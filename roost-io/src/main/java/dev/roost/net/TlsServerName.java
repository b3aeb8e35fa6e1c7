package dev.roost.net;

import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;

/**
 * Whom a client wants to talk to.
 *
 * @param host what the certificate must be for
 * @param sni what the server is told; nothing if the host is an address
 */
record TlsServerName(String host, Optional<SNIServerName> sni) {

  /** {@code operation} is for the message. */
  static TlsServerName of(String operation, String given) {
    Objects.requireNonNull(given, () -> operation + ": the host is null");
    String host = given.endsWith(".") ? given.substring(0, given.length() - 1) : given;
    if (host.isBlank()) {
      throw new IllegalArgumentException(
          operation
              + ": the host is empty. Give the name that the certificate of the server must be"
              + " for.");
    }
    if (Targets.numeric(host).isPresent()) {
      return new TlsServerName(host, Optional.empty());
    }
    try {
      SNIHostName name = new SNIHostName(host);
      return new TlsServerName(name.getAsciiName(), Optional.of(name));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          operation + ": \"" + given + "\" cannot be the name of a host: " + e.getMessage(), e);
    }
  }
}
