package dev.roost;

/** Words for objects of the program, whose own may fail them. */
final class Texts {

  private Texts() {}

  /** What its {@code toString} says; its class, and what went wrong, if that throws. */
  static String of(Object thing) {
    try {
      return String.valueOf(thing);
    } catch (RuntimeException | LinkageError | StackOverflowError broken) {
      return thing.getClass().getName()
          + " (whose toString threw "
          + broken.getClass().getName()
          + ")";
    }
  }
}
