package dev.roost.net;

import static java.net.StandardProtocolFamily.INET;
import static java.net.StandardProtocolFamily.INET6;

import dev.roost.CancelScope;
import dev.roost.Nursery;
import dev.roost.sync.Event;
import java.io.IOException;
import java.net.InetAddress;
import java.net.StandardProtocolFamily;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The addresses of one name as the answers to two questions come in. The first is of IPv6, unless
 * its answer is late or empty; the second of the other family, if there is one; then come those of
 * IPv6 and those of IPv4.
 */
final class Answers implements HappyEyeballs.Ways<InetAddress> {

  /** How long the answer about IPv4 waits for that about IPv6: RFC 8305, section 3. */
  private static final Duration RESOLUTION_DELAY = Duration.ofMillis(50);

  private final FamilyResolver resolver;
  private final String host;
  private final Answer six = new Answer();
  private final Answer four = new Answer();
  private final List<IOException> failures = new ArrayList<>();

  /** Set when one of the answers has come; a new one each time. */
  private Event change = new Event();

  private int given;
  private boolean firstWasSix;

  Answers(FamilyResolver resolver, String host) {
    this.resolver = resolver;
    this.host = host;
  }

  /** The answer to one question. */
  private static final class Answer {
    private final Deque<InetAddress> addresses = new ArrayDeque<>();
    private boolean complete;
  }

  @Override
  public void start(Nursery nursery) {
    nursery.start("IPv6 addresses of " + host, () -> ask(INET6, six));
    nursery.start("IPv4 addresses of " + host, () -> ask(INET, four));
  }

  private void ask(StandardProtocolFamily family, Answer answer) throws InterruptedException {
    try {
      answer.addresses.addAll(resolver.resolve(host, family));
    } catch (IOException e) {
      failures.add(e);
    }
    answer.complete = true;
    Event told = change;
    change = new Event();
    told.set();
  }

  @Override
  public Optional<InetAddress> next() throws InterruptedException {
    if (given == 0) {
      while (!six.complete && four.addresses.isEmpty()) {
        change.await();
      }
      if (!six.complete) {
        CancelScope.moveOnAfter(RESOLUTION_DELAY).run(() -> change.await());
      }
    }
    InetAddress next = poll();
    while (next == null && !(six.complete && four.complete)) {
      change.await();
      next = poll();
    }
    return Optional.ofNullable(next);
  }

  private @Nullable InetAddress poll() {
    boolean sixFirst = given != 1 || !firstWasSix;
    InetAddress next = (sixFirst ? six : four).addresses.poll();
    boolean isSix = sixFirst;
    if (next == null) {
      next = (sixFirst ? four : six).addresses.poll();
      isSix = !sixFirst;
    }
    if (next != null && given++ == 0) {
      firstWasSix = isSix;
    }
    return next;
  }

  /** Whether any address was given out. */
  boolean foundAny() {
    return given > 0;
  }

  /** Why there is no address. */
  IOException nothingFound() {
    if (failures.isEmpty()) {
      return new UnknownHostException(host + ": the resolver found no address for this name");
    }
    IOException first = failures.getFirst();
    failures.stream().skip(1).filter(other -> other != first).forEach(first::addSuppressed);
    return first;
  }
}
