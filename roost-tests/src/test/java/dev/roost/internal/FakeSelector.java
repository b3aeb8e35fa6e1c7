package dev.roost.internal;

import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelectionKey;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.util.HashSet;
import java.util.Set;

/** A selector that never waits: whoever asks it is told what {@link #look} finds. */
abstract class FakeSelector extends AbstractSelector {

  private final Set<SelectionKey> keys = new HashSet<>();
  private final Set<SelectionKey> selected = new HashSet<>();
  private int withdrawals;

  FakeSelector() {
    super(SelectorProvider.provider());
  }

  /** Selects some keys. */
  abstract void look() throws IOException;

  /** All keys for which somebody asks are ready. */
  final void selectAll() {
    keys.stream().filter(key -> key.interestOps() != 0).forEach(selected::add);
  }

  /** How often a key has lost an interest that it had. */
  final int withdrawals() {
    return withdrawals;
  }

  @Override
  public int selectNow() throws IOException {
    look();
    return selected.size();
  }

  @Override
  public int select(long timeout) throws IOException {
    return selectNow();
  }

  @Override
  public int select() throws IOException {
    return selectNow();
  }

  @Override
  public Selector wakeup() {
    return this;
  }

  @Override
  public Set<SelectionKey> keys() {
    return Set.copyOf(keys);
  }

  @Override
  public Set<SelectionKey> selectedKeys() {
    return selected;
  }

  @Override
  protected void implCloseSelector() {
    keys.forEach(key -> deregister((Key) key));
  }

  @Override
  protected SelectionKey register(AbstractSelectableChannel channel, int ops, Object attachment) {
    var key = new Key(channel);
    key.attach(attachment);
    keys.add(key);
    return key.interestOps(ops);
  }

  private final class Key extends AbstractSelectionKey {

    private final SelectableChannel channel;
    private int interest;

    Key(SelectableChannel channel) {
      this.channel = channel;
    }

    @Override
    public SelectableChannel channel() {
      return channel;
    }

    @Override
    public Selector selector() {
      return FakeSelector.this;
    }

    @Override
    public int interestOps() {
      return interest;
    }

    @Override
    public SelectionKey interestOps(int ops) {
      if ((interest & ~ops) != 0) {
        withdrawals++;
      }
      interest = ops;
      return this;
    }

    @Override
    public int readyOps() {
      return selected.contains(this) ? interest : 0;
    }
  }
}
