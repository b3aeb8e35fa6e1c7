package dev.roost.bench;

import dev.roost.Carrier;
import dev.roost.Roost;
import dev.roost.RunOptions;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** How Roost is run: once with each carrier. */
@State(Scope.Thread)
public class Runs {

  @Param({"SHARED", "OWN"})
  public Carrier carrier;

  public RunOptions options;

  @Setup
  public void chooseCarrier() {
    options = Roost.with().carrier(carrier);
  }
}
