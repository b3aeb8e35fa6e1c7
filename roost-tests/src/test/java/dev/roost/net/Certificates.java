package dev.roost.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Keys and certificates, made when first asked for and kept for the whole JVM: an authority (ca), a
 * server with a certificate from it for localhost, server.test and 127.0.0.1 (server), the same
 * expired (expired), the same signed by itself (alone), a client (client), one that DTLS is talked
 * with (localhost), and one for another host (stranger), both signed by themselves.
 */
public final class Certificates {

  private static final List<String> SERVER = List.of("localhost", "server.test", "127.0.0.1");
  private static final Certificates ONCE = new Certificates();

  /** Guarded by this. */
  private final Map<String, Identity> made = new HashMap<>();

  private @Nullable Path folder;

  private Certificates() {}

  /** Those of this JVM. */
  public static Certificates get() {
    return ONCE;
  }

  synchronized Identity identity(String name) throws GeneralSecurityException {
    var known = made.get(name);
    if (known == null) {
      known = make(name);
      made.put(name, known);
    }
    return known;
  }

  private Identity make(String name) throws GeneralSecurityException {
    var later = Instant.now().plus(Duration.ofDays(2));
    var earlier = Instant.now().minus(Duration.ofDays(1));
    return switch (name) {
      case "ca" -> Identity.make(name, List.of(), true, later, null);
      case "alone" -> Identity.make(name, SERVER, false, later, null);
      case "server" -> Identity.make(name, SERVER, false, later, identity("ca"));
      case "expired" -> Identity.make(name, SERVER, false, earlier, identity("ca"));
      case "client" -> Identity.make(name, List.of(), false, later, identity("ca"));
      case "localhost" ->
          Identity.make(name, List.of(name, "127.0.0.1", "10.0.0.1"), false, later, null);
      case "stranger" -> Identity.make(name, List.of("stranger.test"), false, later, null);
      default -> throw new IllegalArgumentException("nobody is called " + name);
    };
  }

  /** Where programs find them: NAME.pem and NAME.key. */
  synchronized Path folder() {
    try {
      if (folder == null) {
        folder = Files.createTempDirectory("roost-tls");
        folder.toFile().deleteOnExit();
        for (var name : List.of("ca", "alone", "server", "expired", "client", "localhost")) {
          var identity = identity(name);
          write(folder.resolve(name + ".pem"), identity.certificateAsPem());
          write(folder.resolve(name + ".key"), identity.keyAsPem());
        }
      }
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void write(Path file, String text) throws IOException {
    Files.writeString(file, text).toFile().deleteOnExit();
  }

  /** A context with the certificate of NAME, that trusts what the authority has signed. */
  public SSLContext with(String name) throws GeneralSecurityException {
    return context("TLS", name, "ca");
  }

  /** A context that trusts what the authority has signed. */
  public SSLContext trustingAll() throws GeneralSecurityException {
    return context("TLS", null, "ca");
  }

  /** A context that trusts NAME, and those whom it has signed. */
  SSLContext trustingOnly(String name) throws GeneralSecurityException {
    return context("TLS", null, name);
  }

  /** A context that knows no sessions yet. */
  SSLContext context(String protocol, @Nullable String own, String trusted)
      throws GeneralSecurityException {
    var context = SSLContext.getInstance(protocol);
    var keys = own == null ? null : identity(own).keys();
    context.init(keys, identity(trusted).trust(), null);
    return context;
  }

  /** The authority, as a program would load it from a file. */
  public KeyStore authorities() throws GeneralSecurityException {
    return identity("ca").store();
  }

  static KeyStore emptyStore(String type) throws GeneralSecurityException {
    try {
      var store = KeyStore.getInstance(type);
      store.load(null, null);
      return store;
    } catch (IOException e) {
      throw new UncheckedIOException(e); // there is nothing to read
    }
  }
}
