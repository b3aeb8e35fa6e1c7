package dev.roost.testing;

import dev.roost.AsyncCallable;
import dev.roost.AsyncConsumer;
import dev.roost.io.ByteStream;
import dev.roost.io.HalfCloseableStream;
import dev.roost.io.SendStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What every stream has to keep, as a suite of checks for streams of your own: that bytes arrive,
 * that every call is a checkpoint, what happens when one end is closed, when a call is cancelled,
 * when two tasks get into each other's way.
 *
 * {@snippet file="dev/roost/testing/StreamTestingSamples.java" region="checks"}
 *
 * <p>Each check takes a new pair of ends from the maker, and closes them. The maker is called as
 * part of the run, and so may wait. A <em>clogged</em> pair is one whose senders have to wait: the
 * one-way stream, or both directions of the two-way stream, are full, until the other end receives.
 * Without a maker of such pairs the checks that need a sender that waits are left out.
 *
 * <p>The first check that fails ends the suite with an {@link AssertionError} that says which
 * promise was broken, and how. A stream that never wakes a task makes the suite wait for ever: give
 * the test a timeout.
 *
 * <p>A stream whose {@code close} is an abrupt end by its nature, such as one with encryption, says
 * with {@link #endingBy} how it is closed gracefully.
 */
public final class StreamChecks {

  private static final Suite PLAIN = new Suite(SendStream::close);

  private StreamChecks() {}

  /**
   * Checks streams that go one way, without a sender that waits. A checkpoint.
   *
   * @param maker makes a pair
   * @throws InterruptedException if cancelled
   * @throws AssertionError if a check fails
   * @throws IllegalStateException outside a run
   */
  public static void oneWay(AsyncCallable<? extends OneWayPair<?, ?>, ?> maker)
      throws InterruptedException {
    PLAIN.oneWay(maker);
  }

  /**
   * Checks streams that go one way. A checkpoint.
   *
   * @param maker makes a pair
   * @param clogged makes a pair whose sender has to wait
   * @throws InterruptedException if cancelled
   * @throws AssertionError if a check fails
   * @throws IllegalStateException outside a run
   */
  public static void oneWay(
      AsyncCallable<? extends OneWayPair<?, ?>, ?> maker,
      AsyncCallable<? extends OneWayPair<?, ?>, ?> clogged)
      throws InterruptedException {
    PLAIN.oneWay(maker, clogged);
  }

  /**
   * Checks streams that go both ways, without a sender that waits: all that {@link #oneWay} checks,
   * in each direction, and both directions at once. A checkpoint.
   *
   * @param maker makes a pair
   * @throws InterruptedException if cancelled
   * @throws AssertionError if a check fails
   * @throws IllegalStateException outside a run
   */
  public static void twoWay(AsyncCallable<? extends StreamPair<?>, ?> maker)
      throws InterruptedException {
    PLAIN.twoWay(maker);
  }

  /**
   * Checks streams that go both ways: all that {@link #oneWay} checks, in each direction, and both
   * directions at once. A checkpoint.
   *
   * @param maker makes a pair
   * @param clogged makes a pair whose senders have to wait
   * @throws InterruptedException if cancelled
   * @throws AssertionError if a check fails
   * @throws IllegalStateException outside a run
   */
  public static void twoWay(
      AsyncCallable<? extends StreamPair<?>, ?> maker,
      AsyncCallable<? extends StreamPair<?>, ?> clogged)
      throws InterruptedException {
    PLAIN.twoWay(maker, clogged);
  }

  /**
   * Checks streams that can be half-closed, without a sender that waits: all that {@link #twoWay}
   * checks, and {@code sendEof}. A checkpoint.
   *
   * @param maker makes a pair
   * @throws InterruptedException if cancelled
   * @throws AssertionError if a check fails
   * @throws IllegalStateException outside a run
   */
  public static void halfCloseable(
      AsyncCallable<? extends StreamPair<? extends HalfCloseableStream>, ?> maker)
      throws InterruptedException {
    PLAIN.halfCloseable(maker);
  }

  /**
   * Checks streams that can be half-closed: all that {@link #twoWay} checks, and {@code sendEof}. A
   * checkpoint.
   *
   * @param maker makes a pair
   * @param clogged makes a pair whose senders have to wait
   * @throws InterruptedException if cancelled
   * @throws AssertionError if a check fails
   * @throws IllegalStateException outside a run
   */
  public static void halfCloseable(
      AsyncCallable<? extends StreamPair<? extends HalfCloseableStream>, ?> maker,
      AsyncCallable<? extends StreamPair<? extends HalfCloseableStream>, ?> clogged)
      throws InterruptedException {
    PLAIN.halfCloseable(maker, clogged);
  }

  /**
   * For streams that have a graceful end of their own, which the other side can tell from an abrupt
   * one: the checks that send something, and then expect the end, use it in the place of {@code
   * close}. Not a checkpoint.
   *
   * @param gracefulClose ends and closes a stream; gets one that the maker made
   * @return the checks
   */
  public static Suite endingBy(AsyncConsumer<? super SendStream, ?> gracefulClose) {
    return new Suite(
        Objects.requireNonNull(gracefulClose, "StreamChecks.endingBy: the consumer is null"));
  }

  /** The checks, for streams that end in a way of their own. Immutable. */
  public static final class Suite {

    private final AsyncConsumer<? super SendStream, ?> gracefulClose;

    private Suite(AsyncConsumer<? super SendStream, ?> gracefulClose) {
      this.gracefulClose = gracefulClose;
    }

    /**
     * As {@link StreamChecks#oneWay(AsyncCallable)}. A checkpoint.
     *
     * @param maker makes a pair
     * @throws InterruptedException if cancelled
     * @throws AssertionError if a check fails
     * @throws IllegalStateException outside a run
     */
    public void oneWay(AsyncCallable<? extends OneWayPair<?, ?>, ?> maker)
        throws InterruptedException {
      checkOneWay("", maker, null);
    }

    /**
     * As {@link StreamChecks#oneWay(AsyncCallable, AsyncCallable)}. A checkpoint.
     *
     * @param maker makes a pair
     * @param clogged makes a pair whose sender has to wait
     * @throws InterruptedException if cancelled
     * @throws AssertionError if a check fails
     * @throws IllegalStateException outside a run
     */
    public void oneWay(
        AsyncCallable<? extends OneWayPair<?, ?>, ?> maker,
        AsyncCallable<? extends OneWayPair<?, ?>, ?> clogged)
        throws InterruptedException {
      checkOneWay("", maker, Objects.requireNonNull(clogged, "StreamChecks: the maker is null"));
    }

    /**
     * As {@link StreamChecks#twoWay(AsyncCallable)}. A checkpoint.
     *
     * @param maker makes a pair
     * @throws InterruptedException if cancelled
     * @throws AssertionError if a check fails
     * @throws IllegalStateException outside a run
     */
    public void twoWay(AsyncCallable<? extends StreamPair<?>, ?> maker)
        throws InterruptedException {
      checkTwoWay(maker, null);
    }

    /**
     * As {@link StreamChecks#twoWay(AsyncCallable, AsyncCallable)}. A checkpoint.
     *
     * @param maker makes a pair
     * @param clogged makes a pair whose senders have to wait
     * @throws InterruptedException if cancelled
     * @throws AssertionError if a check fails
     * @throws IllegalStateException outside a run
     */
    public void twoWay(
        AsyncCallable<? extends StreamPair<?>, ?> maker,
        AsyncCallable<? extends StreamPair<?>, ?> clogged)
        throws InterruptedException {
      checkTwoWay(maker, Objects.requireNonNull(clogged, "StreamChecks: the maker is null"));
    }

    /**
     * As {@link StreamChecks#halfCloseable(AsyncCallable)}. A checkpoint.
     *
     * @param maker makes a pair
     * @throws InterruptedException if cancelled
     * @throws AssertionError if a check fails
     * @throws IllegalStateException outside a run
     */
    public void halfCloseable(
        AsyncCallable<? extends StreamPair<? extends HalfCloseableStream>, ?> maker)
        throws InterruptedException {
      twoWay(maker);
      new HalfCloseChecks(maker, null).all();
    }

    /**
     * As {@link StreamChecks#halfCloseable(AsyncCallable, AsyncCallable)}. A checkpoint.
     *
     * @param maker makes a pair
     * @param clogged makes a pair whose senders have to wait
     * @throws InterruptedException if cancelled
     * @throws AssertionError if a check fails
     * @throws IllegalStateException outside a run
     */
    public void halfCloseable(
        AsyncCallable<? extends StreamPair<? extends HalfCloseableStream>, ?> maker,
        AsyncCallable<? extends StreamPair<? extends HalfCloseableStream>, ?> clogged)
        throws InterruptedException {
      twoWay(maker, clogged);
      new HalfCloseChecks(maker, clogged).all();
    }

    private void checkOneWay(
        String direction,
        AsyncCallable<? extends OneWayPair<?, ?>, ?> maker,
        @Nullable AsyncCallable<? extends OneWayPair<?, ?>, ?> clogged)
        throws InterruptedException {
      Objects.requireNonNull(maker, "StreamChecks: the maker is null");
      new TransferChecks(direction, maker).all();
      new ClosingChecks(direction, maker, gracefulClose).all();
      if (clogged != null) {
        new CloggedChecks(direction, clogged).all();
      }
    }

    private void checkTwoWay(
        AsyncCallable<? extends StreamPair<?>, ?> maker,
        @Nullable AsyncCallable<? extends StreamPair<?>, ?> clogged)
        throws InterruptedException {
      Objects.requireNonNull(maker, "StreamChecks: the maker is null");
      checkOneWay(
          "from left to right: ",
          () -> toTheRight(maker.call()),
          clogged == null ? null : () -> toTheRight(clogged.call()));
      checkOneWay(
          "from right to left: ",
          () -> toTheLeft(maker.call()),
          clogged == null ? null : () -> toTheLeft(clogged.call()));
      new TwoWayChecks(() -> toTheRight(maker.call()), gracefulClose).all();
    }

    private static OneWayPair<ByteStream, ByteStream> toTheRight(StreamPair<?> pair) {
      return new OneWayPair<>(pair.left(), pair.right());
    }

    private static OneWayPair<ByteStream, ByteStream> toTheLeft(StreamPair<?> pair) {
      return new OneWayPair<>(pair.right(), pair.left());
    }
  }
}
