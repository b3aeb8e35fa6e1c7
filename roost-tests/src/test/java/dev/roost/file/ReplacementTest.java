package dev.roost.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.roost.CancelScope;
import dev.roost.Roost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Writing all or nothing. */
@Timeout(60)
class ReplacementTest {

  @TempDir Path folder;

  @Test
  void file_is_made_or_replaced() throws Exception {
    Roost.run(() -> {
      var file = folder.resolve("file");
      AsyncFiles.replacing(file).write("one");
      assertThat(file).hasContent("one");
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
      AsyncFiles.replacing(file).synced().write(new byte[] {'2'});
      assertThat(file).hasContent("2");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-r-----");
      assertThat(folder.toFile().list()).containsExactly("file");
      assertThat(AsyncFiles.replacing(file).synced())
          .hasToString("Replacement[" + file + ", synced]");
      assertThat(AsyncFiles.replacing(file)).hasToString("Replacement[" + file + "]");
    });
  }

  @Test
  void old_content_is_there_until_the_block_has_ended() throws Exception {
    Roost.run(() -> {
      var file = Files.writeString(folder.resolve("file"), "old");
      AsyncFiles.replacing(file)
          .run(out -> {
            out.write("new ");
            assertThat(file).hasContent("old");
            out.write("content");
          });
      assertThat(file).hasContent("new content");
    });
  }

  @Test
  void link_stays() throws Exception {
    Roost.run(() -> {
      var file = Files.writeString(folder.resolve("file"), "old");
      var link = Files.createSymbolicLink(folder.resolve("link"), file);
      AsyncFiles.replacing(link).write("new");
      assertThat(link).isSymbolicLink();
      assertThat(file).hasContent("new");
    });
  }

  @Test
  void block_that_fails_or_is_cancelled_changes_nothing() throws Exception {
    Roost.run(() -> {
      var file = Files.writeString(folder.resolve("file"), "old");
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(() ->
              AsyncFiles.replacing(file)
                  .run(out -> {
                    out.write("new");
                    throw new IOException("mine");
                  }))
          .withMessage("mine");
      var scope = CancelScope.create();
      scope.run(() ->
          AsyncFiles.replacing(file)
              .run(out -> {
                out.write("new");
                scope.cancel();
              }));
      assertThat(scope.cancelledCaught()).isTrue();
      CancelScope.moveOnAfter(Duration.ZERO).run(() -> AsyncFiles.replacing(file).write("new"));
      assertThat(file).hasContent("old");
      assertThat(folder.toFile().list()).containsExactly("file");
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(() -> AsyncFiles.replacing(folder.resolve("none/file")).write("x"));
    });
  }
}
