package dev.roost.examples;

import dev.roost.Nursery;
import dev.roost.Roost;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Ten thousand transfers at the same time, on plain ints, without a lock.
 *
 * <p>In a run one task runs at a time, and another one can take over only at a checkpoint: a call
 * that declares {@code throws InterruptedException}. So what stands between two checkpoints is
 * atomic. The careless bank has a checkpoint in the wrong place, and loses money.
 */
public final class BankTransfer {

  private static final int TRANSFERS = 10_000;

  private final int[] balances = new int[100];
  private final boolean careless;

  BankTransfer(boolean careless) {
    this.careless = careless;
    Arrays.fill(balances, 1_000);
  }

  public static void main(String[] args) throws InterruptedException {
    BankTransfer bank = new BankTransfer(List.of(args).contains("careless"));
    Roost.run(bank::oneDay);
  }

  private void oneDay() throws InterruptedException {
    long before = total();
    System.out.printf("before: %,d cents%n", before);

    Nursery.run(this::customers); // returns when the last transfer is done

    long after = total();
    System.out.printf("after %,d transfers: %,d cents%n", TRANSFERS, after);
    System.out.println(
        after == before
            ? "Not a cent lost."
            : "The books are wrong by " + (after - before) + " cents!");
  }

  private void customers(Nursery nursery) {
    Random random = new Random(2018);
    for (int i = 0; i < TRANSFERS; i++) {
      int from = random.nextInt(balances.length);
      int to = random.nextInt(balances.length);
      int amount = random.nextInt(500);
      nursery.start(() -> transfer(from, to, amount));
    }
  }

  private void transfer(int from, int to, int amount) throws InterruptedException {
    Roost.checkpoint(); // all others are on their way, too
    if (careless) {
      carelessTransfer(from, to, amount);
    } else if (balances[from] >= amount) { // no checkpoint from here on: nobody can come between
      balances[from] -= amount;
      balances[to] += amount;
    }
  }

  private void carelessTransfer(int from, int to, int amount) throws InterruptedException {
    int source = balances[from];
    int target = balances[to];
    if (source >= amount) {
      Roost.checkpoint(); // the mistake: when this returns, both balances may be out of date
      balances[from] = source - amount;
      balances[to] = target + amount;
    }
  }

  private long total() {
    return Arrays.stream(balances).asLongStream().sum();
  }
}
