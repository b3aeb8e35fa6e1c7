package dev.roost.testing;

import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The options of a simulated socket: they are kept, and change nothing. */
final class SimOptions {

  static final Set<SocketOption<?>> OF_STREAMS =
      Set.of(
          StandardSocketOptions.SO_KEEPALIVE,
          StandardSocketOptions.SO_LINGER,
          StandardSocketOptions.SO_RCVBUF,
          StandardSocketOptions.SO_REUSEADDR,
          StandardSocketOptions.SO_SNDBUF,
          StandardSocketOptions.TCP_NODELAY);

  static final Set<SocketOption<?>> OF_DATAGRAMS =
      Set.of(
          StandardSocketOptions.SO_BROADCAST,
          StandardSocketOptions.SO_RCVBUF,
          StandardSocketOptions.SO_REUSEADDR,
          StandardSocketOptions.SO_SNDBUF);

  private final Set<SocketOption<?>> supported;
  private final Map<SocketOption<?>, Object> values = new HashMap<>();

  SimOptions(Set<SocketOption<?>> supported) {
    this.supported = supported;
  }

  Set<SocketOption<?>> supported() {
    return supported;
  }

  <T> void set(SocketOption<T> name, @Nullable T value) {
    ensureSupported(name);
    values.put(name, Objects.requireNonNull(value, "the value of a socket option is null"));
  }

  @SuppressWarnings({"unchecked", "NullAway"}) // put there by set, which takes a T
  <T> T get(SocketOption<T> name) {
    ensureSupported(name);
    Object value = values.get(name);
    if (value == null) {
      value = name.type() == Boolean.class ? (Object) false : (Object) (64 * 1024);
    }
    return (T) value;
  }

  private void ensureSupported(SocketOption<?> name) {
    if (!supported.contains(name)) {
      throw new UnsupportedOperationException(
          "A simulated socket of this kind has no option " + name.name());
    }
  }
}
