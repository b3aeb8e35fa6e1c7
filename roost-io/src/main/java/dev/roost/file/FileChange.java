package dev.roost.file;

import java.nio.file.Path;

/**
 * Something that changed in a folder.
 *
 * @param kind what happened
 * @param path the file or folder, inside the folder that is watched; that folder itself if {@code
 *     kind} is {@link Kind#OVERFLOW}
 */
public record FileChange(Kind kind, Path path) {

  /** What can happen. */
  public enum Kind {
    /** It was made, or moved into the folder. */
    CREATED,
    /** Its content or its attributes were changed. */
    MODIFIED,
    /** It was removed, or moved out of the folder. */
    DELETED,
    /** So much happened that the system has forgotten some: look at the folder. */
    OVERFLOW
  }
}
