package dev.roost.internal;

import java.util.Arrays;

/**
 * Makes sure that there is room on the stack before something is begun that must not break off in
 * the middle. Where there is none, {@link StackOverflowError} is thrown while nothing has happened
 * yet, and is an error of the task like any other; a queue or a tree that was changed by half would
 * be the end of the run.
 *
 * <p>How it works: a method with as many variables as this one has a big frame, and the JVM looks
 * whether a frame fits before it enters the method. It has to use all of them at the same time, or
 * the compiler would do without them; once in a thousand calls is enough for that. So a look costs
 * a few nanoseconds a frame of about 1.5 KB (3.7 KB as long as it is interpreted, when the engine's
 * own frames are bigger too).
 *
 * <p>This holds for calls that lead into the engine. What no look can foresee is how much the JDK
 * needs to take a deep stack off its carrier: see {@link Fiber#awaitBaton}.
 */
public final class StackRoom {

  private static final int FRAMES_FOR_A_CHANGE = 1;
  private static final int FRAMES_FOR_A_SWITCH = 4;
  private static final int FRAMES_FOR_A_WAIT = FRAMES_FOR_A_SWITCH + 1;
  private static final int USE_MASK = (1 << 10) - 1;

  /** Always zero, which the compiler must not know. */
  private static volatile long source;

  private StackRoom() {}

  /** Room to enter and leave a scope, to start a child, to wake somebody. */
  public static void forAChange(Fiber by) {
    int _ = look(FRAMES_FOR_A_CHANGE, ++by.looks);
  }

  /**
   * Room for a whole step of the scheduler: timers, cancellation, and the hand-over to another
   * task.
   */
  public static void forASwitch(Fiber by) {
    int _ = look(FRAMES_FOR_A_SWITCH, ++by.looks);
  }

  /**
   * Room to get in line for something and then to wait for it. To be asked for before anything is
   * changed: {@link Fiber#suspend} does not ask again then, when it would be too late.
   */
  public static void forAWait(Fiber by) {
    int _ = look(FRAMES_FOR_A_WAIT, ++by.looks);
    by.hasRoomToWait = true;
  }

