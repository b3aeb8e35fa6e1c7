package dev.roost.net;

import dev.roost.Roost;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The cookies with which clients prove that they receive what is sent to their address, after RFC
 * 6347, section 4.2.1. They can be checked without anything having been kept of the client: each is
 * a keyed hash of its address, of what it asked for, and of the time, in steps. Those of this step
 * and of the one before are good.
 */
final class DtlsCookies {

  private static final String ALGORITHM = "HmacSHA256";
  private static final int LENGTH = 16;
  private static final long STEP_SECONDS = 60;

  private final Mac mac;

  DtlsCookies() {
    byte[] secret = new byte[32];
    new SecureRandom().nextBytes(secret);
    try {
      this.mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret, ALGORITHM));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This JDK has no " + ALGORITHM + ", which every JDK has.", e);
    }
  }

  byte[] cookieFor(InetSocketAddress client, DtlsClientHello hello) {
    return cookie(client, hello, step());
  }

  boolean isGood(InetSocketAddress client, DtlsClientHello hello) {
    byte[] given = hello.cookie();
    return MessageDigest.isEqual(given, cookie(client, hello, step()))
        || MessageDigest.isEqual(given, cookie(client, hello, step() - 1));
  }

  private static long step() {
    return Math.floorDiv(Roost.now().getEpochSecond(), STEP_SECONDS);
  }

  private byte[] cookie(InetSocketAddress client, DtlsClientHello hello, long step) {
    byte[] address = client.getAddress().getAddress();
    mac.update(
        ByteBuffer.allocate(13)
            .putLong(step)
            .putInt(client.getPort())
            .put((byte) address.length)
            .flip());
    mac.update(address);
    mac.update(hello.parameters());
    return Arrays.copyOf(mac.doFinal(), LENGTH);
  }
}
