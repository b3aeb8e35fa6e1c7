package dev.roost.sync;

import dev.roost.Limiter;
import dev.roost.Task;
import dev.roost.lowlevel.TaskEndHook;

/** What a reader or the writer closes. */
final class ReadWritePermit implements Limiter.Permit {

  final ReadWriteLock lock;
  final Task task;
  final boolean writes;
  final TaskEndHook ownerEnds = new TaskEndHook(this::abandoned);
  private boolean closed;

  ReadWritePermit(ReadWriteLock lock, Task task, boolean writes) {
    this.lock = lock;
    this.task = task;
    this.writes = writes;
  }

  private void abandoned() {
    lock.breakDown(task);
  }

  @Override
  public void close() {
    if (!closed) {
      lock.release(this);
      closed = true;
    }
  }

  @Override
  public String toString() {
    return "Permit[" + (closed ? "closed" : (writes ? "to write, " : "to read, ") + lock) + "]";
  }
}
