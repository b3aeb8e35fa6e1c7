package dev.roost.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roost.Roost;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The samples in the documentation of files. */
@Timeout(60)
class FileSamplesTest {

  @TempDir Path folder;

  @Test
  void files() throws Exception {
    var errors = new ArrayList<String>();
    Roost.run(() -> {
      // @start region="files"
      Path log = AsyncFiles.writeString(folder.resolve("log"), "one\nERROR two\n");
      try (var lines = AsyncFiles.lines(log)) {
        lines.forEach(line -> {
          if (line.startsWith("ERROR")) {
            errors.add(line);
          }
        });
      }
      // @end
    });
    assertThat(errors).containsExactly("ERROR two");
  }

  @Test
  void file() throws Exception {
    var path = Files.writeString(folder.resolve("data"), "0123456789");
    Roost.run(() -> {
      // @start region="file"
      try (AsyncFile file =
          AsyncFile.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        ByteBuffer header = ByteBuffer.allocate(4);
        int count = file.read(header, 0);
        file.write(header.flip(), file.size()); // at the end
        assertThat(count).isEqualTo(4);
      }
      // @end
    });
    assertThat(path).hasContent("01234567890123");
  }

  @Test
  void temporary() throws Exception {
    Roost.run(() -> {
      // @start region="temporary"
      long size =
          AsyncFiles.tempDirectory("work")
              .call(folder -> {
                Path file = AsyncFiles.writeString(folder.resolve("a"), "hello");
                return AsyncFiles.size(file);
              });
      // @end
      assertThat(size).isEqualTo(5);
    });
  }

  @Test
  void replacement() throws Exception {
    var config = folder.resolve("config");
    Roost.run(() -> {
      // @start region="replace"
      AsyncFiles.replacing(config).synced().write("port = 8080\n");
      // @end
    });
    assertThat(config).hasContent("port = 8080");
  }
}
