package dev.roost.process;

import java.util.List;
import java.util.stream.Collectors;

/** How commands and what they wrote are shown in messages. */
final class Words {

  private static final int LONGEST = 200;
  private static final int TAIL = 2000;

  private Words() {}

  /** As it would be typed into a shell, cut if it is very long. */
  static String shown(List<String> command) {
    String all = command.stream().map(Words::quoted).collect(Collectors.joining(" "));
    return all.length() <= LONGEST ? all : all.substring(0, LONGEST) + " …";
  }

  private static String quoted(String word) {
    boolean plain =
        !word.isEmpty()
            && word.chars()
                .allMatch(c -> Character.isLetterOrDigit(c) || "-_./=:,@%+".indexOf(c) >= 0);
    return plain ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  /** The last lines of a text. */
  static String tail(String text) {
    String stripped = text.strip();
    return stripped.length() <= TAIL
        ? stripped
        : "… " + stripped.substring(stripped.length() - TAIL);
  }
}
