package dev.roost.net;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * A key and its certificate, made here: programs that make them take longer to start than all tests
 * of a class take.
 */
final class Identity {

  private static final char[] NO_PASSWORD = {};
  private static final byte[] ECDSA_WITH_SHA256 = sequence(hex("06082a8648ce3d040302"));
  private static final byte[] COMMON_NAME = hex("0603550403");
  private static final byte[] BASIC_CONSTRAINTS = hex("0603551d13");
  private static final byte[] ALTERNATIVE_NAMES = hex("0603551d11");
  private static final byte[] YES = hex("0101ff");

  private final String name;
  private final PrivateKey key;
  private final X509Certificate certificate;
  private KeyManager @Nullable [] keys;
  private TrustManager @Nullable [] trust;

  private Identity(String name, PrivateKey key, X509Certificate certificate) {
    this.name = name;
    this.key = key;
    this.certificate = certificate;
  }

  /**
   * Makes one that ends at a moment.
   *
   * @param hosts for whom it is: names and numeric addresses
   * @param issuer who signs it; null: itself
   */
  static Identity make(
      String name, List<String> hosts, boolean authority, Instant end, @Nullable Identity issuer)
      throws GeneralSecurityException {
    var generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    var pair = generator.generateKeyPair();
    var extensions = new ByteArrayOutputStream();
    if (authority) {
      extensions.writeBytes(sequence(BASIC_CONSTRAINTS, YES, der(4, sequence(YES))));
    }
    if (!hosts.isEmpty()) {
      var names = hosts.stream().map(Identity::alternativeName).toArray(byte[][]::new);
      extensions.writeBytes(sequence(ALTERNATIVE_NAMES, der(4, sequence(names))));
    }
    var content =
        sequence(
            der(0xa0, hex("020102")),
            der(2, new byte[] {(byte) (1 + name.length())}),
            ECDSA_WITH_SHA256,
            distinguished(issuer == null ? name : issuer.name),
            sequence(time(end.minusSeconds(4 * 24 * 3600)), time(end)),
            distinguished(name),
            pair.getPublic().getEncoded(),
            der(0xa3, sequence(extensions.toByteArray())));
    var signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(issuer == null ? pair.getPrivate() : issuer.key);
    signature.update(content);
    var all = sequence(content, ECDSA_WITH_SHA256, der(3, new byte[1], signature.sign()));
    var certificate =
        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(all));
    return new Identity(name, pair.getPrivate(), (X509Certificate) certificate);
  }

  private static byte[] distinguished(String name) {
    return sequence(der(0x31, sequence(COMMON_NAME, der(12, utf8(name)))));
  }

  private static byte[] time(Instant at) {
    var format = DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
    return der(23, utf8(format.format(at)));
  }

  private static byte[] alternativeName(String host) {
    return Character.isDigit(host.charAt(0))
        ? der(0x87, InetAddress.ofLiteral(host).getAddress())
        : der(0x82, utf8(host));
  }

  private static byte[] sequence(byte[]... parts) {
    return der(0x30, parts);
  }

  /** What a tag says of the parts, as DER writes it. */
  private static byte[] der(int tag, byte[]... parts) {
    var content = new ByteArrayOutputStream();
    for (var part : parts) {
      content.writeBytes(part);
    }
    int length = content.size();
    var all = new ByteArrayOutputStream();
    all.write(tag);
    if (length >= 256) {
      all.writeBytes(new byte[] {(byte) 0x82, (byte) (length >> 8)});
    } else if (length >= 128) {
      all.write(0x81);
    }
    all.write(length);
    all.writeBytes(content.toByteArray());
    return all.toByteArray();
  }

  private static byte[] hex(String bytes) {
    return HexFormat.of().parseHex(bytes);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  X509Certificate certificate() {
    return certificate;
  }

  /** To be this one. */
  synchronized KeyManager[] keys() throws GeneralSecurityException {
    if (keys == null) {
      keys = keys(KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm()));
    }
    return keys;
  }

  /** The same, as another provider likes them. */
  KeyManager[] keys(KeyManagerFactory factory) throws GeneralSecurityException {
    // A store of the other kind takes tens of milliseconds to make a key out of the password.
    var store = Certificates.emptyStore("JKS");
    store.setKeyEntry(name, key, NO_PASSWORD, new Certificate[] {certificate});
    factory.init(store, NO_PASSWORD);
    return factory.getKeyManagers();
  }

  /** To trust this one, and whom it has signed. */
  synchronized TrustManager[] trust() throws GeneralSecurityException {
    if (trust == null) {
      trust = trust(TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm()));
    }
    return trust;
  }

  /** The same, as another provider does it. */
  TrustManager[] trust(TrustManagerFactory factory) throws GeneralSecurityException {
    factory.init(store());
    return factory.getTrustManagers();
  }

  /** Has the certificate, as one to be trusted. */
  KeyStore store() throws GeneralSecurityException {
    var store = Certificates.emptyStore("PKCS12");
    store.setCertificateEntry(name, certificate);
    return store;
  }

  String certificateAsPem() throws GeneralSecurityException {
    return pem("CERTIFICATE", certificate.getEncoded());
  }

  String keyAsPem() {
    return pem("PRIVATE KEY", key.getEncoded());
  }

  private static String pem(String what, byte[] bytes) {
    var base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n".formatted(what, base64);
  }
}
