import org.jspecify.annotations.NullMarked;

/** Streams, sockets, TLS, files and processes. */
@NullMarked
module dev.roost.io {
  requires transitive dev.roost.core;
  requires static transitive org.jspecify;
  requires jdk.unsupported; // sun.misc.Signal

  exports dev.roost.file;
  exports dev.roost.io;
  exports dev.roost.net;
  exports dev.roost.process;

  uses dev.roost.net.HostResolver;
}
