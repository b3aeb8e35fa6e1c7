package dev.roost;

/**
 * Where the virtual threads of a run are mounted. Programs behave the same on each; the speed
 * differs.
 */
public enum Carrier {

  /**
   * {@link #OWN} where the JVM allows it and {@code run} was called on a platform thread, else
   * {@link #SHARED}.
   */
  AUTO,

  /**
   * On the JDK's own scheduler, which all virtual threads share. Works everywhere, needs no flags.
   */
  SHARED,

  /**
   * On the platform thread that called {@code run}: switches between tasks stay on one core and
   * cost half as much. Needs the JVM flag {@code --add-opens java.base/java.lang=ALL-UNNAMED}
   * ({@code =dev.roost.core} on the module path). A run that is called on a virtual thread, which
   * cannot carry others, is {@link #SHARED} all the same.
   */
  OWN
}
