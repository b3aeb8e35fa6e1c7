package dev.roost.io;

import dev.roost.channel.Lockstep;
import dev.roost.lowlevel.RunBinding;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;

/**
 * Reads lines, records and blocks from a stream, whatever the pieces in which the bytes come.
 *
 * {@snippet file="dev/roost/io/StreamSamplesTest.java" region="buffered"}
 *
 * <p>Every read has a limit, so that nobody fills our memory by sending a line that never ends; the
 * limit of those that do not name one is {@value #DEFAULT_LIMIT} bytes. A read takes all that it
 * asks for or nothing: if it is cancelled, fails, or is longer than its limit, the bytes that have
 * come are still there for the next read.
 *
 * <p>It reads ahead, and so whoever uses it reads through it alone. To go on with a protocol that
 * wants a stream in both directions, staple it together again: {@code new StapledStream<>(stream,
 * buffered)}. It belongs to the run that first uses it.
 */
public final class BufferedStream implements ReceiveStream {

  /** How many bytes a read may take that does not say: {@value}. */
  public static final int DEFAULT_LIMIT = 64 * 1024;

  private static final int LEAST_ROOM = 8 * 1024;
  private static final byte[] LINE_FEED = {'\n'};

  private final ReceiveStream stream;
  private final RunBinding binding = new RunBinding();
  private final Direction receiving = new Direction("reading from");
  private final Lookahead buffer = new Lookahead();
  private boolean closed;

  /**
   * Reads from a stream, which belongs to the new one from now on: it closes it. Not a checkpoint;
   * can be called anywhere.
   *
   * @param stream where the bytes come from
   */
  public BufferedStream(ReceiveStream stream) {
    this.stream = Objects.requireNonNull(stream, "BufferedStream: the stream is null");
  }

  /** Looks whether what is read is complete; if so, takes it out. */
  private interface Reading<T> {
    /** The result, or nothing if more bytes are needed. */
    Optional<T> tryNow() throws IOException;

    /** The result at the end of the stream. */
    T atEnd() throws IOException;

    /** How many more bytes are needed, as far as is known. */
    default int needed() {
      return LEAST_ROOM;
    }
  }

  /** Reads something, taking more bytes from the stream until it is complete. */
  private <T> T read(String operation, Reading<T> reading)
      throws IOException, InterruptedException {
    binding.startCheckpoint(operation);
    receiving.enter(this);
    try {
      ensureOpen();
      Optional<T> result = reading.tryNow();
      if (result.isPresent()) {
        binding.endCheckpoint();
        return result.get();
      }
      do {
        byte[] more = stream.receiveSome(Math.clamp(reading.needed(), LEAST_ROOM, DEFAULT_LIMIT));
        ensureOpen();
        if (more.length == 0) {
          return reading.atEnd();
        }
        buffer.add(more);
        result = reading.tryNow();
      } while (result.isEmpty());
      return result.get();
    } finally {
      receiving.leave();
    }
  }

  /**
   * Reads so many bytes, not fewer. A checkpoint.
   *
   * @param count how many, at least 0
   * @return the bytes
   * @throws EOFException if the stream ends before; what has come can still be read
   * @throws IOException as the stream says
   * @throws InterruptedException if cancelled; nothing was read
   * @throws IllegalArgumentException if the count is negative
   * @throws dev.roost.BusyResourceException if another task is reading
   * @throws IllegalStateException outside the run that the stream belongs to
   */
  public byte[] readExactly(int count) throws IOException, InterruptedException {
    ensureNotNegative("BufferedStream.readExactly", count, "count");
    return read(
        "BufferedStream.readExactly",
        new Reading<byte[]>() {
          @Override
          public Optional<byte[]> tryNow() {
            return buffer.size() < count ? Optional.empty() : Optional.of(buffer.take(count));
          }

          @Override
          public byte[] atEnd() throws IOException {
            throw new EOFException(
                "BufferedStream.readExactly: "
                    + count
                    + " bytes were wanted, and the stream ended after "
                    + buffer.size()
                    + ".");
          }

          @Override
          public int needed() {
            return count - buffer.size();
          }
        });
  }

