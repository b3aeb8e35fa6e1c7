package dev.roost;

/** Where the virtual threads of a run are mounted. Programs behave the same on each; the speed differs. */
public enum Carrier {

  /** The best that the JVM allows; at present always {@link #SHARED}. */
  AUTO,

  /** On the JDK's own scheduler, which all virtual threads share. Works everywhere, needs no flags. */
  SHARED,

  /** On the platform thread that called {@code run}. */
  OWN
}
