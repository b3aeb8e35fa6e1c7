package dev.roost.process;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who in this JVM listens to which signal. The first one for a signal has it handled, the last one
 * gives it back. Guarded by its monitor: signals come on threads of the JVM, and runs are many.
 */
final class SignalHub {

  static final SignalHub JVM = new SignalHub();

  private static final System.Logger LOG = System.getLogger("dev.roost.process");

  private final Map<String, Entry> entries = new HashMap<>();

  private SignalHub() {}

  private static final class Entry {
    final JvmSignals.Handled handled;
    final List<SignalQueue> listeners = new ArrayList<>();

    Entry(JvmSignals.Handled handled) {
      this.handled = handled;
    }
  }

  /** Adds a listener for all of the signals, given by their bare names, or for none. */
  synchronized void add(Set<String> signals, SignalQueue listener) {
    try {
      signals.forEach(signal -> entry(signal).listeners.add(listener));
    } catch (IllegalArgumentException e) {
      remove(signals, listener, Set.of());
      throw e;
    }
  }

  private Entry entry(String signal) {
    Entry known = entries.get(signal);
    if (known != null) {
      return known;
    }
    Entry made = new Entry(JvmSignals.handle(signal, () -> arrived(signal)));
    if (made.handled.wasIgnored()) {
      LOG.log(
          Level.WARNING,
          "Signals.open: SIG{0} was being ignored when this program was started (nohup or a shell''s"
              + " background does that). The JVM may keep ignoring it: then it is never received.",
          signal);
    }
    entries.put(signal, made);
    return made;
  }

  private synchronized void arrived(String signal) {
    Entry entry = entries.get(signal);
    if (entry != null) { // else it was closed while the signal was on its way
      entry.listeners.forEach(listener -> listener.arrived(signal, entry.handled));
    }
  }

  /** A signal reached a listener that was gone by then. */
  synchronized void missed(String signal, JvmSignals.Handled handled) {
    if (!entries.containsKey(signal)) {
      handled.raise();
    }
  }

  /**
   * Removes a listener. Signals that came for it and that it has not received go to whoever handled
   * them before, if nobody else listens.
   */
  synchronized void remove(Set<String> signals, SignalQueue listener, Set<String> undelivered) {
    for (String signal : signals) {
      remove(signal, listener, undelivered.contains(signal));
    }
  }

  private void remove(String signal, SignalQueue listener, boolean undelivered) {
    Entry entry = entries.get(signal);
    if (entry == null || !entry.listeners.remove(listener) || !entry.listeners.isEmpty()) {
      return;
    }
    entries.remove(signal);
    entry.handled.restore();
    if (undelivered) {
      entry.handled.raise();
    }
  }
}
