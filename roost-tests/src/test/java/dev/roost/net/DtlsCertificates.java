package dev.roost.net;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A certificate of its own for each test JVM, made by the keytool of the JDK, and its key. */
final class DtlsCertificates {

  private static final char[] PASSWORD = "changeit".toCharArray();
  private static final KeyStore STORE = make("localhost", "dns:localhost,ip:127.0.0.1,ip:10.0.0.1");
  private static final KeyStore STRANGER = make("stranger", "dns:stranger.test");

  private DtlsCertificates() {}

  private static KeyStore make(String name, String alternatives) {
    try {
      var folder = Files.createTempDirectory("roost-certificates");
      var file = folder.resolve("keys.p12");
      var process =
          new ProcessBuilder(
                  System.getProperty("java.home") + "/bin/keytool",
                  "-genkeypair",
                  "-alias",
                  "key",
                  "-keyalg",
                  "EC",
                  "-groupname",
                  "secp256r1",
                  "-dname",
                  "CN=" + name,
                  "-ext",
                  "san=" + alternatives,
                  "-storetype",
                  "PKCS12",
                  "-storepass",
                  new String(PASSWORD),
                  "-keystore",
                  file.toString())
              .redirectErrorStream(true)
              .start();
      var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException("keytool failed: " + output);
      }
      var store = KeyStore.getInstance(file.toFile(), PASSWORD);
      Files.delete(file);
      Files.delete(folder);
      return store;
    } catch (IOException | GeneralSecurityException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Has the certificate of localhost, and trusts it. */
  static SSLContext dtls() {
    return context("DTLS", STORE, STORE);
  }

  /** Trusts the certificate of localhost, and has none. */
  static SSLContext dtlsWithoutCertificate() {
    return context("DTLS", null, STORE);
  }

  /** Has a certificate that nobody else trusts. */
  static SSLContext dtlsOfAStranger() {
    return context("DTLS", STRANGER, STRANGER);
  }

  /** Has a certificate for another host, which the others trust. */
  static SSLContext dtlsForAnotherHost() {
    return context("DTLS", STRANGER, STORE);
  }

  static SSLContext dtlsTrustingTheStranger() {
    return context("DTLS", STORE, STRANGER);
  }

  static SSLContext tls() {
    return context("TLS", STORE, STORE);
  }

  private static SSLContext context(String protocol, KeyStore own, KeyStore trusted) {
    try {
      var keys = KeyManagerFactory.getInstance("PKIX");
      keys.init(own, PASSWORD);
      var trust = TrustManagerFactory.getInstance("PKIX");
      trust.init(trusted);
      var context = SSLContext.getInstance(protocol);
      context.init(own == null ? null : keys.getKeyManagers(), trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Writes the key and the certificate where a program can read them. */
  static void writePem(Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      Key key = STORE.getKey("key", PASSWORD);
      var encoder = Base64.getMimeEncoder(64, new byte[] {'\n'});
      out.write(pem("PRIVATE KEY", encoder.encodeToString(key.getEncoded())));
      out.write(
          pem("CERTIFICATE", encoder.encodeToString(STORE.getCertificate("key").getEncoded())));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] pem(String what, String base64) {
    return ("-----BEGIN " + what + "-----\n" + base64 + "\n-----END " + what + "-----\n")
        .getBytes(StandardCharsets.US_ASCII);
  }
}
