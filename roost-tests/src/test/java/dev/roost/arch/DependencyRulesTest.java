package dev.roost.arch;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.stream.Stream;

/** Who may depend on whom. Each rule lists all that a package may see of Roost. */
@AnalyzeClasses(packages = "dev.roost", importOptions = LibraryClasses.class)
class DependencyRulesTest {

  /** The packages that roost-core exports. */
  private static final List<String> CORE =
      List.of("dev.roost", "dev.roost.lowlevel", "dev.roost.sync", "dev.roost.channel");

  private static final List<String> IO =
      List.of("dev.roost.io", "dev.roost.net", "dev.roost.file", "dev.roost.process");

  @ArchTest static final ArchRule internal_depends_on_nothing_of_roost = only("dev.roost.internal");

  @ArchTest
  static final ArchRule the_model_depends_on_internal = only("dev.roost", "dev.roost.internal");

  @ArchTest
  static final ArchRule lowlevel_depends_on_the_model_and_internal =
      only("dev.roost.lowlevel", "dev.roost", "dev.roost.internal");

  /** This proves that the public surface suffices to write primitives. */
  @ArchTest
  static final ArchRule sync_is_built_on_the_public_surface =
      only("dev.roost.sync", "dev.roost", "dev.roost.lowlevel");

  /** This proves that the public surface suffices to write primitives. */
  @ArchTest
  static final ArchRule channel_is_built_on_the_public_surface =
      only("dev.roost.channel", "dev.roost", "dev.roost.lowlevel");

  @ArchTest
  static final ArchRule io_sees_what_core_exports =
      classes()
          .that(areIn(IO))
          .should()
          .onlyDependOnClassesThat(areIn(CORE).or(areIn(IO)).or(areForeign()))
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule testing_sees_core_and_io =
      classes()
          .that(areIn(List.of("dev.roost.testing")))
          .should()
          .onlyDependOnClassesThat(
              areIn(List.of("dev.roost.testing", "dev.roost.internal"))
                  .or(areIn(CORE))
                  .or(areIn(IO))
                  .or(areForeign()))
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule nothing_depends_on_junit =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.roost.junit..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.roost.junit..")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule no_package_cycles =
      slices().matching("dev.(**)").should().beFreeOfCycles().allowEmptyShould(true);

  private static ArchRule only(String subject, String... others) {
    var allowed = Stream.concat(Stream.of(subject), Stream.of(others)).toList();
    return classes()
        .that(areIn(List.of(subject)))
        .should()
        .onlyDependOnClassesThat(areIn(allowed).or(areForeign()))
        .allowEmptyShould(true);
  }

  private static DescribedPredicate<JavaClass> areIn(List<String> packages) {
    return describe(
        "are in " + String.join(", ", packages), c -> packages.contains(c.getPackageName()));
  }

  /** The JDK, and what a module's descriptor requires of others. */
  private static DescribedPredicate<JavaClass> areForeign() {
    return describe("are not Roost's", c -> !isRoost(c.getPackageName()));
  }

  private static boolean isRoost(String name) {
    return name.equals("dev.roost") || name.startsWith("dev.roost.");
  }
}
