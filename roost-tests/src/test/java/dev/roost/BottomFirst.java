package dev.roost;

/**
 * A program whose first task switch ever is at the bottom of a stack, where the JVM can load and
 * link nothing any more: what Roost needs there it must have at hand.
 */
final class BottomFirst {

  private BottomFirst() {}

  public static void main(String[] args) throws InterruptedException {
    boolean[] stop = {false};
    Roost.run(() ->
        Nursery.run(nursery -> {
          nursery.start(() -> {
            while (!stop[0]) {
              Roost.checkpoint();
            }
          });
          nursery.start(() -> {
            try {
              checkpointAtTheBottom();
            } catch (StackOverflowError e) {
              System.out.println("has been at the bottom");
            }
            Roost.checkpoint();
            stop[0] = true;
          });
        }));
    System.out.println("and back");
  }

  @SuppressWarnings("InfiniteRecursion") // which is the point
  private static void checkpointAtTheBottom() throws InterruptedException {
    try {
      checkpointAtTheBottom();
    } finally {
      Roost.checkpoint();
    }
  }
}
