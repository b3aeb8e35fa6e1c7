import org.jspecify.annotations.NullMarked;

/** Streams, sockets, TLS, files and processes. */
@NullMarked
module dev.roost.io {
  requires transitive dev.roost.core;
  requires static transitive org.jspecify;

  exports dev.roost.io;
  exports dev.roost.net;

  uses dev.roost.net.HostResolver;
}
