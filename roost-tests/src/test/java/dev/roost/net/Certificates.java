package dev.roost.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * Keys and certificates, made once for each JVM by the openssl program: an authority (ca), a server
 * with a certificate from it for localhost, server.test and 127.0.0.1 (server), the same expired
 * (expired), the same signed by itself (alone), and a client (client).
 */
public final class Certificates {

  private static final String NEW_KEY =
      "req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout %1$s.key";
  private static final String FOR_SERVER =
      " -addext subjectAltName=DNS:localhost,DNS:server.test,IP:127.0.0.1";

  /** Made when first asked for. */
  private static final class Holder {
    static final Certificates ONCE = make();
  }

  private final Path folder;

  private Certificates(Path folder) {
    this.folder = folder;
  }

  /** Those of this JVM; skips the test if there is no openssl program. */
  public static Certificates get() {
    Openssl.assumeInstalled();
    return Holder.ONCE;
  }

  private static Certificates make() {
    try {
      var folder = Files.createTempDirectory("roost-tls");
      folder.toFile().deleteOnExit();
      selfSigned(folder, "ca", "");
      selfSigned(folder, "alone", FOR_SERVER);
      signed(folder, "server", FOR_SERVER, 2);
      signed(folder, "expired", FOR_SERVER, -1);
      signed(folder, "client", "", 2);
      try (var files = Files.list(folder)) {
        files.forEach(file -> file.toFile().deleteOnExit());
      }
      return new Certificates(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted while openssl made certificates", e);
    }
  }

  private static void selfSigned(Path folder, String name, String extensions)
      throws IOException, InterruptedException {
    Openssl.run(
        folder,
        (NEW_KEY + " -x509 -out %1$s.pem -days 2 -subj /CN=%1$s" + extensions).formatted(name));
  }

  private static void signed(Path folder, String name, String extensions, int days)
      throws IOException, InterruptedException {
    Openssl.run(folder, (NEW_KEY + " -out %1$s.csr -subj /CN=%1$s" + extensions).formatted(name));
    Openssl.run(
        folder,
        ("x509 -req -in %1$s.csr -CA ca.pem -CAkey ca.key -CAcreateserial -copy_extensions copyall"
                + " -days %2$d -out %1$s.pem")
            .formatted(name, days));
  }

  /** Where the files are: NAME.pem and NAME.key. */
  Path folder() {
    return folder;
  }

  /** A context with the certificate of NAME, that trusts what the authority has signed. */
  public SSLContext with(String name) throws GeneralSecurityException, IOException {
    var store = emptyStore();
    store.setKeyEntry(name, key(name), new char[0], new Certificate[] {certificate(name)});
    var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, new char[0]);
    return context(keys.getKeyManagers(), trusting("ca"));
  }

  /** A context that trusts what the authority has signed. */
  public SSLContext trustingAll() throws GeneralSecurityException, IOException {
    return context(null, trusting("ca"));
  }

  /** A context that trusts NAME, and those whom it has signed. */
  SSLContext trustingOnly(String name) throws GeneralSecurityException, IOException {
    return context(null, trusting(name));
  }

  private static SSLContext context(KeyManager[] keys, TrustManager[] trust)
      throws GeneralSecurityException {
    var context = SSLContext.getInstance("TLS");
    context.init(keys, trust, null);
    return context;
  }

  /** The authority, as a program would load it from a file. */
  public KeyStore authorities() throws GeneralSecurityException, IOException {
    return store("ca");
  }

  private KeyStore store(String name) throws GeneralSecurityException, IOException {
    var store = emptyStore();
    store.setCertificateEntry(name, certificate(name));
    return store;
  }

  private TrustManager[] trusting(String name) throws GeneralSecurityException, IOException {
    var store = store(name);
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    return trust.getTrustManagers();
  }

  private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  private Certificate certificate(String name) throws GeneralSecurityException, IOException {
    try (var in = Files.newInputStream(folder.resolve(name + ".pem"))) {
      return CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
  }

  private PrivateKey key(String name) throws GeneralSecurityException, IOException {
    List<String> lines = Files.readAllLines(folder.resolve(name + ".key"));
    var bytes = Base64.getDecoder().decode(String.join("", lines.subList(1, lines.size() - 1)));
    return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(bytes));
  }
}
