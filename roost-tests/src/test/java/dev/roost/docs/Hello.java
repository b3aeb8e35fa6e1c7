package dev.roost.docs;

// @start region="program"
import dev.roost.Nursery;
import dev.roost.Roost;
import java.time.Duration;

class Hello {

  void main() throws InterruptedException {
    Roost.run(() -> {
      Nursery.run(nursery -> {
        nursery.start(() -> greetAfter(Duration.ofMillis(200), "late"));
        nursery.start(() -> greetAfter(Duration.ofMillis(100), "early"));
      });
      IO.println("Both have greeted.");
    });
  }

  void greetAfter(Duration delay, String who) throws InterruptedException {
    Roost.sleep(delay);
    IO.println("Hello from " + who);
  }
}
// @end
