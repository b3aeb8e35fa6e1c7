package dev.roost.arch;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;

/** The tests of the library modules. */
final class TestClasses implements ImportOption {
  @Override
  public boolean includes(Location location) {
    return location.contains("/test-classes/");
  }
}
