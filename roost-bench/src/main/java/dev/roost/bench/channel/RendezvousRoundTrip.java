package dev.roost.bench.channel;

import dev.roost.AsyncRunnable;
import java.util.List;
import java.util.function.IntFunction;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;

/** Ping, pong: to another task and back, without a buffer. Two hand-overs. */
@OperationsPerInvocation(RendezvousRoundTrip.ROUNDS)
public class RendezvousRoundTrip extends ItemsBetweenTasks {

  static final int ROUNDS = 100_000;

  @Override
  List<AsyncRunnable<RuntimeException>> tasks(IntFunction<Pipe> open) {
    Pipe there = open.apply(0);
    Pipe back = open.apply(0);
    return List.of(
        () -> {
          for (int i = 0; i < ROUNDS; i++) {
            there.send(ITEM);
            back.receive();
          }
        },
        () -> {
          for (int i = 0; i < ROUNDS; i++) {
            back.send(there.receive());
          }
        });
  }

  @Benchmark
  public void kotlin() {
    KotlinChannels.roundTrips(ROUNDS, ITEM);
  }
}