  /**
   * Reads up to a delimiter and past it. A checkpoint.
   *
   * @param delimiter what ends the bytes, not empty
   * @param limit how many bytes may come before it, at least 0
   * @return the bytes before the delimiter
   * @throws LimitExceededException if more bytes come before the delimiter; nothing was read
   * @throws EOFException if the stream ends before; what has come can still be read
   * @throws IOException as the stream says
   * @throws InterruptedException if cancelled; nothing was read
   * @throws IllegalArgumentException if the delimiter is empty or the limit negative
   * @throws dev.roost.BusyResourceException if another task is reading
   * @throws IllegalStateException outside the run that the stream belongs to
   */
  public byte[] readUntil(byte[] delimiter, int limit) throws IOException, InterruptedException {
    byte[] end = delimiter.clone();
    ensureNotNegative("BufferedStream.readUntil", limit, "limit");
    if (end.length == 0) {
      throw new IllegalArgumentException(
          "BufferedStream.readUntil: the delimiter is empty. Give it at least one byte.");
    }
    return read(
        "BufferedStream.readUntil",
        new Reading<byte[]>() {
          private int searched;

          @Override
          public Optional<byte[]> tryNow() throws IOException {
            int at = buffer.indexOf(end, searched);
            if (at < 0) {
              searched = Math.max(searched, buffer.size() - end.length + 1);
            }
            if ((at < 0 ? searched : at) > limit) {
              throw exceeded("BufferedStream.readUntil", "before the delimiter", limit);
            }
            if (at < 0) {
              return Optional.empty();
            }
            byte[] before = buffer.take(at);
            buffer.skip(end.length);
            return Optional.of(before);
          }

          @Override
          public byte[] atEnd() throws IOException {
            throw new EOFException(
                "BufferedStream.readUntil: the stream ended after "
                    + buffer.size()
                    + " bytes without the delimiter.");
          }
        });
  }

  /**
   * As {@link #readUntil(byte[], int)}, with a text in UTF-8 as delimiter. A checkpoint.
   *
   * @param delimiter what ends the bytes, not empty
   * @param limit how many bytes may come before it, at least 0
   * @return the bytes before the delimiter
   * @throws LimitExceededException if more bytes come before the delimiter; nothing was read
   * @throws EOFException if the stream ends before; what has come can still be read
   * @throws IOException as the stream says
   * @throws InterruptedException if cancelled; nothing was read
   * @throws IllegalArgumentException if the delimiter is empty or the limit negative
   * @throws dev.roost.BusyResourceException if another task is reading
   * @throws IllegalStateException outside the run that the stream belongs to
   */
  public byte[] readUntil(String delimiter, int limit) throws IOException, InterruptedException {
    return readUntil(delimiter.getBytes(StandardCharsets.UTF_8), limit);
  }

  /**
   * Reads a line of at most {@value #DEFAULT_LIMIT} bytes: see {@link #readLine(int)}. A
   * checkpoint.
   *
   * @return the line, without its end
   * @throws LimitExceededException if the line is longer; nothing was read
   * @throws EOFException if there is no line any more
   * @throws IOException as the stream says
   * @throws InterruptedException if cancelled; nothing was read
   * @throws dev.roost.BusyResourceException if another task is reading
   * @throws IllegalStateException outside the run that the stream belongs to
   */
  public String readLine() throws IOException, InterruptedException {
    return readLine(DEFAULT_LIMIT);
  }

  /**
   * Reads a line in UTF-8. It ends with a line feed, or with carriage return and line feed; the
   * last one may also end with the stream. What is no UTF-8 becomes the replacement character
   * U+FFFD. A checkpoint.
   *
   * @param limit how many bytes it may have, without its end, at least 0
   * @return the line, without its end
   * @throws LimitExceededException if the line is longer; nothing was read
   * @throws EOFException if there is no line any more; to expect that, use {@link #readLineOrEnd}
   * @throws IOException as the stream says
   * @throws InterruptedException if cancelled; nothing was read
   * @throws IllegalArgumentException if the limit is negative
   * @throws dev.roost.BusyResourceException if another task is reading
   * @throws IllegalStateException outside the run that the stream belongs to
   */
  public String readLine(int limit) throws IOException, InterruptedException {
    Optional<String> line = readLineOrEnd("BufferedStream.readLine", limit);
    if (line.isEmpty()) {
      throw new EOFException(
          "BufferedStream.readLine: the stream has ended, and there is no line any more. If the end"
              + " is expected, use readLineOrEnd or lines.");
    }
    return line.get();
  }

  /**
   * Like {@link #readLine(int)}, for those who expect the end. A checkpoint.
   *
   * @param limit how many bytes the line may have, without its end, at least 0
   * @return the line, without its end; nothing at the end of the stream
   * @throws LimitExceededException if the line is longer; nothing was read
   * @throws IOException as the stream says
   * @throws InterruptedException if cancelled; nothing was read
   * @throws IllegalArgumentException if the limit is negative
   * @throws dev.roost.BusyResourceException if another task is reading
   * @throws IllegalStateException outside the run that the stream belongs to
   */
  public Optional<String> readLineOrEnd(int limit) throws IOException, InterruptedException {
    return readLineOrEnd("BufferedStream.readLineOrEnd", limit);
  }

