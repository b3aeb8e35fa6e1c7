import org.jspecify.annotations.NullMarked;

/** Tasks, nurseries, cancel scopes, synchronization and channels. */
@NullMarked
module dev.roost.core {
  requires jdk.management; // for carriers and stalls: see ExtraCarriers, Contention
  requires static transitive org.jspecify;
  requires java.management;
  requires jdk.unsupported; // for signals: see SecondSignal

  exports dev.roost;
  exports dev.roost.channel;
  exports dev.roost.lowlevel;
  exports dev.roost.sync;

  uses dev.roost.ContextCarrier;
}
