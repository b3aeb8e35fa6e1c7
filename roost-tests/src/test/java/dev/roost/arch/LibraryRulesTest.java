package dev.roost.arch;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.USE_JAVA_UTIL_LOGGING;
import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.TreeSet;
import org.jspecify.annotations.NullMarked;

/** What holds for every class that the library modules publish. */
@AnalyzeClasses(packages = "dev.roost", importOptions = LibraryClasses.class)
class LibraryRulesTest {

  @ArchTest
  static final ArchRule nothing_is_printed =
      noClasses()
          .should(ACCESS_STANDARD_STREAMS)
          .orShould()
          .dependOnClassesThat()
          .belongToAnyOf(IO.class)
          .because("a library leaves the console to the program")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule logging_is_the_platforms =
      noClasses()
          .should(USE_JAVA_UTIL_LOGGING)
          .because("System.Logger goes wherever the program's log goes")
          .allowEmptyShould(true);

  /** Modules alone would not do: on the class path nobody sees their annotations. */
  @ArchTest
  static void every_package_is_null_marked(JavaClasses library) {
    var unmarked =
        library.stream()
            .map(JavaClass::getPackage)
            .filter(p -> !p.isAnnotatedWith(NullMarked.class))
            .map(JavaPackage::getName)
            .collect(toCollection(TreeSet::new));
    assertThat(unmarked).as("packages without @NullMarked in a package-info.java").isEmpty();
  }
}
