package dev.roost.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.roost.CancelScope;
import dev.roost.Roost;
import dev.roost.testing.Testing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The mirror of Files. */
@Timeout(60)
class AsyncFilesTest {

  @TempDir Path folder;

  @Test
  void what_is_written_can_be_read() throws Exception {
    Roost.run(() -> {
      var file = folder.resolve("file");
      assertThat(AsyncFiles.writeString(file, "Grüße")).isEqualTo(file);
      assertThat(AsyncFiles.readString(file)).isEqualTo("Grüße");
      assertThat(AsyncFiles.readAllBytes(file)).hasSize(7);
      AsyncFiles.writeString(file, "é", StandardCharsets.ISO_8859_1);
      assertThat(AsyncFiles.readAllBytes(file)).containsExactly(0xE9 - 256);
      assertThat(AsyncFiles.readString(file, StandardCharsets.ISO_8859_1)).isEqualTo("é");
      AsyncFiles.write(file, new byte[] {'a'}); // emptied first
      AsyncFiles.write(file, List.of("b", "c"), StandardOpenOption.APPEND);
      assertThat(AsyncFiles.readAllLines(file)).containsExactly("ab", "c");
      assertThat(AsyncFiles.readAllLines(file, StandardCharsets.US_ASCII)).hasSize(2);
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(() -> AsyncFiles.writeString(file, "", StandardOpenOption.CREATE_NEW));
      assertThatExceptionOfType(NoSuchFileException.class)
          .isThrownBy(() -> AsyncFiles.readString(folder.resolve("none")));
    });
  }

