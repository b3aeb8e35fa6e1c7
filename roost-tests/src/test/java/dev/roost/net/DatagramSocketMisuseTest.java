package dev.roost.net;

import static dev.roost.net.DatagramSocketTest.withSockets;
import static dev.roost.net.Tcp.ANY_PORT;
import static dev.roost.testing.Testing.waitAllTasksBlocked;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.AsyncConsumer;
import dev.roost.Blocking;
import dev.roost.BusyResourceException;
import dev.roost.Nursery;
import dev.roost.Roost;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Closing a datagram socket, tasks in each other's way, and calls from where they cannot work. */
@Timeout(30)
class DatagramSocketMisuseTest {

  private static final List<AsyncConsumer<DatagramSocket, ?>> CALLS =
      List.of(
          DatagramSocket::receive,
          socket -> socket.receive(10),
          socket -> socket.receive(ByteBuffer.allocate(10)),
          socket -> socket.send("x", ANY_PORT),
          socket -> socket.send("", ANY_PORT),
          socket -> socket.send("x"),
          socket -> socket.sendNow(ByteBuffer.allocate(1), ANY_PORT),
          socket -> socket.connect("127.0.0.1", 9),
          DatagramSocket::disconnect,
          socket -> socket.option(StandardSocketOptions.SO_BROADCAST),
          socket -> socket.setOption(StandardSocketOptions.SO_BROADCAST, true));

  @Test
  void everything_fails_on_a_closed_socket() throws Exception {
    withSockets((one, _) -> {
      one.close();
      for (var call : CALLS) {
        assertThatThrownBy(() -> call.accept(one)).isInstanceOf(ClosedChannelException.class);
      }
      one.close();
      assertThat(one.toString()).endsWith(", closed]");
    });
  }

  @Test
  void everything_fails_outside_the_run() throws Exception {
    withSockets((one, _) -> {
      Blocking.run(() -> {
        for (var call : CALLS) {
          assertThatThrownBy(() -> call.accept(one)).isInstanceOf(IllegalStateException.class);
        }
        assertThatThrownBy(one::close).isInstanceOf(IllegalStateException.class);
      });
    });
    assertThatThrownBy(DatagramSocket::open).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void closing_wakes_the_receiver() throws Exception {
    withSockets((one, _) -> {
      var error = new AtomicReference<Throwable>();
      Nursery.run(nursery -> {
        nursery.start(() -> {
          try {
            one.receive();
          } catch (ClosedChannelException e) {
            error.set(e);
          }
        });
        waitAllTasksBlocked();
        one.close();
      });
      assertThat(error.get()).isInstanceOf(ClosedChannelException.class);
    });
  }

  @Test
  void closing_after_the_run_does_nothing() throws Exception {
    var kept = new AtomicReference<DatagramSocket>();
    Roost.run(() -> kept.set(DatagramSocket.open(ANY_PORT)));
    kept.get().close();
    assertThat(kept.get().toString()).contains("closed");
  }

  @Test
  void a_second_receiver_is_an_error_and_the_first_goes_on() throws Exception {
    withSockets((one, other) ->
        Nursery.run(nursery -> {
          nursery.start(
              "the first", () -> assertThat(one.receive().text()).isEqualTo("for the first"));
          waitAllTasksBlocked();
          assertThatThrownBy(one::receive)
              .isInstanceOf(BusyResourceException.class)
              .hasMessageContainingAll("receiving from DatagramSocket[", "while the first was");
          other.send("for the first", one.localAddress());
        }));
  }

  /** A call lasts until it has let the others run: the mistake is found however fast sending is. */
  @Test
  void a_second_sender_is_an_error() throws Exception {
    withSockets((one, other) -> {
      var collisions = new ArrayList<BusyResourceException>();
      Nursery.run(nursery -> {
        for (int task = 0; task < 2; task++) {
          nursery.start(() -> {
            for (int i = 0; i < 100 && collisions.isEmpty(); i++) { // more than a budget
              try {
                one.send("x", other.localAddress());
              } catch (BusyResourceException e) {
                collisions.add(e);
              }
            }
          });
        }
      });
      assertThat(collisions)
          .singleElement()
          .asString()
          .contains("Two tasks are sending to DatagramSocket[");
    });
  }
}
