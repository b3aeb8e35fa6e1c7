package dev.roost.examples;

import dev.roost.Blocking;
import dev.roost.CancelScope;
import dev.roost.Roost;
import dev.roost.Together;
import dev.roost.file.AsyncFile;
import dev.roost.file.AsyncFiles;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;

/**
 * Downloads files, some at once, and tries again what fails: {@code ./roost run Downloader <folder>
 * <url>...}.
 *
 * <p>A file is there when all of it is there: a download that fails half-way, or Ctrl-C, leaves
 * nothing behind.
 */
public final class Downloader {

  private static final int AT_ONCE = 4;
  private static final int ATTEMPTS = 4;
  private static final Duration TIME_FOR_ONE = Duration.ofSeconds(60);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(250);

  private final HttpClient client;
  private final ProgressBar progress;
  private int failures;

  Downloader(HttpClient client, ProgressBar progress) {
    this.client = client;
    this.progress = progress;
  }

  public static void main(String[] args) throws Exception {
    if (args.length < 2) {
      System.err.println("Usage: Downloader <folder> <url>...");
      System.exit(2);
    }
    List<URI> files = Stream.of(args).skip(1).map(URI::create).toList();
    try (HttpClient client = HttpClient.newHttpClient();
        ProgressBar progress = progressOf(files.size())) {
      var downloader = new Downloader(client, progress);
      Roost.with()
          .cancelOnShutdown(Duration.ZERO)
          .run(() -> downloader.all(files, Path.of(args[0])));
      System.out.println(files.size() + " files; " + downloader.failures() + " attempts failed");
    }
  }

  static ProgressBar progressOf(int files) {
    return new ProgressBarBuilder()
        .setTaskName("Downloading")
        .setInitialMax(files)
        .setConsumer(new ConsoleProgressBarConsumer(System.err, 100))
        .build();
  }

  void all(List<URI> files, Path folder) throws Exception {
    AsyncFiles.createDirectories(folder);
    Together.forEach(
        files,
        AT_ONCE,
        file -> {
          one(file, folder.resolve(Path.of(file.getPath()).getFileName()));
          progress.step();
        });
  }

  int failures() {
    return failures;
  }

  private void one(URI file, Path to) throws IOException, TimeoutException, InterruptedException {
    Duration pause = FIRST_PAUSE;
    for (int attempt = 1; ; attempt++) {
      try {
        CancelScope.failAfter(TIME_FOR_ONE)
            .run(() -> AsyncFiles.replacing(to).run(out -> copy(file, out)));
        return;
      } catch (IOException | TimeoutException e) {
        failures++;
        progress.setExtraMessage(failures + " failed");
        if (attempt == ATTEMPTS) {
          throw e;
        }
        Roost.sleep(pause);
        pause = pause.multipliedBy(2);
      }
    }
  }

  private void copy(URI file, AsyncFile out) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(file).build();
    HttpResponse<InputStream> response =
        Blocking.call(() -> client.send(request, BodyHandlers.ofInputStream()));
    try (InputStream body = response.body()) {
      if (response.statusCode() != 200) {
        throw new IOException(file + ": status " + response.statusCode());
      }
      byte[] buffer = new byte[64 * 1024];
      for (int count; (count = Blocking.call(() -> body.read(buffer))) >= 0; ) {
        out.write(ByteBuffer.wrap(buffer, 0, count));
      }
    }
  }
}