  private Optional<String> readLineOrEnd(String operation, int limit)
      throws IOException, InterruptedException {
    ensureNotNegative(operation, limit, "limit");
    return read(
        operation,
        new Reading<Optional<String>>() {
          private int searched;

          @Override
          public Optional<Optional<String>> tryNow() throws IOException {
            int at = buffer.indexOf(LINE_FEED, searched);
            searched = at < 0 ? buffer.size() : at;
            int length = endsWithReturn(searched) ? searched - 1 : searched;
            if (length > limit) {
              throw exceeded(operation, "in this line", limit);
            }
            return at < 0 ? Optional.empty() : Optional.of(Optional.of(takeLine(length, at + 1)));
          }

          @Override
          public Optional<String> atEnd() throws IOException {
            int length = buffer.size();
            if (length > limit) {
              throw exceeded(operation, "in this line", limit);
            }
            return length == 0 ? Optional.empty() : Optional.of(takeLine(length, length));
          }
        });
  }

  private boolean endsWithReturn(int length) {
    return length > 0 && buffer.at(length - 1) == '\r';
  }

  private String takeLine(int length, int withEnd) {
    String line = new String(buffer.take(length), StandardCharsets.UTF_8);
    buffer.skip(withEnd - length);
    return line;
  }

  /**
   * The lines of the stream as a channel. A task reads them, one at a time and only when the
   * consumer asks for one: who is slow to receive slows the sender down. When the consumer is done,
   * that task has ended, and what it has not read is still in the stream. Not a checkpoint; the
   * reading begins when the result is run.
   *
   * {@snippet file="dev/roost/io/StreamSamplesTest.java" region="lines"}
   *
   * @param limit how many bytes a line may have, at least 0; a longer one ends the block with
   *     {@link LimitExceededException}
   * @return the lines, to be run with their consumer
   * @throws IllegalArgumentException if the limit is negative
   */
  public Lockstep<String, IOException> lines(int limit) {
    ensureNotNegative("BufferedStream.lines", limit, "limit");
    return Lockstep.of(outlet -> {
      Optional<String> line = readLineOrEnd(limit);
      while (line.isPresent()) {
        outlet.send(line.get());
        line = readLineOrEnd(limit);
      }
    });
  }

  @Override
  public int receiveSome(ByteBuffer dst) throws IOException, InterruptedException {
    if (!dst.hasRemaining()) {
      throw new IllegalArgumentException(
          "BufferedStream.receiveSome: the buffer has no room ("
              + dst
              + "). Clear or compact it first.");
    }
    binding.startCheckpoint("BufferedStream.receiveSome");
    receiving.enter(this);
    try {
      ensureOpen();
      if (buffer.size() == 0) {
        return stream.receiveSome(dst);
      }
      int count = buffer.takeInto(dst);
      binding.endCheckpoint();
      return count;
    } finally {
      receiving.leave();
    }
  }

  /**
   * How many bytes have come and were not read yet. Not a checkpoint.
   *
   * @return the number of bytes
   */
  public int buffered() {
    return buffer.size();
  }

  /**
   * Closes the stream at once; what was not read yet is gone. A task that waits in it gets {@link
   * ClosedChannelException}. Never waits, works whatever is cancelled, and does nothing the second
   * time. Not a checkpoint.
   */
  @Override
  public void close() {
    if (!closed) {
      stream.close(); // first, because it knows who may do that
      closed = true;
      buffer.clear();
    }
  }

  private void ensureOpen() throws ClosedChannelException {
    if (closed) {
      throw new ClosedChannelException();
    }
  }

  private static LimitExceededException exceeded(String operation, String where, int limit) {
    return new LimitExceededException(
        operation
            + ": there are more than "
            + limit
            + " bytes "
            + where
            + ", and that is the limit. Allow more, or close the stream: nothing was read.",
        limit);
  }

  private static void ensureNotNegative(String operation, int number, String what) {
    if (number < 0) {
      throw new IllegalArgumentException(
          operation + ": the " + what + " is negative (" + number + ").");
    }
  }

  /** What it reads from, and how much has come already. */
  @Override
  public String toString() {
    return "BufferedStream[" + stream + ", " + buffer.size() + " bytes read ahead]";
  }
}
