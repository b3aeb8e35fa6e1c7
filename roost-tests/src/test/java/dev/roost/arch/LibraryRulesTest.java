package dev.roost.arch;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.USE_JAVA_UTIL_LOGGING;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
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
  static final ArchRule every_package_is_null_marked =
      classes().should(liveInANullMarkedPackage()).allowEmptyShould(true);

  private static ArchCondition<JavaClass> liveInANullMarkedPackage() {
    return new ArchCondition<>("live in a package with a @NullMarked package-info.java") {
      @Override
      public void check(JavaClass c, ConditionEvents events) {
        boolean marked = c.getPackage().isAnnotatedWith(NullMarked.class);
        events.add(
            new SimpleConditionEvent(
                c, marked, c.getName() + " lives in a package that is not @NullMarked"));
      }
    };
  }
}
