import org.jspecify.annotations.NullMarked;

/** Streams, sockets, TLS, files and processes. */
@NullMarked
module dev.roost.io {
  requires transitive dev.roost.core;
  requires static transitive org.jspecify;
}
