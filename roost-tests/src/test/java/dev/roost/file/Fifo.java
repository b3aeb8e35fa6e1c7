package dev.roost.file;

import dev.roost.process.Processes;
import java.nio.file.Path;

/** Files that keep one waiting for as long as one likes: like a disk that is very slow. */
final class Fifo {

  private Fifo() {}

  static Path make(Path folder, String name) throws Exception {
    var fifo = folder.resolve(name);
    Processes.run("mkfifo", fifo.toString()).check();
    return fifo;
  }
}
