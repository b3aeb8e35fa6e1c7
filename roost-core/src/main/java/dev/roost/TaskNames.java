package dev.roost;

/** Names for tasks that were given none: the class in which the body was written. */
final class TaskNames {

  private TaskNames() {}

  static String of(Object body) {
    if (body instanceof Wrapping wrapping) {
      return of(wrapping.wrapped());
    }
    String name = body.getClass().getName();
    int lambda = name.indexOf("$$Lambda");
    String type = lambda < 0 ? name : name.substring(0, lambda);
    return type.substring(type.lastIndexOf('.') + 1);
  }
}
