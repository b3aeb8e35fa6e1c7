package dev.roost.lowlevel;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Those who wait, in the order in which they came. Anyone can leave from anywhere in constant time.
 * Knows nothing of tasks: whoever stands in it usually has a {@link Suspension}.
 *
 * {@snippet file="dev/roost/lowlevel/LowlevelSamplesTest.java" region="line"}
 *
 * <p>Not bound to a run; what it is part of has a {@link RunBinding}. Nothing here is a checkpoint.
 *
 * @param <P> who stands in it
 */
public final class Line<P extends Line.Place> {

  private @Nullable P first;
  private @Nullable P last;
  private int size;

  /** An empty line. */
  public Line() {}

  /** A place in a line. It can be in one line at a time. */
  public abstract static class Place {

    private @Nullable Line<?> line;
    private @Nullable Place next;
    private @Nullable Place previous;

    /** A place in no line yet. */
    protected Place() {}

    /**
     * Whether it is in a line.
     *
     * @return true from {@link Line#add} until it is taken out
     */
    public final boolean isInLine() {
      return line != null;
    }
  }

  /**
   * Puts a place at the end.
   *
   * @param place the last one from now on
   * @throws IllegalStateException if it is in a line already
   */
  public void add(P place) {
    Place added = place;
    if (added.line != null) {
      throw new IllegalStateException(
          "Line.add: this place is in a line already. Take it out first, or make a place for each wait.");
    }
    added.line = this;
    Place before = last;
    added.previous = before;
    if (before == null) {
      first = place;
    } else {
      before.next = added;
    }
    last = place;
    size++;
  }

  /**
   * Who has waited longest.
   *
   * @return the first, still in line; null if nobody waits
   */
  public @Nullable P first() {
    return first;
  }

  /**
   * Takes out who has waited longest.
   *
   * @return the first; null if nobody waits
   */
  public @Nullable P poll() {
    P longest = first;
    if (longest != null) {
      unlink(longest);
    }
    return longest;
  }

  /**
   * Takes a place out, wherever it is.
   *
   * @param place the place
   * @return true if it was in this line
   */
  public boolean remove(P place) {
    if (((Place) place).line != this) {
      return false;
    }
    unlink(place);
    return true;
  }

  @SuppressWarnings("unchecked") // only add puts places in, and those are P
  private void unlink(Place place) {
    Place before = place.previous;
    Place after = place.next;
    if (before == null) {
      first = (P) after;
    } else {
      before.next = after;
    }
    if (after == null) {
      last = (P) before;
    } else {
      after.previous = before;
    }
    place.previous = null;
    place.next = null;
    place.line = null;
    size--;
  }

  /**
   * All who wait, those first that came first.
   *
   * @return a copy, which stays as it is when the line moves on
   */
  @SuppressWarnings("unchecked") // only add puts places in, and those are P
  public List<P> toList() {
    List<P> all = new ArrayList<>(size);
    for (Place at = first; at != null; at = at.next) {
      all.add((P) Objects.requireNonNull(at));
    }
    return all;
  }

  /**
   * Whether nobody waits.
   *
   * @return true if the line is empty
   */
  public boolean isEmpty() {
    return first == null;
  }

  /**
   * How many wait.
   *
   * @return the number
   */
  public int size() {
    return size;
  }

  /** How many wait. */
  @Override
  public String toString() {
    return "Line[" + size + " waiting]";
  }
}
