package dev.roost.examples;

import java.util.HashMap;
import java.util.Map;

/** Colours for a terminal, or none. */
final class Palette {

  /** Cyan, magenta, blue and the like: not the colours of good and bad news. */
  private static final int[] NAMES = {36, 35, 34, 96, 95, 94, 37};

  private final Map<String, Integer> colours = new HashMap<>();
  private final boolean on;

  Palette(boolean on) {
    this.on = on;
  }

  /** Colours if somebody looks at them: standard output is a terminal, and NO_COLOR is not set. */
  @SuppressWarnings("SystemConsoleNull") // from JDK 25 on it is null again where there is none
  static Palette ofStandardOutput() {
    String noColour = System.getenv("NO_COLOR");
    boolean terminal = System.console() != null && System.console().isTerminal();
    return new Palette(terminal && (noColour == null || noColour.isEmpty()));
  }

  /** A text in the colour of a name: names take turns as they first come, and keep their colour. */
  String named(String name, String text) {
    int colour = colours.computeIfAbsent(name, _ -> colours.size());
    return paint(NAMES[colour % NAMES.length], text);
  }

  String title(String text) {
    return paint(1, text);
  }

  String dim(String text) {
    return paint(2, text);
  }

  String good(String text) {
    return paint(32, text);
  }

  String warm(String text) {
    return paint(33, text);
  }

  String bad(String text) {
    return paint(31, text);
  }

  private String paint(int code, String text) {
    return on ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }
}
