package dev.roost.file;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Items that helper threads bring, some at a time.
 *
 * @param <T> the items
 */
record Batches<T>(Ahead<List<T>> ahead) implements Producer<T>, Closeable {

  private static final int MOST_LINES = 256;
  private static final int MOST_PATHS = 64;
  private static final int MOST_CHARACTERS = 64 * 1024;

  @Override
  public List<T> next() throws IOException, InterruptedException {
    return ahead.next();
  }

  @Override
  public void close() {
    ahead.close();
  }

  /** The lines that are there, without waiting for more than one. */
  static Batches<String> lines(BufferedReader reader) {
    return new Batches<>(
        new Ahead<>(
            new Ahead.Source<>() {
              @Override
              public List<String> next() throws IOException {
                List<String> lines = new ArrayList<>();
                int characters = 0;
                do {
                  String line = reader.readLine();
                  if (line == null) {
                    break;
                  }
                  lines.add(line);
                  characters += line.length();
                } while (lines.size() < MOST_LINES
                    && characters < MOST_CHARACTERS
                    && isReady(reader));
                return lines;
              }

              @Override
              public void close() throws IOException {
                reader.close();
              }
            }));
  }

  /** Whether a line can be begun without waiting; some files cannot tell. */
  private static boolean isReady(BufferedReader reader) {
    try {
      return reader.ready();
    } catch (IOException e) {
      return false;
    }
  }

  /** What a stream of the JDK gives, which reads folders as it goes. */
  static <T> Batches<T> of(Stream<T> stream) {
    Iterator<T> iterator = stream.iterator();
    return new Batches<>(
        new Ahead<>(
            new Ahead.Source<>() {
              @Override
              public List<T> next() {
                List<T> some = new ArrayList<>();
                while (some.size() < MOST_PATHS && iterator.hasNext()) {
                  some.add(iterator.next());
                }
                return some;
              }

              @Override
              public void close() {
                stream.close();
              }
            }));
  }
}
