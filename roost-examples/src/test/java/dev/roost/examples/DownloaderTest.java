package dev.roost.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.roost.ExceptionGroup;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.testing.MockClock;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Against the web server of the JDK, as a process of its own. */
@Timeout(60)
class DownloaderTest {

  @TempDir Path folder;

  /** Serves a folder; the last word of its first lines is the port. */
  private record Server(Program program, String base) implements AutoCloseable {

    static Server of(Path folder) throws IOException {
      var jwebserver = Path.of(System.getProperty("java.home"), "bin", "jwebserver");
      var program =
          Program.command(
              jwebserver.toString(), "-b", "127.0.0.1", "-p", "0", "-d", folder.toString());
      program.awaitLine(" on 127.0.0.1 port ");
      return new Server(program, program.awaitLine("http://").replaceFirst(".*(http://)", "$1"));
    }

    URI uri(String file) {
      return URI.create(base + file);
    }

    @Override
    public void close() {
      program.close();
    }
  }

  private Path served(int files) throws IOException {
    var served = Files.createDirectory(folder.resolve("served").toAbsolutePath());
    for (int i = 0; i < files; i++) {
      Files.writeString(served.resolve("file" + i), ("content of " + i + "\n").repeat(10_000));
    }
    return served;
  }

  @Test
  void program_downloadsAll() throws Exception {
    var served = served(10);
    var into = folder.resolve("into");
    var arguments = new ArrayList<String>(List.of(into.toString()));
    try (var server = Server.of(served)) {
      for (int i = 0; i < 10; i++) {
        arguments.add(server.uri("file" + i).toString());
      }
      var result = Program.run(Downloader.class, arguments.toArray(String[]::new));
      assertThat(result.exitCode()).as(result.errors()).isZero();
      assertThat(result.output()).isEqualTo("10 files; 0 attempts failed");
      assertThat(result.errors()).contains("Downloading", "100%", "10/10");
    }
    for (int i = 0; i < 10; i++) {
      assertThat(into.resolve("file" + i)).hasSameBinaryContentAs(served.resolve("file" + i));
    }
    assertThat(into.toFile().list()).hasSize(10);
  }

  @Test
  void whatFails_isTriedAgain() throws Exception {
    var served = served(3);
    try (var server = Server.of(served);
        var client = HttpClient.newHttpClient();
        var progress = Downloader.progressOf(4)) {
      var files =
          List.of(
              server.uri("file0"), server.uri("late"), server.uri("file1"), server.uri("file2"));
      var downloader = new Downloader(client, progress);
      Roost.with()
          .clock(new MockClock().autojump())
          .run(() ->
              Nursery.run(nursery -> {
                nursery.start(() -> {
                  while (downloader.failures() == 0) {
                    Roost.checkpoint();
                  }
                  Files.writeString(served.resolve("late"), "it is there now");
                });
                downloader.all(files, folder.resolve("into"));
              }));
      assertThat(downloader.failures()).isPositive();
      assertThat(folder.resolve("into/late")).hasContent("it is there now");
      assertThat(progress.getCurrent()).isEqualTo(4);
    }
  }

  @Test
  void whatFailsAgainAndAgain_endsAll_andLeavesNoHalfFiles() throws Exception {
    var served = served(1);
    try (var server = Server.of(served);
        var client = HttpClient.newHttpClient();
        var progress = Downloader.progressOf(1)) {
      var downloader = new Downloader(client, progress);
      Roost.with()
          .clock(new MockClock().autojump())
          .run(() ->
              assertThatExceptionOfType(ExceptionGroup.class)
                  .isThrownBy(
                      () -> downloader.all(List.of(server.uri("none")), folder.resolve("into")))
                  .satisfies(group ->
                      assertThat(group.find(IOException.class).orElseThrow())
                          .hasMessageEndingWith("/none: status 404")));
      assertThat(downloader.failures()).isEqualTo(4);
      assertThat(folder.resolve("into")).isEmptyDirectory();
    }
  }
}
