import org.jspecify.annotations.NullMarked;

/** Tasks, nurseries, cancel scopes, synchronization and channels. */
@NullMarked
module dev.roost.core {
  requires static transitive org.jspecify;
}
