package dev.roost.process;

import dev.roost.Blocking;
import dev.roost.io.BrokenStreamException;
import dev.roost.io.Direction;
import dev.roost.io.SendStream;
import dev.roost.lowlevel.Checkpoints;
import dev.roost.lowlevel.RunBinding;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.Objects;

/** What a process reads, as a stream. Closing it is how the process sees the end. */
final class ProcessInput implements SendStream {

  final PipeWriter pipe;
  private final String name;
  private final RunBinding binding;
  private final Direction sending = new Direction("sending to");

  ProcessInput(PipeWriter pipe, String name, RunBinding binding) {
    this.pipe = pipe;
    this.name = name;
    this.binding = binding;
  }

  @Override
  public void sendAll(ByteBuffer src) throws IOException, InterruptedException {
    Objects.requireNonNull(src, "sendAll to a process: the buffer is null");
    begin("sendAll to a process");
    try {
      awaitIdle(); // a call that was cancelled may have left something
      if (!src.hasRemaining()) {
        Checkpoints.letOthersRun();
        return;
      }
      while (src.hasRemaining()) {
        pipe.offer(src);
        Blocking.run(pipe::awaitIdle);
        ensureSendable();
      }
    } finally {
      sending.leave();
    }
  }

  @Override
  public void waitSendAllMightNotBlock() throws IOException, InterruptedException {
    begin("waitSendAllMightNotBlock for a process");
    try {
      awaitIdle();
      Checkpoints.letOthersRun();
    } finally {
      sending.leave();
    }
  }

  private void begin(String operation) throws InterruptedException {
    binding.check(operation);
    Checkpoints.throwIfCancelled();
    sending.enter(this);
  }

  private void awaitIdle() throws IOException, InterruptedException {
    ensureSendable();
    if (pipe.isBusy()) {
      Blocking.run(pipe::awaitIdle);
      ensureSendable();
    }
  }

  private void ensureSendable() throws IOException {
    if (pipe.isClosed()) {
      throw new ClosedChannelException();
    }
    IOException broken = pipe.error();
    if (broken != null) {
      throw new BrokenStreamException(
          "Writing to "
              + name
              + " failed: "
              + broken.getMessage()
              + ". It has ended, or does not read any more.",
          broken);
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
