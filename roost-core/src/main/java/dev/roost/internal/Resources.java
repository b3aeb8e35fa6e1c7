package dev.roost.internal;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the program has open in a run, so that what it forgets to close is closed when the run ends
 * (R16).
 */
public final class Resources {

  private static final boolean TRACKING = Boolean.getBoolean("roost.debug");

  private boolean tracking = TRACKING;
  private final Set<Entry> open = new LinkedHashSet<>();

  Resources() {}

  /** One thing that is open, and where it was opened if tracking is on. */
  public static final class Entry {
    private final AutoCloseable resource;
    private final @Nullable Throwable openedAt;

    private Entry(AutoCloseable resource, @Nullable Throwable openedAt) {
      this.resource = resource;
      this.openedAt = openedAt;
    }
  }

  /** Hears of what was left open. */
  public interface Report {
    /** Told before it is closed. */
    void leftOpen(AutoCloseable resource, @Nullable Throwable openedAt);

    /** Told of a channel of the program's own that is still open. */
    void leftRegistered(Object channel, @Nullable Throwable waitedAt);

    /** Told what the closing threw. */
    void failed(AutoCloseable resource, Throwable error);
  }

  /** Remembers from now on where things are opened. */
  public void track() {
    tracking = true;
  }

  /** Where the caller is, if that is to be remembered. */
  @Nullable Throwable origin(String what) {
    return tracking ? new Throwable(what) : null;
  }

  /** Remembers that something is open. */
  public Entry opened(AutoCloseable resource) {
    Entry entry = new Entry(resource, origin("opened here"));
    open.add(entry);
    return entry;
  }

  /** Forgets something that was closed; nothing happens if that was done before. */
  public void closed(Entry entry) {
    open.remove(entry);
  }

  /** Closes all that is open, the newest first. */
  public void closeAll(Report report) {
    List<Entry> left = new ArrayList<>(open).reversed();
    open.clear();
    for (Entry entry : left) {
      report.leftOpen(entry.resource, entry.openedAt);
      try {
        entry.resource.close();
      } catch (Throwable e) {
        report.failed(entry.resource, e);
      }
    }
  }
}
