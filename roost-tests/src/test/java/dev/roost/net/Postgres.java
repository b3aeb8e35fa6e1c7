package dev.roost.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A PostgreSQL server of our own, where one is installed, with its files in the folder that it is
 * given. It does not run as root: who is root starts it as the user "nobody".
 */
final class Postgres implements AutoCloseable {

  private static final int PORTS_TO_TRY = 5;

  private final Path data;
  private final int port;

  private Postgres(Path data, int port) {
    this.data = data;
    this.port = port;
  }

  /** Whether there is one to start. */
  static boolean isInstalled() {
    return programs() != null;
  }

  /** Where Debian and the like keep what is not meant for everybody's path. */
  private static Path programs() {
    Path versions = Path.of("/usr/lib/postgresql");
    if (!Files.isDirectory(versions)) {
      return null;
    }
    try (Stream<Path> found = Files.list(versions)) {
      return found
          .map(version -> version.resolve("bin"))
          .filter(bin -> Files.isExecutable(bin.resolve("pg_ctl")))
          .max(Path::compareTo)
          .orElse(null);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Postgres start(Path folder) throws IOException, InterruptedException {
    if (isRoot()) {
      Files.setOwner(
          folder,
          folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));
    }
    Path data = folder.resolve("data");
    call("initdb", "--no-sync", "--auth=trust", "--username=roost", "-D", data.toString());
    for (int tries = 1; ; tries++) {
      int port = freePort();
      String options =
          "-F -p " + port + " -c listen_addresses=127.0.0.1 -c unix_socket_directories=''";
      try {
        call("pg_ctl", "-w", "-D", data.toString(), "-l", data + "/log", "-o", options, "start");
        return new Postgres(data, port);
      } catch (IOException e) { // somebody else may have taken the port meanwhile
        if (tries == PORTS_TO_TRY) {
          throw e;
        }
      }
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  private static void call(String program, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    if (isRoot()) {
      command.addAll(
          List.of("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "--"));
    }
    command.add(String.valueOf(programs()) + "/" + program);
    command.addAll(List.of(arguments));
    Path output = Files.createTempFile("postgres", ".log");
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(Path.of("/").toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      if (process.waitFor() != 0) {
        throw new IOException(command + ": " + Files.readString(output));
      }
    } finally {
      Files.delete(output);
    }
  }

  String url() {
    return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=roost";
  }

  @Override
  public void close() throws IOException {
    try {
      call("pg_ctl", "-w", "-D", data.toString(), "-m", "immediate", "stop");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
