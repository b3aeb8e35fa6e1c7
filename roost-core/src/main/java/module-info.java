import org.jspecify.annotations.NullMarked;

/** Tasks, nurseries, cancel scopes, synchronization and channels. */
@NullMarked
module dev.roost.core {
  requires jdk.management;
  requires static transitive org.jspecify;
  requires static java.management; // for stalls: see Contention
  requires static jdk.management;
  requires jdk.unsupported; // for signals: see SecondSignal

  exports dev.roost;
  exports dev.roost.channel;
  exports dev.roost.lowlevel;
  exports dev.roost.sync;

  uses dev.roost.ContextCarrier;
}
