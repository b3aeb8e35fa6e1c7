package dev.roost.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.channels.MembershipKey;
import java.util.Optional;

/**
 * That a {@link DatagramSocket} is in a multicast group: it receives what is sent to the group,
 * until it leaves it or is closed.
 */
public final class MulticastMembership implements AutoCloseable {

  private final OpenChannel<?> socket;
  private final MembershipKey key;

  MulticastMembership(OpenChannel<?> socket, MembershipKey key) {
    this.socket = socket;
    this.key = key;
  }

  /**
   * The group. Not a checkpoint.
   *
   * @return its address
   */
  public InetAddress group() {
    return key.group();
  }

  /**
   * On which network the socket is in the group. Not a checkpoint.
   *
   * @return the interface to that network
   */
  public NetworkInterface networkInterface() {
    return key.networkInterface();
  }

  /**
   * Whose datagrams alone are received. Not a checkpoint.
   *
   * @return the sender; empty if all are
   */
  public Optional<InetAddress> source() {
    return Optional.ofNullable(key.sourceAddress());
  }

  /**
   * Receives nothing from one sender any more, until {@link #unblock}. Not a checkpoint.
   *
   * @param source the sender
   * @return this membership
   * @throws IOException if the system refuses
   * @throws IllegalStateException if the socket has left the group, if this membership is for one
   *     sender alone, or outside the run
   */
  public MulticastMembership block(InetAddress source) throws IOException {
    socket.ensureInRun("MulticastMembership.block");
    key.block(source);
    return this;
  }

  /**
   * Receives from a sender again. Not a checkpoint.
   *
   * @param source a sender that was blocked
   * @return this membership
   * @throws IllegalStateException if the sender was not blocked, if the socket has left the group,
   *     or outside the run
   */
  public MulticastMembership unblock(InetAddress source) {
    socket.ensureInRun("MulticastMembership.unblock");
    key.unblock(source);
    return this;
  }

  /**
   * Whether the socket is in the group. Not a checkpoint.
   *
   * @return false after {@link #leave}, and when the socket is closed
   */
  public boolean joined() {
    return key.isValid();
  }

  /**
   * Leaves the group. Nothing happens the second time, and after the socket was closed. Not a
   * checkpoint.
   *
   * @throws IllegalStateException if the caller is no task of the run
   */
  public void leave() {
    if (key.isValid()) {
      socket.ensureInRun("MulticastMembership.leave");
      key.drop();
    }
  }

  /**
   * {@linkplain #leave Leaves} the group. Not a checkpoint.
   *
   * @throws IllegalStateException if the caller is no task of the run
   */
  @Override
  public void close() {
    leave();
  }

  /** The group, the network and the sender, and whether the socket is still in it. */
  @Override
  public String toString() {
    return "MulticastMembership["
        + key.group().getHostAddress()
        + " on "
        + key.networkInterface().getName()
        + source().map(sender -> ", from " + sender.getHostAddress()).orElse("")
        + (key.isValid() ? "]" : ", left]");
  }
}
