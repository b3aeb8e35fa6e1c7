package dev.roost.net;

import static dev.roost.net.Tcp.receiveAll;
import static dev.roost.net.Tcp.text;
import static dev.roost.net.Tls.client;
import static dev.roost.net.Tls.only;
import static dev.roost.net.Tls.server;
import static dev.roost.net.Tls.withNewPair;
import static dev.roost.net.Tls.withPair;
import static dev.roost.testing.Testing.assertNoCheckpoints;
import static dev.roost.testing.Testing.waitAllTasksBlocked;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.AsyncConsumer;
import dev.roost.AsyncRunnable;
import dev.roost.CancelScope;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.io.BrokenStreamException;
import java.io.EOFException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How conversations end. */
@Timeout(30)
class TlsEndTest {

  static final List<AsyncConsumer<TlsStream, ?>> CALLS =
      List.of(
          stream -> stream.receiveSome(1),
          stream -> stream.receiveSome(ByteBuffer.allocate(1)),
          stream -> stream.sendAll("x"),
          stream -> stream.sendAll(""),
          TlsStream::waitSendAllMightNotBlock,
          TlsStream::handshake);

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void graceful_close_is_the_end_for_the_other_side(String version) throws Exception {
    withPair(
        client().parameters(only(version)),
        server(),
        pair -> {
          pair.shakeHands();
          pair.client().sendAll("bye");
          pair.client().closeGracefully();
          assertThat(pair.clientsPipe().closed).isTrue();
          assertThat(text(receiveAll(pair.server()))).isEqualTo("bye");
          assertThat(pair.server().receiveSome(ByteBuffer.allocate(1))).isEqualTo(-1);
          assertThat(pair.server().receiveSome(1)).isEmpty();
          pair.server().closeGracefully();
          assertThat(pair.serversPipe().closed).isTrue();
        });
  }

  @Test
  void close_says_nothing_so_that_the_other_side_sees_that_this_was_not_all() throws Exception {
    withPair(pair -> {
      pair.client().sendAll("half of wh");
      assertNoCheckpoints(pair.client()::close);
      assertThat(text(pair.server().receiveSome(100))).isEqualTo("half of wh");
      assertThatThrownBy(() -> pair.server().receiveSome(1))
          .isInstanceOf(BrokenStreamException.class)
          .hasCauseInstanceOf(EOFException.class);
    });
  }

  @Test
  void two_sides_that_only_send_do_not_wait_for_each_other() throws Exception {
    Roost.run(() -> {
      var pair = Tls.pair(client(), server(), Pipe.pair(0)); // takes what is waited for, no more
      Nursery.run(nursery -> {
        nursery.start(() -> assertThat(pair.server().receiveSome(9)).hasSize(1));
        pair.client().sendAll("x"); // and nobody receives the server's tickets
      });
      pair.close();
    });
  }

  @Test
  void the_other_side_may_still_send_after_the_end_has_come() throws Exception {
    withPair(pair -> {
      pair.client().sendAll("all I had to say");
      pair.client().closeGracefully();
      receiveAll(pair.server());
      assertThatThrownBy(() -> pair.server().sendAll("too late"))
          .isInstanceOf(BrokenStreamException.class)
          .hasMessageContaining("its transport does not send any more");
      assertThat(pair.server().receiveSome(1)).as("still the end").isEmpty();
    });
  }

  @Test
  void sending_after_the_end_has_come_is_refused_by_old_tls() throws Exception {
    withPair(
        client().parameters(only("TLSv1.2")),
        server(),
        pair -> {
          pair.shakeHands();
          pair.client().closeGracefully();
          receiveAll(pair.server());
          assertThatThrownBy(() -> pair.server().sendAll("too late"))
              .isInstanceOf(BrokenStreamException.class)
              .hasCauseInstanceOf(Exception.class);
        });
  }

