package dev.roost;

import java.io.InterruptedIOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileLockInterruptionException;

/**
 * Tells whether code failed because its thread was interrupted: libraries hide that in many ways.
 */
final class Interruptions {

  private static final int DEEPEST = 100;

  private Interruptions() {}

  static boolean causedBy(Throwable error) {
    Throwable at = error;
    for (int depth = 0; at != null && depth < DEEPEST; depth++) { // causes can form a circle
      if (isInterruption(at)) {
        return true;
      }
      at = at.getCause();
    }
    return false;
  }

  private static boolean isInterruption(Throwable error) {
    return error instanceof InterruptedException
        || error instanceof ClosedByInterruptException
        || error instanceof FileLockInterruptionException
        || (error instanceof InterruptedIOException && !(error instanceof SocketTimeoutException))
        || (error instanceof SocketException && "Closed by interrupt".equals(error.getMessage()));
  }
}
