package dev.roost.bench.soak;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/** All conversations: those that go on, and how many have ended, and how. For both runs. */
final class Tally {

  private static final double MEGABYTE = 1e6;

  private final long seed;
  private final AtomicLong last = new AtomicLong();
  private final Map<Long, Conversation> going = new ConcurrentHashMap<>();
  private final Map<Conversation.Ending, AtomicLong> endings =
      new EnumMap<>(Conversation.Ending.class);
  private final AtomicLong unheard = new AtomicLong();
  private final AtomicLong cuts = new AtomicLong();
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong received = new AtomicLong();

  Tally(long seed) {
    this.seed = seed;
    for (Conversation.Ending ending : Conversation.Ending.values()) {
      endings.put(ending, new AtomicLong());
    }
  }

  /** A new one. */
  Conversation begin() {
    Conversation conversation = new Conversation(seed, last.incrementAndGet());
    going.put(conversation.id, conversation);
    return conversation;
  }

  /** The one that a client speaks of. */
  Conversation named(long id) {
    Conversation conversation = going.get(id);
    if (conversation == null) {
      throw new IllegalStateException(
          "There is no conversation " + id + ": its number came wrong.");
    }
    return conversation;
  }

  /** A call was cut short. */
  void cut() {
    cuts.incrementAndGet();
  }

  /** One side has ended. */
  void sideEnded(Conversation conversation) {
    if (conversation.sideEnded()) {
      conversation.check();
      count(conversation, endings.get(conversation.ending));
    }
  }

  /** All have ended. */
  void checkRest() {
    for (Conversation conversation : going.values()) {
      conversation.checkUnheard();
      count(conversation, unheard);
    }
  }

  private void count(Conversation conversation, AtomicLong kind) {
    going.remove(conversation.id);
    kind.incrementAndGet();
    sent.addAndGet(conversation.toServer.sent + conversation.toClient.sent);
    received.addAndGet(conversation.toServer.received + conversation.toClient.received);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%,d conversations (%s; never heard of by the server: %,d), %,.1f MB sent, %,.1f MB"
            + " received, %,d calls cut short",
        last.get(),
        Arrays.stream(Conversation.Ending.values())
            .map(ending ->
                String.format(
                    Locale.ROOT,
                    "%s: %,d",
                    ending.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                    endings.get(ending).get()))
            .collect(Collectors.joining(", ")),
        unheard.get(),
        sent.get() / MEGABYTE,
        received.get() / MEGABYTE,
        cuts.get());
  }
}
