package dev.roost.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The tree of scopes, after random changes, against a naive reading of its invariants. */
class CancelNodeTest {

  private static final class Node extends CancelNode {
    int stops;
    @Nullable Node above;
    final List<Node> below = new ArrayList<>();

    Node(boolean untilStopping) {
      super(untilStopping);
    }

    @Override
    protected Throwable cancellationFor(Fiber fiber) {
      return new InterruptedException();
    }

    @Override
    protected void cancelledByStop() {
      stops++;
    }

    @Override
    protected void fire() {}

    boolean shouldBeEffective() {
      return cancelCalled() || !shield() && above != null && above.shouldBeEffective();
    }

    boolean shouldBeStopping() {
      return softCalled() || !shield() && above != null && above.shouldBeStopping();
    }
  }

  private static void put(Node node, @Nullable Node above) {
    node.attach(above);
    node.above = above;
    if (above != null) {
      above.below.add(node);
    }
  }

  private static void takeOut(Node node) {
    node.detach();
    if (node.above != null) {
      node.above.below.remove(node);
      node.above = null;
    }
  }

  @Test
  void randomChanges_keepTheInvariants() {
    for (long seed = 1; seed <= 15; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      List<Node> nodes = new ArrayList<>();
      Node root = new Node(false);
      put(root, null);
      nodes.add(root);
      for (int step = 0; step < 150; step++) {
        Node node = nodes.get(random.nextInt(nodes.size()));
        switch (random.nextInt(12)) {
          case 0, 1, 2, 3, 4 -> {
            Node child = new Node(random.nextInt(4) == 0);
            if (random.nextInt(5) == 0) {
              child.setShield(true);
            }
            put(child, node);
            nodes.add(child);
          }
          case 5 -> {
            if (random.nextInt(4) == 0) {
              node.markCancelled();
            }
          }
          case 6 -> node.markSoftCancelled();
          case 7, 8 -> node.setShield(!node.shield());
          case 9 -> {
            if (node != root && node.below.isEmpty()) {
              takeOut(node);
              nodes.remove(node);
            }
          }
          default -> {
            Node target = nodes.get(random.nextInt(nodes.size()));
            if (!isBelow(target, node)) {
              target.adoptAllOf(node);
              for (Node moved : List.copyOf(node.below)) {
                node.below.remove(moved);
                target.below.add(moved);
                moved.above = target;
              }
            }
          }
        }
        check(nodes);
      }
    }
  }

  private static boolean isBelow(Node node, Node above) {
    for (Node at = node; at != null; at = at.above) {
      if (at == above) {
        return true;
      }
    }
    return false;
  }

  private static void check(List<Node> nodes) {
    for (Node node : nodes) {
      assertThat(node.parent() == node.above).isTrue();
      assertThat(node.isEmpty()).isEqualTo(node.below.isEmpty());
      assertThat(node.effective()).isEqualTo(node.shouldBeEffective());
      assertThat(node.stopping()).isEqualTo(node.shouldBeStopping());
      if (node.untilStopping() && node.stopping()) {
        assertThat(node.cancelCalled()).isTrue();
      }
      assertThat(node.stops).isLessThanOrEqualTo(1);
      assertThat(node.seesCancelledParent())
          .isEqualTo(!node.shield() && node.above != null && node.above.effective());
      if (node.effective()) {
        Node by = (Node) node.cancelledBy();
        assertThat(by.cancelCalled()).isTrue();
        assertThat(by.seesCancelledParent()).isFalse();
      } else {
        assertThat(node.cancelledBy() == node).isTrue();
      }
    }
  }

  @Test
  void cancelOfADeepTree_needsNoRecursion() {
    Node root = new Node(false);
    put(root, null);
    Node last = root;
    for (int depth = 0; depth < 100_000; depth++) {
      Node node = new Node(false);
      node.attach(last);
      last = node;
    }
    root.markCancelled();
    assertThat(last.effective()).isTrue();
    assertThat(last.cancelledBy() == root).isTrue();
  }
}
