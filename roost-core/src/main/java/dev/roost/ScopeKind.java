package dev.roost;

/** How a scope was made, as its messages say it. */
enum ScopeKind {
  CREATE("CancelScope.create()"),
  MOVE_ON("CancelScope.moveOnAfter"),
  MOVE_ON_AT("CancelScope.moveOnAt"),
  FAIL("CancelScope.failAfter"),
  FAIL_AT("CancelScope.failAt"),
  CLEANUP("CancelScope.cleanup"),
  UNTIL_STOPPING("CancelScope.untilStopping()"),
  NURSERY("the nursery"),
  SERVICES("the children of a service nursery"),
  STARTING("Nursery.startAndWait"),
  PORTAL("the call through a portal"),
  SYSTEM("the calls through portals"),
  RUN("the run");

  final String text;

  ScopeKind(String text) {
    this.text = text;
  }
}
