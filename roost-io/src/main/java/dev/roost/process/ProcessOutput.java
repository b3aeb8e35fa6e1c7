package dev.roost.process;

import dev.roost.Blocking;
import dev.roost.io.BrokenStreamException;
import dev.roost.io.Direction;
import dev.roost.io.ReceiveStream;
import dev.roost.lowlevel.Checkpoints;
import dev.roost.lowlevel.RunBinding;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;

/** What a process writes, as a stream. */
final class ProcessOutput implements ReceiveStream {

  final PipeReader pipe;
  private final String name;
  private final RunBinding binding;
  private final Direction receiving = new Direction("receiving from");

  ProcessOutput(PipeReader pipe, String name, RunBinding binding) {
    this.pipe = pipe;
    this.name = name;
    this.binding = binding;
  }

  @Override
  public int receiveSome(ByteBuffer dst) throws IOException, InterruptedException {
    if (!dst.hasRemaining()) {
      throw new IllegalArgumentException(
          "receiveSome from a process: the buffer has no room ("
              + dst
              + "). Clear or compact it first.");
    }
    binding.check("receiveSome from a process");
    Checkpoints.throwIfCancelled();
    receiving.enter(this);
    try {
      int count = poll(dst);
      if (count != 0) {
        Checkpoints.letOthersRun();
        return count;
      }
      do {
        Blocking.run(pipe::awaitSomething);
        count = poll(dst);
      } while (count == 0);
      return count;
    } finally {
      receiving.leave();
    }
  }

  private int poll(ByteBuffer dst) throws IOException {
    pipe.claim();
    try {
      return pipe.poll(dst);
    } catch (ClosedChannelException e) {
      throw e;
    } catch (IOException e) {
      throw new BrokenStreamException("Reading " + name + " failed: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    if (!pipe.isClosed()) {
      binding.check("close " + name);
      pipe.close();
    }
  }

  @Override
  public String toString() {
    return name + (pipe.isClosed() ? " (closed)" : "");
  }
}
