package dev.roost.examples;

import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.channel.MemoryChannel;
import dev.roost.channel.ReceiveChannel;
import dev.roost.channel.SendChannel;
import dev.roost.io.BufferedStream;
import dev.roost.io.SendStream;
import dev.roost.net.Serve;
import dev.roost.net.TcpListener;
import dev.roost.net.TcpStream;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A chat: {@code ./roost run ChatServer 7777}, and for everybody {@code nc localhost 7777}. The
 * first line is a name, and all others go to all.
 *
 * <p>Everybody has a task that reads and one that writes. Between them is a channel of limited
 * capacity: who does not keep up for so many lines is sent away, and holds up nobody.
 */
public final class ChatServer {

  private static final int LONGEST_LINE = 1_000;
  private static final int MOST_LINES_BEHIND = 1_000;
  private static final Duration TO_READ_THE_REST = Duration.ofSeconds(5);

  /** Without a lock: between two checkpoints nobody else runs. */
  private final Set<Member> members = new LinkedHashSet<>();

  private record Member(String name, SendChannel<String> lines, Nursery tasks) {}

  private ChatServer() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    int port = args.length == 0 ? 7777 : Integer.parseInt(args[0]);
    Roost.with().cancelOnShutdown(Duration.ofSeconds(1)).run(() -> new ChatServer().serve(port));
  }

  private void serve(int port) throws IOException, InterruptedException {
    try (TcpListener listener = TcpListener.open(port)) {
      System.out.println("listening on " + listener.localAddress().getPort());
      Serve.onHandlerError(e -> System.out.println("lost somebody: " + e.getMessage()))
          .listeners(List.of(listener), this::talk);
    }
  }

  private void talk(TcpStream stream) throws IOException, InterruptedException {
    BufferedStream input = new BufferedStream(stream);
    Optional<String> name = input.readLineOrEnd(LONGEST_LINE);
    if (name.isEmpty()) {
      return;
    }
    MemoryChannel.Ends<String> lines = MemoryChannel.open(MOST_LINES_BEHIND);
    Nursery.run(tasks -> {
      tasks.start("lines to " + name.get(), () -> write(lines.receiver(), stream));
      Member member = new Member(name.get(), lines.sender(), tasks);
      members.add(member);
      tell("* " + member.name() + " is here");
      try {
        read(input, member);
      } finally {
        members.remove(member);
        lines.sender().close(); // what he has said last still goes out to him
        tasks.cancelScope().setTimeout(TO_READ_THE_REST);
        tell("* " + member.name() + " has left");
      }
    });
  }

  private void read(BufferedStream input, Member member) throws IOException, InterruptedException {
    Optional<String> line = input.readLineOrEnd(LONGEST_LINE);
    while (line.isPresent()) {
      tell(member.name() + ": " + line.get());
      line = input.readLineOrEnd(LONGEST_LINE);
    }
  }

  private static void write(ReceiveChannel<String> lines, SendStream stream)
      throws IOException, InterruptedException {
    lines.forEach(line -> stream.sendAll(line + "\n"));
  }

  /** No checkpoint: it waits for nobody. */
  private void tell(String line) {
    for (Member member : List.copyOf(members)) {
      if (!member.lines().sendNow(line)) {
        System.out.println(member.name() + " is too slow");
        members.remove(member);
        member.tasks().cancel();
      }
    }
  }
}
