package dev.roost.process;

import dev.roost.CheckReturnValue;
import dev.roost.channel.ReceiveChannel;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The signals that this program gets.
 *
 * {@snippet file="dev/roost/process/SignalsTest.java" region="signals"}
 *
 * <p>To end a program in order on Ctrl-C there is {@code RunOptions.cancelOnShutdown}; this is for
 * other reactions, such as reading the configuration again on HUP.
 */
public final class Signals {

  private Signals() {}

  /**
   * Listens to signals, until the channel is closed. From now on they do not do what they did
   * before (INT and TERM do not end the program), from then on they do again. Not a checkpoint.
   *
   * <p>What is received is the name as it was given here. Signals of one kind that come before the
   * first of them was received count as one. If several channels listen to a signal, each gets it.
   * Signals that were not received when the last channel for them is closed go to whoever handled
   * them before, so that a Ctrl-C is not lost; but not to the system, which would end the JVM on
   * the spot.
   *
   * <p>The channel never ends by itself. It belongs to the run, which closes it at its own end at
   * the latest. {@code Select.receive} takes it. A run that waits for nothing else is not taken for
   * deadlocked.
   *
   * @param names the signals, such as {@code HUP} or {@code SIGHUP}; upper or lower case
   * @return the channel; the caller closes it
   * @throws IllegalArgumentException if there are none, if one is named twice, or if one does not
   *     exist or is kept by the JVM for itself (such as QUIT, SEGV and KILL)
   * @throws IllegalStateException outside a run
   */
  @CheckReturnValue
  public static ReceiveChannel<String> open(String... names) {
    if (names.length == 0) {
      throw new IllegalArgumentException(
          "Signals.open: no signal was named. Name one or more, such as open(\"HUP\").");
    }
    Map<String, String> wanted = new LinkedHashMap<>();
    for (String name : names) {
      if (wanted.put(JvmSignals.bare(name), name) != null) {
        throw new IllegalArgumentException(
            "Signals.open: the signal SIG" + JvmSignals.bare(name) + " is named twice.");
      }
    }
    return SignalQueue.open(wanted);
  }
}
