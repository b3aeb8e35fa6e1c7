package dev.roost.net;

import java.security.GeneralSecurityException;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Contexts for the tests of DTLS. */
final class DtlsCertificates {

  private static final String LOCALHOST = "localhost";
  private static final String STRANGER = "stranger";

  private DtlsCertificates() {}

  /** Has the certificate of localhost, and trusts it. */
  static SSLContext dtls() {
    return context("DTLS", LOCALHOST, LOCALHOST);
  }

  /** Trusts the certificate of localhost, and has none. */
  static SSLContext dtlsWithoutCertificate() {
    return context("DTLS", null, LOCALHOST);
  }

  /** Has a certificate that nobody else trusts. */
  static SSLContext dtlsOfAStranger() {
    return context("DTLS", STRANGER, STRANGER);
  }

  /** Has a certificate for another host, which the others trust. */
  static SSLContext dtlsForAnotherHost() {
    return context("DTLS", STRANGER, LOCALHOST);
  }

  static SSLContext dtlsTrustingTheStranger() {
    return context("DTLS", LOCALHOST, STRANGER);
  }

  static SSLContext tls() {
    return context("TLS", LOCALHOST, LOCALHOST);
  }

  private static SSLContext context(String protocol, @Nullable String own, String trusted) {
    try {
      return Certificates.get().context(protocol, own, trusted);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
