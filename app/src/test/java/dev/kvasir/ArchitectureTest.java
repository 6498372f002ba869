package dev.kvasir;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.concurrent.TimeUnit;

/** The architecture, as rules a build can break on. */
@AnalyzeClasses(packages = "dev.kvasir", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

  private static final String[] PURE = {
    "dev.kvasir.label..",
    "dev.kvasir.metric..",
    "dev.kvasir.producer.arrival..",
    "dev.kvasir.producer.exchange..",
    "dev.kvasir.producer.launch..",
    "dev.kvasir.producer.plan..",
    "dev.kvasir.producer.spread..",
    "dev.kvasir.producer.sse..",
    "dev.kvasir.producer.verdict..",
    "dev.kvasir.producer.workload..",
    "dev.kvasir.simulator.engine..",
    "dev.kvasir.sink.imports..",
    "dev.kvasir.sink.question..",
    "dev.kvasir.sink.statistics..",
    "dev.kvasir.streams.alert..",
    "dev.kvasir.streams.pane..",
    "dev.kvasir.streams.window.."
  };

  @ArchTest
  static final ArchRule modules_meet_only_in_topics =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("contract")
          .definedBy(
              "dev.kvasir.event..",
              "dev.kvasir.label..",
              "dev.kvasir.metric..",
              "dev.kvasir.time..",
              "dev.kvasir.topic..")
          .layer("broker")
          .definedBy("dev.kvasir.broker..")
          .layer("producer")
          .definedBy("dev.kvasir.producer..")
          .layer("streams")
          .definedBy("dev.kvasir.streams..")
          .layer("sink")
          .definedBy("dev.kvasir.sink..")
          .layer("simulator")
          .definedBy("dev.kvasir.simulator..")
          .layer("app")
          .definedBy("dev.kvasir.app..")
          .whereLayer("app")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("contract")
          .mayOnlyBeAccessedByLayers("producer", "streams", "sink", "app")
          .whereLayer("broker")
          .mayOnlyBeAccessedByLayers("app")
          .whereLayer("simulator")
          .mayOnlyBeAccessedByLayers("app")
          .whereLayer("producer")
          .mayOnlyBeAccessedByLayers("app")
          .whereLayer("streams")
          .mayOnlyBeAccessedByLayers("app")
          .whereLayer("sink")
          .mayOnlyBeAccessedByLayers("app");

  @ArchTest
  static final ArchRule packages_form_no_cycles =
      slices().matching("dev.kvasir.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule the_core_is_pure =
      noClasses()
          .that()
          .resideInAnyPackage(PURE)
          .and()
          .doNotHaveFullyQualifiedName("dev.kvasir.producer.workload.DatasetFolder")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                      "io.vertx..",
                      "io.netty..",
                      "org.apache.kafka..",
                      "java.sql..",
                      "java.net..",
                      "java.nio.file..",
                      "java.util.concurrent..",
                      "org.slf4j..")
                  .and(not(assignableTo(URI.class)))
                  .and(not(assignableTo(URISyntaxException.class)))
                  .and(not(assignableTo(TimeUnit.class))));

  @ArchTest
  static final ArchRule only_the_time_package_reads_machine_clocks =
      noClasses()
          .that()
          .resideOutsideOfPackages("dev.kvasir.time..", "dev.kvasir.simulator.server..")
          .should()
          .accessTargetWhere(reaches("java.lang.System", "nanoTime|currentTimeMillis"))
          .orShould()
          .accessTargetWhere(
              reaches("java.time.*", "now|system|systemUTC|systemDefaultZone|tick.*"))
          .orShould()
          .accessTargetWhere(reaches("java.lang.Thread", "sleep"));

  @ArchTest
  static final ArchRule randomness_is_seeded =
      noClasses()
          .should()
          .accessTargetWhere(reaches("java.util.Random", "<init>"))
          .orShould()
          .accessTargetWhere(reaches("java.lang.Math", "random"))
          .orShould()
          .accessTargetWhere(reaches("java.util.UUID", "randomUUID"))
          .orShould()
          .accessTargetWhere(reaches("java.util.concurrent.ThreadLocalRandom", "current"));

  @ArchTest
  static final ArchRule names_say_what_things_are =
      noClasses()
          .should()
          .haveNameMatching(".*(Utils?|Helpers?|Manager|Impl|Constants)")
          .orShould()
          .resideInAnyPackage("..util..", "..utils..", "..common..", "..helper..", "..misc..");

  @ArchTest
  static final ArchRule only_the_app_prints =
      noClasses().that().resideOutsideOfPackage("dev.kvasir.app..").should(ACCESS_STANDARD_STREAMS);

  @ArchTest
  static final ArchRule public_is_earned =
      classes()
          .that()
          .areTopLevelClasses()
          .and()
          .arePublic()
          .and()
          .resideOutsideOfPackages("dev.kvasir.event..", "dev.kvasir.metric..")
          .and()
          .doNotHaveFullyQualifiedName("dev.kvasir.app.Main")
          .and()
          .doNotHaveFullyQualifiedName("dev.kvasir.app.child.Child")
          // Used by the benchmarks, which are not scanned.
          .and()
          .doNotHaveFullyQualifiedName("dev.kvasir.producer.calibration.StampingTrial")
          .should(beUsedFromAnotherPackage());

  /** A rule over an empty scan passes; this one fails instead. */
  @ArchTest
  static void the_scan_is_not_empty(JavaClasses classes) {
    if (classes.size() < 200) {
      throw new AssertionError("scanned only " + classes.size() + " classes");
    }
  }

  /** Matches calls and method references alike: {@code callMethod} would miss the latter. */
  private static DescribedPredicate<JavaAccess<?>> reaches(String owner, String member) {
    return describe(
        owner + "#" + member,
        access ->
            access.getTargetOwner().getFullName().matches(owner)
                && access.getTarget().getName().matches(member));
  }

  /**
   * A type is used elsewhere if it, or a type nested in it, is named there, if it is thrown across
   * packages, or if a public method that others call takes or gives it.
   */
  private static ArchCondition<JavaClass> beUsedFromAnotherPackage() {
    return new ArchCondition<>("be used from another package") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        if (!isNamedElsewhere(type) && !isException(type) && !isInPublicSignature(type)) {
          events.add(
              SimpleConditionEvent.violated(
                  type, type.getName() + " is used only in its own package: drop `public`"));
        }
      }
    };
  }

  private static boolean isNamedElsewhere(JavaClass type) {
    return type.getPackage().getClasses().stream()
        .filter(each -> each.equals(type) || each.getName().startsWith(type.getName() + "$"))
        .flatMap(each -> each.getDirectDependenciesToSelf().stream())
        .map(dependency -> dependency.getOriginClass().getPackageName())
        .anyMatch(origin -> !origin.equals(type.getPackageName()));
  }

  private static boolean isException(JavaClass type) {
    return type.isAssignableTo(Exception.class);
  }

  private static boolean isInPublicSignature(JavaClass type) {
    return type.getPackage().getClasses().stream()
        .filter(each -> !each.equals(type) && each.getModifiers().contains(JavaModifier.PUBLIC))
        .flatMap(each -> each.getCodeUnits().stream())
        .filter(each -> each.getModifiers().contains(JavaModifier.PUBLIC))
        .anyMatch(each ->
            each.getReturnType().getAllInvolvedRawTypes().contains(type)
                || each.getParameterTypes().stream()
                    .anyMatch(given -> given.getAllInvolvedRawTypes().contains(type)));
  }
}