  private static int look(int left, int count) {
    if ((count & USE_MASK) == 0) {
      long a0 = source;
      long a1 = source;
      long a2 = source;
      long a3 = source;
      long a4 = source;
      long a5 = source;
      long a6 = source;
      long a7 = source;
      long a8 = source;
      long a9 = source;
      long a10 = source;
      long a11 = source;
      long a12 = source;
      long a13 = source;
      long a14 = source;
      long a15 = source;
      long a16 = source;
      long a17 = source;
      long a18 = source;
      long a19 = source;
      long a20 = source;
      long a21 = source;
      long a22 = source;
      long a23 = source;
      long a24 = source;
      long a25 = source;
      long a26 = source;
      long a27 = source;
      long a28 = source;
      long a29 = source;
      long a30 = source;
      long a31 = source;
      long a32 = source;
      long a33 = source;
      long a34 = source;
      long a35 = source;
      long a36 = source;
      long a37 = source;
      long a38 = source;
      long a39 = source;
      long a40 = source;
      long a41 = source;
      long a42 = source;
      long a43 = source;
      long a44 = source;
      long a45 = source;
      long a46 = source;
      long a47 = source;
      long a48 = source;
      long a49 = source;
      long a50 = source;
      long a51 = source;
      long a52 = source;
      long a53 = source;
      long a54 = source;
      long a55 = source;
      long a56 = source;
      long a57 = source;
      long a58 = source;
      long a59 = source;
      long a60 = source;
      long a61 = source;
      long a62 = source;
      long a63 = source;
      long a64 = source;
      long a65 = source;
      long a66 = source;
      long a67 = source;
      long a68 = source;
      long a69 = source;
      long a70 = source;
      long a71 = source;
      long a72 = source;
      long a73 = source;
      long a74 = source;
      long a75 = source;
      long a76 = source;
      long a77 = source;
      long a78 = source;
      long a79 = source;
      long a80 = source;
      long a81 = source;
      long a82 = source;
      long a83 = source;
      long a84 = source;
      long a85 = source;
      long a86 = source;
      long a87 = source;
      long a88 = source;
      long a89 = source;
      long a90 = source;
      long a91 = source;
      long a92 = source;
      long a93 = source;
      long a94 = source;
      long a95 = source;
      long a96 = source;
      long a97 = source;
      long a98 = source;
      long a99 = source;
      long a100 = source;
      long a101 = source;
      long a102 = source;
      long a103 = source;
      long a104 = source;
      long a105 = source;
      long a106 = source;
      long a107 = source;
      long a108 = source;
      long a109 = source;
      long a110 = source;
      long a111 = source;
      long a112 = source;
      long a113 = source;
      long a114 = source;
      long a115 = source;
      long a116 = source;
      long a117 = source;
      long a118 = source;
      long a119 = source;
      long a120 = source;
      long a121 = source;
      long a122 = source;
      long a123 = source;
      long a124 = source;
      long a125 = source;
      long a126 = source;
      long a127 = source;
      long a128 = source;
      long a129 = source;
      long a130 = source;
      long a131 = source;
      long a132 = source;
      long a133 = source;
      long a134 = source;
      long a135 = source;
      long a136 = source;
      long a137 = source;
      long a138 = source;
      long a139 = source;
      long a140 = source;
      long a141 = source;
      long a142 = source;
      long a143 = source;
      long a144 = source;
      long a145 = source;
      long a146 = source;
      long a147 = source;
      long a148 = source;
      long a149 = source;
      long a150 = source;
      long a151 = source;
      long a152 = source;
      long a153 = source;
      long a154 = source;
      long a155 = source;
      long a156 = source;
      long a157 = source;
      long a158 = source;
      long a159 = source;
      long a160 = source;
      long a161 = source;
      long a162 = source;
      long a163 = source;
      long a164 = source;
      long a165 = source;
      long a166 = source;
      long a167 = source;
      long a168 = source;
      long a169 = source;
      long a170 = source;
      long a171 = source;
      long a172 = source;
      long a173 = source;
      long a174 = source;
      long a175 = source;
      long a176 = source;
      long a177 = source;
      long a178 = source;
      long a179 = source;
      long a180 = source;
      long a181 = source;
      long a182 = source;
      long a183 = source;
      long a184 = source;
      long a185 = source;
      long a186 = source;
      long a187 = source;
      long a188 = source;
      long a189 = source;
      long a190 = source;
      long a191 = source;
      long a192 = source;
      long a193 = source;
      long a194 = source;
      long a195 = source;
      long a196 = source;
      long a197 = source;
      long a198 = source;
      long a199 = source;
      long[] all = {
        a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16, a17, a18, a19,
        a20, a21, a22, a23, a24, a25, a26, a27, a28, a29, a30, a31, a32, a33, a34, a35, a36, a37,
        a38, a39, a40, a41, a42, a43, a44, a45, a46, a47, a48, a49, a50, a51, a52, a53, a54, a55,
        a56, a57, a58, a59, a60, a61, a62, a63, a64, a65, a66, a67, a68, a69, a70, a71, a72, a73,
        a74, a75, a76, a77, a78, a79, a80, a81, a82, a83, a84, a85, a86, a87, a88, a89, a90, a91,
        a92, a93, a94, a95, a96, a97, a98, a99, a100, a101, a102, a103, a104, a105, a106, a107,
        a108, a109, a110, a111, a112, a113, a114, a115, a116, a117, a118, a119, a120, a121, a122,
        a123, a124, a125, a126, a127, a128, a129, a130, a131, a132, a133, a134, a135, a136, a137,
        a138, a139, a140, a141, a142, a143, a144, a145, a146, a147, a148, a149, a150, a151, a152,
        a153, a154, a155, a156, a157, a158, a159, a160, a161, a162, a163, a164, a165, a166, a167,
        a168, a169, a170, a171, a172, a173, a174, a175, a176, a177, a178, a179, a180, a181, a182,
        a183, a184, a185, a186, a187, a188, a189, a190, a191, a192, a193, a194, a195, a196, a197,
        a198, a199
      };
      return Arrays.hashCode(all);
    }
    return left == 0 ? count : look(left - 1, count) + 1;
  }
}
