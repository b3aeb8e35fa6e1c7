package dev.roost.internal;

import java.util.Arrays;

/**
 * The timers of one run: an indexed heap with four children a node.
 *
 * <p>Invariants: {@code heap[t.index] == t} for each pending timer; no timer is earlier than its
 * parent, ties broken by the order in which deadlines were set. The typical new timeout is later
 * than most others and is closed soon after it was opened: it is put at the end, stays there after
 * one comparison, and leaves from there in constant time.
 *
 * <p>Touched only by the holder of the baton.
 */
public final class Timers {

  private static final int ARITY_SHIFT = 2;
  private static final int SMALLEST = 16;

  private Timer[] heap = new Timer[SMALLEST];
  private int size;
  private long orders;

  /** Whether no timer is pending. */
  public boolean isEmpty() {
    return size == 0;
  }

  /** How many timers are pending. */
  public int size() {
    return size;
  }

  /** The earliest deadline, {@link Timer#NEVER} if there is none. */
  public long earliest() {
    return size == 0 ? Timer.NEVER : heap[0].when;
  }

  /** Sets the timer's moment, whether it was pending or not; {@link Timer#NEVER} takes it out. */
  public void set(Timer timer, long when) {
    if (when == Timer.NEVER) {
      remove(timer);
      return;
    }
    timer.order = orders++;
    if (timer.index < 0) {
      timer.when = when;
      if (size == heap.length) {
        heap = Arrays.copyOf(heap, size << 1);
      }
      siftUp(timer, size++);
    } else {
      boolean earlier = when < timer.when;
      timer.when = when;
      if (earlier) {
        siftUp(timer, timer.index);
      } else {
        siftDown(timer, timer.index);
      }
    }
  }

  /** Takes the timer out; nothing happens if it is not pending. */
  @SuppressWarnings("NullAway") // the slots past the end hold null, and nobody reads them
  public void remove(Timer timer) {
    int at = timer.index;
    if (at < 0) {
      return;
    }
    timer.index = -1;
    Timer last = heap[--size];
    heap[size] = null;
    if (last != timer) {
      siftDown(last, at);
      if (last.index == at) {
        siftUp(last, at);
      }
    }
    if (size >= SMALLEST && size << 3 < heap.length) {
      heap = Arrays.copyOf(heap, heap.length >> 1); // a burst of timers leaves no big array behind
    }
  }

  /**
   * Fires every timer that is due at {@code now}, in the order of their deadlines, and says how
   * many there were.
   */
  public int fireDue(long now) {
    int fired = 0;
    while (size > 0 && heap[0].when <= now) {
      Timer due = heap[0];
      remove(due);
      due.fire();
      fired++;
    }
    return fired;
  }

  private void siftUp(Timer timer, int from) {
    int at = from;
    while (at > 0) {
      int parentAt = (at - 1) >> ARITY_SHIFT;
      Timer parent = heap[parentAt];
      if (!before(timer, parent)) {
        break;
      }
      place(parent, at);
      at = parentAt;
    }
    place(timer, at);
  }

  private void siftDown(Timer timer, int from) {
    int at = from;
    for (int first; (first = (at << ARITY_SHIFT) + 1) < size; ) {
      int best = first;
      int end = Math.min(first + (1 << ARITY_SHIFT), size);
      for (int child = first + 1; child < end; child++) {
        if (before(heap[child], heap[best])) {
          best = child;
        }
      }
      if (!before(heap[best], timer)) {
        break;
      }
      place(heap[best], at);
      at = best;
    }
    place(timer, at);
  }

  private void place(Timer timer, int at) {
    heap[at] = timer;
    timer.index = at;
  }

  private static boolean before(Timer a, Timer b) {
    return a.when != b.when ? a.when < b.when : a.order < b.order;
  }
}
