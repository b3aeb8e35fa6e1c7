import org.jspecify.annotations.NullMarked;

/** Tests and fixtures that run inside Roost, for JUnit Jupiter. */
@NullMarked
module dev.roost.junit {
  requires transitive dev.roost.testing;
  requires transitive org.junit.jupiter.api;
  requires static transitive org.jspecify;

  exports dev.roost.junit;

  // JUnit makes the extension, which is nobody else's business.
  opens dev.roost.junit to
      org.junit.platform.commons;
}