  @Test
  void the_end_of_the_transport_alone_is_an_error_for_good() throws Exception {
    withPair(pair -> {
      pair.client().sendAll("this is not");
      pair.clientPipe().close();
      assertThat(text(pair.server().receiveSome(100))).isEqualTo("this is not");
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> pair.server().receiveSome(1))
            .isInstanceOf(BrokenStreamException.class)
            .hasMessageContaining("ended without a close notification")
            .hasMessageContaining("Close it, and open another one.")
            .hasCauseInstanceOf(EOFException.class);
      }
      assertThatThrownBy(() -> pair.server().sendAll("x"))
          .isInstanceOf(BrokenStreamException.class);
    });
  }

  @Test
  void a_record_that_was_cut_off_is_an_error() throws Exception {
    withPair(pair -> {
      pair.serversPipe().lose = 3;
      pair.server().sendAll("most of this");
      pair.serverPipe().close();
      assertThatThrownBy(() -> pair.client().receiveSome(1))
          .isInstanceOf(BrokenStreamException.class)
          .hasCauseInstanceOf(EOFException.class);
    });
  }

  @Test
  void the_end_of_the_transport_is_the_end_if_it_is_https() throws Exception {
    withPair(
        client().httpsCompatible(),
        server(),
        pair -> {
          pair.shakeHands();
          pair.server().sendAll("body");
          pair.serverPipe().close();
          assertThat(text(receiveAll(pair.client()))).isEqualTo("body");
          assertThat(pair.client().receiveSome(1)).isEmpty();
        });
  }

  @Test
  void the_end_before_the_handshake_is_the_end_if_it_is_https_and_an_error_otherwise()
      throws Exception {
    withPair(
        client(),
        server().httpsCompatible(),
        pair -> {
          pair.clientPipe().close();
          assertThat(pair.server().receiveSome(1)).isEmpty();
          assertThat(pair.server().receiveSome(1)).isEmpty();
          assertThatThrownBy(() -> pair.server().sendAll("x"))
              .isInstanceOf(BrokenStreamException.class);
        });
    withNewPair(pair -> {
      pair.clientPipe().close();
      assertThatThrownBy(() -> pair.server().receiveSome(1))
          .isInstanceOf(BrokenStreamException.class)
          .hasMessageContaining("closed the connection during the handshake")
          .hasCauseInstanceOf(EOFException.class);
    });
  }

  @Test
  void a_closed_stream_refuses_everything_and_closing_again_does_nothing() throws Exception {
    withPair(pair -> {
      pair.client().close();
      pair.client().close();
      pair.client().closeGracefully();
      for (var call : CALLS) {
        assertThatThrownBy(() -> call.accept(pair.client()))
            .isInstanceOf(ClosedChannelException.class);
      }
      assertThat(pair.client()).hasToString("TlsStream[client of localhost over Pipe, closed]");
    });
  }

  @Test
  void closing_before_the_handshake_just_closes() throws Exception {
    for (AsyncConsumer<TlsStream, ?> closing :
        List.<AsyncConsumer<TlsStream, ?>>of(TlsStream::close, TlsStream::closeGracefully)) {
      withNewPair(pair -> {
        closing.accept(pair.client());
        assertThat(pair.clientsPipe().closed).isTrue();
        assertThat(pair.clientsPipe().sent).isEmpty();
      });
    }
  }

  @Test
  void closing_wakes_a_receiver_and_a_sender() throws Exception {
    var errors = new ArrayList<Throwable>();
    Roost.run(() -> {
      var pair = Tls.pair(client(), server(), Pipe.pair(1)).shakeHands();
      Nursery.run(nursery -> {
        expect(nursery, errors, () -> pair.client().receiveSome(1));
        expect(nursery, errors, () -> pair.client().sendAll(new byte[1_000_000]));
        waitAllTasksBlocked();
        pair.client().close();
      });
    });
    assertThat(errors).hasSize(2).allMatch(ClosedChannelException.class::isInstance);
  }

  @Test
  void closing_wakes_all_who_wait_for_the_handshake() throws Exception {
    var errors = new ArrayList<Throwable>();
    withNewPair(pair ->
        Nursery.run(nursery -> {
          expect(nursery, errors, pair.client()::handshake);
          expect(nursery, errors, pair.client()::handshake);
          expect(nursery, errors, () -> pair.client().sendAll("x"));
          expect(nursery, errors, () -> pair.client().receiveSome(1));
          waitAllTasksBlocked();
          pair.client().close();
        }));
    assertThat(errors).hasSize(4).allMatch(ClosedChannelException.class::isInstance);
  }

  private static void expect(
      Nursery nursery, List<Throwable> errors, AsyncRunnable<java.io.IOException> call) {
    nursery.start(() -> {
      try {
        call.run();
      } catch (java.io.IOException e) {
        errors.add(e);
      }
    });
  }

  @Test
  void a_cancelled_graceful_close_closes_all_the_same() throws Exception {
    Roost.run(() -> {
      var pair = Tls.pair(client(), server(), Pipe.pair(1)).shakeHands();
      pair.client().sendAll("the pipe is full now");
      var scope = CancelScope.create();
      Nursery.run(nursery -> {
        nursery.start(() ->
            assertThat(scope.run(pair.client()::closeGracefully)).as("not cut short").isFalse());
        waitAllTasksBlocked();
        assertThat(pair.clientsPipe().closed).isFalse();
        scope.cancel();
      });
      assertThat(pair.clientsPipe().closed).isTrue();
    });
  }

  @Test
  void a_graceful_close_that_is_cancelled_before_closes_all_the_same() throws Exception {
    withPair(pair -> {
      var scope = CancelScope.create();
      scope.cancel();
      assertThat(scope.run(pair.client()::closeGracefully)).isFalse();
      assertThat(pair.clientsPipe().closed).isTrue();
    });
  }

  @Test
  void a_graceful_close_in_the_middle_of_somebody_elses_send_closes_at_once() throws Exception {
    var errors = new ArrayList<Throwable>();
    Roost.run(() -> {
      var pair = Tls.pair(client(), server(), Pipe.pair(1)).shakeHands();
      Nursery.run(nursery -> {
        expect(nursery, errors, () -> pair.client().sendAll(new byte[1_000_000]));
        waitAllTasksBlocked();
        pair.client().closeGracefully();
      });
    });
    assertThat(errors).singleElement().isInstanceOf(ClosedChannelException.class);
  }

  @Test
  void a_graceful_close_when_the_other_side_has_gone_is_no_error() throws Exception {
    withPair(pair -> {
      pair.serverPipe().close();
      assertThatCode(pair.client()::closeGracefully).doesNotThrowAnyException();
      assertThat(pair.clientsPipe().closed).isTrue();
    });
    withPair(pair -> {
      pair.serverPipe().close();
      assertThatCode(pair.client()::close).doesNotThrowAnyException();
      assertThat(pair.clientsPipe().closed).isTrue();
    });
  }

  @Test
  void it_can_be_closed_after_its_run_and_not_by_others_before() throws Exception {
    var left = new AtomicReference<Tls.Pair>();
    Roost.run(() -> {
      try (var tcp = Tcp.pair()) {
        var stream = client().client(tcp.client(), "localhost");
        var errors = new ArrayList<Throwable>();
        var stranger =
            Thread.startVirtualThread(() -> {
              try {
                stream.close();
              } catch (IllegalStateException e) {
                errors.add(e);
              }
            });
        stranger.join();
        assertThat(errors).hasSize(1);
        assertThat(stream.toString()).doesNotContain("closed");
        left.set(new Tls.Pair(stream, stream, tcp.client(), tcp.server()));
      }
    });
    assertThatCode(left.get()::close).doesNotThrowAnyException();
  }
}
