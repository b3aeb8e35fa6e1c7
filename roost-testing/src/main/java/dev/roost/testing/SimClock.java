package dev.roost.testing;

import dev.roost.WallClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/**
 * What hangs on the wall of a simulated host: a clock that is ahead of that of the run, or behind,
 * and gains or loses time. Touched by the holder of the baton.
 */
final class SimClock implements WallClock {

  /** Beyond these a moment is "never", and every clock agrees on it. */
  private static final Instant EARLIEST = Instant.EPOCH.minus(Duration.ofDays(100_000));

  private static final Instant LATEST = Instant.EPOCH.plus(Duration.ofDays(100_000));

  /** On the clock of the run: when it was set. */
  private Instant set = Instant.EPOCH;

  /** How far ahead it was then. */
  private Duration ahead = Duration.ZERO;

  /** How many seconds it gains in each second since then. */
  private double drift;

  void set(Duration by, double driftPerSecond) {
    Objects.requireNonNull(by, "SimHost.setClock: the duration is null");
    if (!(driftPerSecond > -1) || Double.isInfinite(driftPerSecond)) {
      throw new IllegalArgumentException(
          "SimHost.setClock: the clock gains "
              + driftPerSecond
              + " seconds in each second. Give more than -1: it must go ahead, however slowly.");
    }
    set = WallClock.nowOfRun();
    ahead = by;
    drift = driftPerSecond;
  }

  @Override
  public Instant shown(Instant moment) {
    if (isFar(moment)) {
      return moment;
    }
    double gained = nanosUntil(moment) * drift;
    return moment.plus(ahead).plusNanos((long) Math.floor(gained));
  }

  @Override
  public Instant moment(Instant shown) {
    if (isFar(shown)) {
      return shown;
    }
    Instant withoutDrift = shown.minus(ahead);
    if (drift == 0 || isFar(withoutDrift)) {
      return withoutDrift;
    }
    double since = nanosUntil(withoutDrift) / (1 + drift);
    Instant moment = set.plusNanos((long) since);
    while (shown(moment).isBefore(shown)) { // a nanosecond or two, where it was rounded
      moment = moment.plusNanos(1);
    }
    return moment;
  }

  /** Since it was set; exact for a hundred days. */
  private double nanosUntil(Instant moment) {
    Duration span = Duration.between(set, moment);
    return span.getSeconds() * 1e9 + span.getNano();
  }

  private static boolean isFar(Instant moment) {
    return moment.isBefore(EARLIEST) || moment.isAfter(LATEST);
  }
}
