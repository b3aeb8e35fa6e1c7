package dev.roost.net;

import static dev.roost.net.Tcp.TOO_MUCH;
import static dev.roost.net.Tcp.pair;
import static dev.roost.net.Tcp.receiveExactly;
import static dev.roost.net.Tcp.withPair;
import static dev.roost.net.Tcp.withSmallPair;
import static dev.roost.testing.Testing.assertNoCheckpoints;
import static dev.roost.testing.Testing.waitAllTasksBlocked;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.AsyncConsumer;
import dev.roost.Blocking;
import dev.roost.BusyResourceException;
import dev.roost.CancelScope;
import dev.roost.ExceptionGroup;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.testing.Sequencer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Closing a TCP stream, two tasks in each other's way, and calls from where they cannot work. */
@Timeout(30)
class TcpStreamMisuseTest {

  private static final List<AsyncConsumer<TcpStream, ?>> CALLS =
      List.of(
          stream -> stream.receiveSome(1),
          stream -> stream.receiveSome(java.nio.ByteBuffer.allocate(1)),
          stream -> stream.sendAll("x"),
          stream -> stream.sendAll(""),
          TcpStream::waitSendAllMightNotBlock,
          TcpStream::sendEof);

  private static void clog(Nursery nursery, TcpStream stream, List<Throwable> errors) {
    nursery.start(
        "the sender",
        () -> {
          try {
            stream.sendAll(new byte[TOO_MUCH]);
          } catch (ClosedChannelException e) {
            errors.add(e);
          }
        });
  }

  private static void await(Nursery nursery, TcpStream stream, List<Throwable> errors) {
    nursery.start(
        "the receiver",
        () -> {
          try {
            stream.receiveSome(1);
          } catch (ClosedChannelException e) {
            errors.add(e);
          }
        });
  }

  @Test
  void closing_wakes_the_sender_and_the_receiver() throws Exception {
    withSmallPair(pair -> {
      var errors = new ArrayList<Throwable>();
      Nursery.run(nursery -> {
        clog(nursery, pair.client(), errors);
        await(nursery, pair.client(), errors);
        waitAllTasksBlocked();
        assertThat(errors).isEmpty();
        pair.client().close();
      });
      assertThat(errors).hasSize(2);
    });
  }

  @Test
  void everything_fails_on_a_closed_stream() throws Exception {
    withPair(pair -> {
      pair.client().close();
      for (var call : CALLS) {
        assertThatThrownBy(() -> call.accept(pair.client()))
            .isInstanceOf(ClosedChannelException.class);
      }
    });
  }

  @Test
  void closing_is_idempotent_no_checkpoint_and_works_when_cancelled() throws Exception {
    withPair(pair -> {
      var scope = CancelScope.create();
      scope.cancel();
      scope.run(() -> assertNoCheckpoints(pair.client()::close));
      pair.client().close();
      Roost.atomically(pair.server()::close);
      assertThatThrownBy(() -> pair.client().sendAll("x"))
          .isInstanceOf(ClosedChannelException.class);
    });
  }

  @Test
  void a_second_receiver_is_an_error_and_the_first_goes_on() throws Exception {
    withPair(pair ->
        Nursery.run(nursery -> {
          nursery.start(
              "the first", () -> assertThat(receiveExactly(pair.client(), 1)).containsExactly('x'));
          waitAllTasksBlocked();
          assertThatThrownBy(() -> pair.client().receiveSome(1))
              .isInstanceOf(BusyResourceException.class)
              .hasMessageContainingAll(
                  "receiving from TcpStream[", "while the first was at it", "lock");
          pair.server().sendAll("x");
        }));
  }

  @Test
  void a_second_sender_is_an_error_and_the_first_goes_on() throws Exception {
    withSmallPair(pair ->
        Nursery.run(nursery -> {
          clog(nursery, pair.client(), new ArrayList<>());
          waitAllTasksBlocked();
          for (var call : CALLS.subList(2, CALLS.size())) {
            assertThatThrownBy(() -> call.accept(pair.client()))
                .isInstanceOf(BusyResourceException.class)
                .hasMessageContaining("sending to");
          }
          receiveExactly(pair.server(), TOO_MUCH);
        }));
  }

  /**
   * The call lasts until it has let the others run: so the mistake is found however fast the
   * network is.
   */
  @Test
  void two_senders_are_found_even_if_neither_has_to_wait() throws Exception {
    Roost.with()
        .checkpointBudget(1)
        .run(() -> {
          try (var pair = pair()) {
            assertThatThrownBy(() ->
                    Nursery.run(nursery -> {
                      nursery.start(() -> pair.client().sendAll("x"));
                      nursery.start(() -> pair.client().sendAll("y"));
                    }))
                .isInstanceOfSatisfying(
                    ExceptionGroup.class,
                    group -> assertThat(group.find(BusyResourceException.class)).isPresent());
          }
        });
  }

  @Test
  void the_two_directions_do_not_get_into_each_others_way() throws Exception {
    withPair(pair ->
        Nursery.run(nursery -> {
          var order = new Sequencer();
          nursery.start(() -> {
            try (var _ = order.at(0)) {
              pair.client().sendAll("x");
            }
          });
          nursery.start(() -> receiveExactly(pair.client(), 1));
          try (var _ = order.at(1)) {
            pair.server().sendAll("y");
          }
        }));
  }

  @Test
  void another_thread_may_not_touch_it() throws Exception {
    withPair(pair -> {
      var stream = pair.client();
      Blocking.run(() -> {
        for (var call : CALLS) {
          assertThatThrownBy(() -> call.accept(stream)).isInstanceOf(IllegalStateException.class);
        }
        assertThatThrownBy(stream::close)
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContainingAll("TcpStream.close", "Portal");
        var thrown = new AtomicReference<Throwable>();
        var thread =
            Thread.ofPlatform()
                .start(() -> {
                  try {
                    stream.close();
                  } catch (IllegalStateException e) {
                    thrown.set(e);
                  }
                });
        thread.join();
        assertThat(thrown.get()).hasMessageContaining("TcpStream.close");
        Roost.run(() -> assertThatThrownBy(stream::close).hasMessageContaining("of another run"));
      });
      stream.sendAll("x");
      assertThat(receiveExactly(pair.server(), 1)).containsExactly('x');
    });
  }

  @Test
  void what_was_left_open_is_closed_with_the_run_and_can_be_closed_again() throws Exception {
    long before = Tcp.openSockets();
    var left =
        Roost.call(() -> {
          var pair = pair();
          assertThat(Tcp.openSockets()).isEqualTo(before + 2);
          return pair;
        });
    assertThat(Tcp.openSockets()).isEqualTo(before);
    assertThat(left.client().toString()).endsWith(", closed]");
    left.client().close();
    left.server().close();
    assertThatThrownBy(() -> left.client().sendAll("x")).isInstanceOf(IllegalStateException.class);
  }
}
