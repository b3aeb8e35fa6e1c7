package dev.roost.examples;

import dev.roost.Roost;
import dev.roost.process.Command;
import dev.roost.process.Processes;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The checksum of what a file is when it is compressed, by two programs with a pipe between them:
 * {@code gzip -nc < file | sha256sum}. {@code ./roost run Checksum README.md}.
 *
 * <p>If one of the two fails, or all of it is cancelled, the other one is stopped as well.
 */
public final class Checksum {

  private Checksum() {}

  public static void main(String[] args) throws Exception {
    if (args.length != 1) {
      System.err.println("Usage: Checksum <file>");
      System.exit(2);
    }
    System.out.println(Roost.call(() -> ofCompressed(Path.of(args[0]))));
  }

  static String ofCompressed(Path file) throws IOException, InterruptedException {
    Command gzip = Processes.command("gzip", "-nc").inputFrom(file).check();
    String[] sum = new String[1];
    gzip.run(left -> {
      Command sha256sum = Processes.command("sha256sum").input(left.stdout()).check();
      sum[0] = sha256sum.run().stdout().substring(0, 64);
    });
    return sum[0];
  }
}
