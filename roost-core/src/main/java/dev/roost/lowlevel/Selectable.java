package dev.roost.lowlevel;

import org.jspecify.annotations.Nullable;

/**
 * Something that a task can wait for together with other things, of which it takes exactly one.
 * Primitives implement it; programs hand it to {@code dev.roost.channel.Select}. Nothing here is a
 * checkpoint.
 *
 * @param <V> what taking it gives
 */
public interface Selectable<V> {

  /**
   * Takes it, if that needs no waiting.
   *
   * @return what it gave; null if it cannot be taken now, and nothing was changed
   * @throws IllegalStateException outside a run, or in another run
   */
  @Nullable V poll();

  /**
   * Waits for it, after {@link #poll} has given null. When it can be taken, it is given to {@code
   * slot}, or fails it: once, and not from within this method. The slot is to be forgotten before.
   *
   * @param slot who waits
   * @return forgets the slot; does nothing if the slot has been served
   * @throws IllegalStateException outside a run, or in another run
   */
  Runnable enlist(Slot<? super V> slot);

  /**
   * One of the things that one task waits for. Serving it decides the choice: when the call
   * returns, all other slots of that task have been forgotten.
   *
   * <p>If the task also waits for a channel between runs, another thread may have decided already,
   * and the slots are about to be forgotten: then this one is refused.
   *
   * @param <V> what taking it gives
   */
  interface Slot<V> {

    /**
     * Gives what was waited for.
     *
     * @param value what taking it gives
     * @return false if the task has got something else, and the value was not taken: keep it, or
     *     give it to the next one
     */
    boolean complete(V value);

    /**
     * Says that it can never be taken; nothing happens if the task has got something else.
     *
     * @param error what the task throws
     */
    void fail(RuntimeException error);
  }
}
