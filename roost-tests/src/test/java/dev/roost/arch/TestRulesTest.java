package dev.roost.arch;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Disabled;

/** What holds for the tests themselves. */
@AnalyzeClasses(packages = "dev.roost", importOptions = TestClasses.class)
class TestRulesTest {

  @ArchTest
  static final ArchRule no_test_sleeps =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName("dev.roost.BlockingPeersTest") // interrupts a sleep
          .should()
          .callMethodWhere(sleepOf(Thread.class).or(sleepOf(TimeUnit.class)))
          .because("a test that sleeps is slow, and fails on a busy machine: use a MockClock");

  @ArchTest
  static final ArchRule no_test_is_disabled =
      noMethods()
          .should()
          .beAnnotatedWith(Disabled.class)
          .orShould()
          .beDeclaredInClassesThat()
          .areAnnotatedWith(Disabled.class)
          .because("a disabled test protects nothing: mend it or remove it");

  private static DescribedPredicate<JavaCall<?>> sleepOf(Class<?> type) {
    return target(owner(JavaClass.Predicates.type(type))).and(target(name("sleep")));
  }
}
