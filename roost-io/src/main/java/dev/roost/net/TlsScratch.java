package dev.roost.net;

import dev.roost.RunLocal;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLException;

/**
 * Where engines put what they make, one for all TLS streams of a run: whoever uses it has copied
 * everything out before the next checkpoint. So a stream that waits holds no buffers, which would
 * be most of its memory.
 */
final class TlsScratch {

  /** A record, encrypted, as the JDK counts it; other engines may ask for more. */
  private static final int USUAL = 17 * 1024;

  private static final int MOST = 1024 * 1024;

  private static final RunLocal<TlsScratch> OF_RUN = RunLocal.withInitial(TlsScratch::new);

  private ByteBuffer buffer = ByteBuffer.allocate(USUAL);

  private TlsScratch() {}

  /** The one of the current run. */
  static TlsScratch ofRun() {
    return OF_RUN.get();
  }

  ByteBuffer cleared() {
    return buffer.clear();
  }

  /** Makes it bigger, for an engine that found it too small. */
  void grow(int wanted) throws SSLException {
    int size = Math.max(2 * buffer.capacity(), wanted);
    if (size > MOST) {
      throw new SSLException(
          "The TLS engine asks for a buffer of "
              + size
              + " bytes; a record has 16 KiB. This is a mistake of the engine.");
    }
    buffer = ByteBuffer.allocate(size);
  }
}
