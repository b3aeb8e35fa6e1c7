package dev.roost;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;

/** Spans of time as nanoseconds, with everything beyond 292 years as "never". */
final class Times {

  private Times() {}

  /** A timeout that may be zero but not negative. */
  static long timeout(Duration timeout, String operation) {
    Objects.requireNonNull(timeout, () -> operation + ": the timeout is null");
    if (timeout.isNegative()) {
      throw new IllegalArgumentException(
          operation + ": the timeout is negative (" + timeout + "). Zero means: expired already.");
    }
    return nanos(timeout);
  }

  /** Nanoseconds, the nearest possible where a long cannot hold them. */
  static long nanos(Duration span) {
    try {
      return span.toNanos();
    } catch (ArithmeticException tooLong) {
      return span.isNegative() ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
  }

  /** {@code moment + span} for a span that is not negative; never, rather than an overflow. */
  static long plus(long moment, long span) {
    long sum = moment + span;
    return sum < moment ? Long.MAX_VALUE : sum;
  }

  private static final long MILLI = 1_000_000;

  /** The next whole millisecond, for people. */
  static long roundUp(long nanos) {
    return nanos > Long.MAX_VALUE - MILLI ? nanos : (nanos + MILLI - 1) / MILLI * MILLI;
  }

  /** A span as people write it: 250ms, 1.5s, 2m30s. */
  static String text(long nanos) {
    if (nanos == Long.MAX_VALUE) {
      return "forever";
    }
    if (nanos > 0 && nanos < 1_000 * MILLI) {
      return BigDecimal.valueOf(nanos, 6).stripTrailingZeros().toPlainString() + "ms";
    }
    return Duration.ofNanos(nanos).toString().substring("PT".length()).toLowerCase(Locale.ROOT);
  }
}
