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

/** A selector that takes registrations and cannot select. */
final class FailingSelector extends AbstractSelector {

  private final Throwable failure;
  private final Set<SelectionKey> keys = new HashSet<>();

  FailingSelector(Throwable failure) {
    super(SelectorProvider.provider());
    this.failure = failure;
  }

  private int fail() throws IOException {
    if (failure instanceof IOException e) {
      throw e;
    }
    throw (Error) failure;
  }

  @Override
  public int selectNow() throws IOException {
    return fail();
  }

  @Override
  public int select(long timeout) throws IOException {
    return fail();
  }

  @Override
  public int select() throws IOException {
    return fail();
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
    return new HashSet<>();
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
      return FailingSelector.this;
    }

    @Override
    public int interestOps() {
      return interest;
    }

    @Override
    public SelectionKey interestOps(int ops) {
      interest = ops;
      return this;
    }

    @Override
    public int readyOps() {
      return 0;
    }
  }
}
