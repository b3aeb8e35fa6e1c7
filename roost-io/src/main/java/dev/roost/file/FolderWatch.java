package dev.roost.file;

import dev.roost.Blocking;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.List;

/**
 * What changes in a folder. Waiting for the JDK's watch service can be interrupted and loses
 * nothing, so it is a blocking section in place.
 */
record FolderWatch(Path folder, WatchService service) implements Producer<FileChange>, Closeable {

  /** Watches from now on. Blocks. */
  static FolderWatch open(Path folder) throws IOException {
    WatchService service = folder.getFileSystem().newWatchService();
    try {
      var _ =
          folder.register(
              service,
              StandardWatchEventKinds.ENTRY_CREATE,
              StandardWatchEventKinds.ENTRY_MODIFY,
              StandardWatchEventKinds.ENTRY_DELETE);
    } catch (Throwable t) {
      service.close();
      throw t;
    }
    return new FolderWatch(folder, service);
  }

  @Override
  public List<FileChange> next() throws InterruptedException {
    List<FileChange> changes = new ArrayList<>();
    boolean valid = true;
    while (changes.isEmpty() && valid) {
      WatchKey key = Blocking.call(service::take);
      for (WatchEvent<?> event : key.pollEvents()) {
        changes.add(change(event));
      }
      valid = key.reset(); // false if the folder is gone: that is the end
    }
    return changes;
  }

  private FileChange change(WatchEvent<?> event) {
    WatchEvent.Kind<?> kind = event.kind();
    if (!(event.context() instanceof Path name)) {
      return new FileChange(FileChange.Kind.OVERFLOW, folder);
    }
    return new FileChange(
        kind == StandardWatchEventKinds.ENTRY_CREATE
            ? FileChange.Kind.CREATED
            : kind == StandardWatchEventKinds.ENTRY_DELETE
                ? FileChange.Kind.DELETED
                : FileChange.Kind.MODIFIED,
        folder.resolve(name));
  }

  @Override
  public void close() {
    try {
      service.close();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "The watch of " + folder + " could not be closed: " + e.getMessage(), e);
    }
  }
}
