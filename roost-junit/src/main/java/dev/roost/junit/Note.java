package dev.roost.junit;

/** Hangs on a failure as a suppressed exception, and says more about it. */
final class Note extends RuntimeException {

  private static final long serialVersionUID = 1;

  Note(String message) {
    super(message, null, false, false);
  }
}
