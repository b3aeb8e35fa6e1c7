import org.jspecify.annotations.NullMarked;

/** A clock that jumps, sequencers, memory streams and contract suites for streams. */
@NullMarked
module dev.roost.testing {
  requires transitive dev.roost.core;
  requires transitive dev.roost.io;
  requires static transitive org.jspecify;
  requires static org.assertj.core;

  exports dev.roost.testing;
}
