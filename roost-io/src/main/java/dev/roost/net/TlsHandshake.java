package dev.roost.net;

import dev.roost.lowlevel.ParkingLot;
import java.io.IOException;

/**
 * The first handshake of a stream, made when it is first needed, by whoever needs it first; the
 * others wait for it.
 *
 * <pre>
 *   NEW --- ensure: by this task ---&gt; RUNNING --- succeeded ---&gt; DONE
 *                                        | failed, cancelled, closed
 *                                        v
 *                                      the stream is broken or closed, which all find before they look here
 * </pre>
 */
final class TlsHandshake {

  private enum State {
    NEW,
    RUNNING,
    DONE
  }

  private final TlsPump pump;
  private final TlsCondition condition;
  private final ParkingLot waiting = new ParkingLot("a TLS handshake");
  private State state = State.NEW;

  TlsHandshake(TlsPump pump, TlsCondition condition) {
    this.pump = pump;
    this.condition = condition;
  }

  /** Waits until it is done. A checkpoint only if it is not. */
  void ensure() throws IOException, InterruptedException {
    condition.ensureUsable();
    while (state != State.DONE) {
      if (state == State.NEW) {
        run();
      } else {
        waiting.park();
      }
      condition.ensureUsable();
    }
  }

  private void run() throws IOException, InterruptedException {
    state = State.RUNNING;
    try {
      pump.handshake();
      state = State.DONE;
    } catch (InterruptedException e) {
      var _ = condition.breakDown("the handshake was cancelled in the middle", e);
      throw e;
    } catch (Throwable e) {
      var _ = condition.breakDown("the handshake failed: " + TlsCondition.why(e), e);
      throw e;
    } finally {
      waiting.unparkAll();
    }
  }

  boolean isDone() {
    return state == State.DONE;
  }

  /** Makes those who wait look at what has become of the stream. */
  void wakeAll() {
    waiting.unparkAll();
  }
}