  @Test
  void questions_are_answered() throws Exception {
    Roost.run(() -> {
      var file = Files.writeString(folder.resolve("file.txt"), "abc");
      var other = Files.writeString(folder.resolve("other"), "abd");
      var link = AsyncFiles.createSymbolicLink(folder.resolve("link"), file);
      assertThat(AsyncFiles.exists(file)).isTrue();
      assertThat(AsyncFiles.exists(folder.resolve("none"))).isFalse();
      assertThat(AsyncFiles.notExists(folder.resolve("none"))).isTrue();
      assertThat(AsyncFiles.isDirectory(folder)).isTrue();
      assertThat(AsyncFiles.isRegularFile(file)).isTrue();
      assertThat(AsyncFiles.isSymbolicLink(link)).isTrue();
      assertThat(AsyncFiles.readSymbolicLink(link)).isEqualTo(file);
      assertThat(AsyncFiles.toRealPath(link)).isEqualTo(file.toRealPath());
      assertThat(AsyncFiles.isReadable(file)).isTrue();
      assertThat(AsyncFiles.isWritable(file)).isTrue();
      assertThat(AsyncFiles.isExecutable(file)).isFalse();
      assertThat(AsyncFiles.isHidden(folder.resolve(".hidden"))).isTrue();
      assertThat(AsyncFiles.isSameFile(file, link)).isTrue();
      assertThat(AsyncFiles.mismatch(file, other)).isEqualTo(2);
      assertThat(AsyncFiles.size(file)).isEqualTo(3);
      assertThat(AsyncFiles.probeContentType(file)).hasValue("text/plain");
      assertThat(AsyncFiles.probeContentType(other)).isEmpty();
      assertThat(AsyncFiles.readAttributes(file, BasicFileAttributes.class).size()).isEqualTo(3);
      assertThat(AsyncFiles.readAttributes(file, "size")).containsEntry("size", 3L);
      assertThat(AsyncFiles.getAttribute(file, "size")).isEqualTo(3L);
      assertThat(AsyncFiles.getFileStore(file)).isEqualTo(Files.getFileStore(file));
      var before = FileTime.from(Instant.EPOCH);
      assertThat(AsyncFiles.setLastModifiedTime(file, before)).isEqualTo(file);
      assertThat(AsyncFiles.getLastModifiedTime(file)).isEqualTo(before);
      AsyncFiles.setAttribute(file, "lastModifiedTime", FileTime.fromMillis(1000));
      assertThat(AsyncFiles.getLastModifiedTime(file)).isEqualTo(FileTime.fromMillis(1000));
      AsyncFiles.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));
      assertThat(AsyncFiles.getPosixFilePermissions(file))
          .containsExactly(PosixFilePermission.OWNER_READ);
      assertThat(AsyncFiles.setOwner(file, AsyncFiles.getOwner(file))).isEqualTo(file);
    });
  }

  @Test
  void files_are_made_moved_and_removed() throws Exception {
    Roost.run(() -> {
      var deep = AsyncFiles.createDirectories(folder.resolve("a/b/c"));
      assertThat(deep).isDirectory();
      assertThat(AsyncFiles.createDirectory(folder.resolve("d"))).isDirectory();
      var file = AsyncFiles.createFile(deep.resolve("file"));
      assertThat(AsyncFiles.copy(file, folder.resolve("copy"))).exists();
      assertThat(AsyncFiles.move(folder.resolve("copy"), folder.resolve("moved"))).exists();
      assertThat(folder.resolve("copy")).doesNotExist();
      assertThat(AsyncFiles.createLink(folder.resolve("name"), file)).exists();
      AsyncFiles.delete(folder.resolve("name"));
      assertThat(AsyncFiles.deleteIfExists(folder.resolve("name"))).isFalse();
      assertThat(AsyncFiles.deleteIfExists(folder.resolve("moved"))).isTrue();
      AsyncFiles.createSymbolicLink(deep.resolve("up"), folder);
      AsyncFiles.deleteTree(folder.resolve("a"));
      AsyncFiles.deleteTree(folder.resolve("a")); // is not there
      AsyncFiles.deleteTree(folder.resolve("d"));
      assertThat(folder).isEmptyDirectory();
    });
  }

  @Test
  void temporary_files_have_new_names() throws Exception {
    Roost.run(() -> {
      var one = AsyncFiles.createTempFile(folder, "x", ".y");
      var two = AsyncFiles.createTempDirectory(folder, "x");
      assertThat(one).isRegularFile();
      assertThat(two).isDirectory();
      var three = AsyncFiles.createTempFile("roost", ".tmp");
      var four = AsyncFiles.createTempDirectory("roost");
      AsyncFiles.delete(three);
      AsyncFiles.delete(four);
    });
  }

  @Test
  void calls_are_checkpoints() throws Exception {
    Roost.run(() -> {
      var file = folder.resolve("file");
      Testing.assertCheckpoints(() -> AsyncFiles.writeString(file, ""));
      Testing.assertCheckpoints(() -> AsyncFiles.exists(file));
      Testing.assertCheckpoints(() -> AsyncFiles.delete(file));
    });
  }

  @Test
  void cancelled_before_changes_nothing() throws Exception {
    Roost.run(() -> {
      CancelScope.moveOnAfter(Duration.ZERO).run(() -> AsyncFiles.createFile(folder.resolve("a")));
      CancelScope.moveOnAfter(Duration.ZERO)
          .run(() -> AsyncFiles.writeString(folder.resolve("a"), "x"));
      CancelScope.moveOnAfter(Duration.ZERO)
          .run(() -> AsyncFiles.copy(folder, folder.resolve("a")));
      assertThat(folder).isEmptyDirectory();
    });
  }

  @Test
  void outside_a_run_is_refused() {
    assertThatIllegalStateException().isThrownBy(() -> AsyncFiles.exists(folder));
    assertThatIllegalStateException().isThrownBy(() -> AsyncFiles.createFile(folder.resolve("a")));
    assertThatIllegalStateException().isThrownBy(() -> AsyncFiles.lines(folder.resolve("a")));
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void temporary_is_gone_with_its_block() throws Exception {
    Roost.run(() -> {
      var seen = new Path[2];
      var answer =
          AsyncFiles.tempDirectory("roost")
              .<Integer, IOException>call(made -> {
                seen[0] = made;
                Files.createDirectories(made.resolve("a/b"));
                Files.writeString(made.resolve("a/b/c"), "x");
                return 42;
              });
      assertThat(answer).isEqualTo(42);
      var temp = AsyncFiles.tempFile("roost", ".tmp");
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(() ->
              temp.run(made -> {
                seen[1] = made;
                assertThat(made).isRegularFile();
                throw new IOException("mine");
              }))
          .withMessage("mine");
      assertThat(seen[0]).doesNotExist();
      assertThat(seen[1]).doesNotExist();
    });
  }

  @Test
  void temporary_is_gone_with_a_cancelled_block() throws Exception {
    Roost.run(() -> {
      var seen = new Path[1];
      var scope = CancelScope.create();
      scope.run(() ->
          AsyncFiles.tempDirectory("roost")
              .run(made -> {
                seen[0] = made;
                scope.cancel();
                Roost.checkpoint();
              }));
      assertThat(scope.cancelledCaught()).isTrue();
      assertThat(seen[0]).doesNotExist();
    });
  }
}
