package dev.roost.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.Blocking;
import dev.roost.CancelScope;
import dev.roost.Roost;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardSocketOptions;
import java.time.Duration;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Groups of receivers, on the loopback network. */
@Timeout(30)
class MulticastTest {

  private static final InetAddress GROUP = InetAddress.ofLiteral("239.255.77.88");
  private static final InetAddress HOME = InetAddress.ofLiteral("127.0.0.1");

  private static NetworkInterface loopback() throws IOException {
    var found = NetworkInterface.getByInetAddress(HOME);
    Assumptions.assumeTrue(found != null, "there is no loopback interface");
    return found;
  }

  private static DatagramSocket sender() throws IOException {
    return DatagramSocket.open(new InetSocketAddress(HOME, 0))
        .setOption(StandardSocketOptions.IP_MULTICAST_IF, loopback())
        .setOption(StandardSocketOptions.IP_MULTICAST_LOOP, true);
  }

  private static void send(DatagramSocket sender, String text, int port)
      throws InterruptedException {
    try {
      sender.send(text, new InetSocketAddress(GROUP, port));
    } catch (IOException e) {
      Assumptions.abort("this system does not send to groups on its loopback network: " + e);
    }
  }

  @Test
  void members_receive_what_is_sent_to_the_group_until_they_leave() throws Exception {
    Roost.run(() -> {
      var anywhere = new InetSocketAddress(InetAddress.ofLiteral("0.0.0.0"), 0);
      try (var one = DatagramSocket.openShared(anywhere);
          var other =
              DatagramSocket.openShared(
                  new InetSocketAddress(anywhere.getAddress(), one.localAddress().getPort()));
          var sender = sender();
          var membership = one.join(GROUP, loopback());
          var second = other.join(GROUP, loopback())) {
        int port = one.localAddress().getPort();
        send(sender, "all", port);
        assertThat(one.receive().text()).isEqualTo("all");
        assertThat(other.receive().text()).isEqualTo("all");

        membership.block(HOME);
        send(sender, "not for one", port);
        assertThat(other.receive().text()).isEqualTo("not for one");
        membership.unblock(HOME);
        send(sender, "again", port);
        assertThat(one.receive().text()).isEqualTo("again");
        assertThat(other.receive().text()).isEqualTo("again");

        assertThat(membership.group()).isEqualTo(GROUP);
        assertThat(membership.networkInterface()).isEqualTo(loopback());
        assertThat(membership.source()).isEmpty();
        assertThat(membership.joined()).isTrue();
        membership.leave();
        membership.leave();
        assertThat(membership.joined()).isFalse();
        assertThat(membership.toString()).contains("239.255.77.88", "left");
        send(sender, "gone", port);
        assertThat(other.receive().text()).isEqualTo("gone");
        sender.send("direct", new InetSocketAddress(HOME, port));
        assertThat(second.toString()).doesNotContain("left");
      }
    });
  }

  @Test
  void one_sender_alone_can_be_listened_to() throws Exception {
    Roost.run(() -> {
      try (var socket =
              DatagramSocket.openShared(
                  new InetSocketAddress(InetAddress.ofLiteral("0.0.0.0"), 0));
          var sender = sender();
          var membership = socket.join(GROUP, loopback(), HOME)) {
        assertThat(membership.source()).contains(HOME);
        assertThat(membership.toString()).contains("from 127.0.0.1");
        send(sender, "mine", socket.localAddress().getPort());
        assertThat(socket.receive().text()).isEqualTo("mine");
      }
    });
  }

  @Test
  void memberships_end_with_their_socket_and_belong_to_the_run() throws Exception {
    Roost.run(() -> {
      var socket = DatagramSocket.open(new InetSocketAddress(HOME, 0));
      var membership = socket.join(GROUP, loopback());
      Blocking.run(() -> {
        assertThatThrownBy(membership::close).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> membership.block(HOME)).isInstanceOf(IllegalStateException.class);
      });
      socket.close();
      assertThat(membership.joined()).isFalse();
      membership.close();
      assertThatThrownBy(() -> socket.join(GROUP, loopback())).isInstanceOf(IOException.class);
    });
  }

  @Test
  void a_group_needs_an_address_of_a_group() throws Exception {
    Roost.run(() -> {
      try (var socket = DatagramSocket.open(new InetSocketAddress(HOME, 0))) {
        assertThatThrownBy(() -> socket.join(HOME, loopback()))
            .isInstanceOf(IllegalArgumentException.class);
        assertThat(CancelScope.moveOnAfter(Duration.ZERO).run(socket::receive)).isFalse();
      }
    });
  }
}
