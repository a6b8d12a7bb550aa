package architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Who may see whom: section by section the rules of ARCHITECTURE.md. */
@AnalyzeClasses(
    packages = {
      "app",
      "config",
      "flows",
      "inbox",
      "ledger",
      "money",
      "outbox",
      "payments",
      "psp",
      "routes",
      "simulator",
      "store",
      "telemetry",
      "verticles"
    },
    importOptions = ImportOption.DoNotIncludeTests.class)
class DependencyRulesTest {
  private static final String JSPECIFY = "org.jspecify..";

  /** Every room below the port, whichever come; routing is not one. */
  private static final DescribedPredicate<JavaClass> AN_ADAPTER =
      resideInAPackage("psp.*..")
          .and(not(resideInAPackage("psp.routing..")))
          .as("of a PSP's adapter");

  @ArchTest
  static final ArchRule topLevelPackagesHaveNoCycles =
      slices().matching("(*)..").should().beFreeOfCycles().allowEmptyShould(true);

  @ArchTest static final ArchRule moneySeesOnlyTheJdk = sees("money", "java..");

  @ArchTest static final ArchRule configSeesOnlyTheJdk = sees("config", "java..");

  @ArchTest static final ArchRule paymentsSeesMoney = sees("payments", "java..", "money..");

  @ArchTest
  static final ArchRule ledgerSeesMoneyAndPayments =
      sees("ledger", "java..", "money..", "payments..");

  @ArchTest
  static final ArchRule theCoreDoesNoInputOrOutput =
      noClasses()
          .that()
          .resideInAnyPackage("money..", "payments..", "ledger..", "config..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.vertx..", "java.net.http..", "java.sql..", "java.nio.channels..")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule storeSeesOnlyTheCore =
      noClasses()
          .that()
          .resideInAPackage("store..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "app..",
              "flows..",
              "inbox..",
              "outbox..",
              "psp..",
              "routes..",
              "simulator..",
              "verticles..",
              "io.vertx.ext.web..")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule flowsKnowNeitherHttpNorADialect =
      noClasses()
          .that()
          .resideInAPackage("flows..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "app..",
              "routes..",
              "simulator..",
              "verticles..",
              "io.vertx.core.http..",
              "io.vertx.ext.web..",
              "io.vertx.sqlclient..",
              "io.vertx.pgclient..",
              "java.net.http..",
              "java.sql..",
              "com.stripe..")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule pspPortAndAdaptersSeeOnlyMoneyAndTheRecordsOfPayments =
      noClasses()
          .that()
          .resideInAPackage("psp..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "app..",
              "config..",
              "flows..",
              "inbox..",
              "ledger..",
              "outbox..",
              "routes..",
              "simulator..",
              "store..",
              "verticles..",
              "io.vertx.ext.web..",
              "io.vertx.sqlclient..",
              "io.vertx.pgclient..",
              "java.sql..")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule onlyAppKnowsAdapters =
      noClasses()
          .that(not(AN_ADAPTER))
          .and()
          .resideOutsideOfPackage("app..")
          .should()
          .dependOnClassesThat(AN_ADAPTER)
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule adaptersNeverSeeEachOther =
      slices().matching("psp.(*)..").should().notDependOnEachOther().allowEmptyShould(true);

  @ArchTest
  static final ArchRule onlyTheEdgesSpeakHttp =
      only("io.vertx.ext.web..", "routes..", "verticles..", "simulator..");

  @ArchTest
  static final ArchRule onlyTheStoreSpeaksSql =
      noClasses()
          .that()
          .resideOutsideOfPackages("store..", "app..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.vertx.sqlclient..", "io.vertx.pgclient..", "java.sql..", "org.flywaydb..")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule onlyTheStripeAdapterKnowsStripeJava = only("com.stripe..", "psp.stripe..");

  @ArchTest
  static final ArchRule theSimulatorSharesNothingWithTheGateway =
      noClasses()
          .that()
          .resideInAPackage("simulator..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "app..",
              "config..",
              "flows..",
              "inbox..",
              "ledger..",
              "money..",
              "outbox..",
              "payments..",
              "psp..",
              "routes..",
              "store..",
              "telemetry..",
              "verticles..")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule onlyDevelopmentStartsTheSimulatorTheEmbeddedDatabaseAndTheEmbeddedKafka =
      noClasses()
          .that()
          .resideOutsideOfPackages("simulator..", "app.development..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "simulator..",
              "io.zonky..",
              "app.development..",
              "kafka..",
              "org.apache.kafka.controller..",
              "org.apache.kafka.metadata..",
              "org.apache.kafka.raft..",
              "org.apache.kafka.server..",
              "org.apache.kafka.storage..")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule onlyTheOutboxSpeaksKafka =
      noClasses()
          .that()
          .resideOutsideOfPackages("outbox..", "app.development..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.kafka..", "io.vertx.kafka..")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule nothingDependsOnApp =
      noClasses()
          .that()
          .resideOutsideOfPackage("app..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("app..")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule routesParseSendAndRender =
      noClasses()
          .that()
          .resideInAPackage("routes..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("app..", "store..", "verticles..", "simulator..")
          .allowEmptyShould(true);

  private static ArchRule sees(String name, String... others) {
    String[] allowed = new String[others.length + 2];
    System.arraycopy(others, 0, allowed, 0, others.length);
    allowed[others.length] = name + "..";
    allowed[others.length + 1] = JSPECIFY;
    return classes()
        .that()
        .resideInAPackage(name + "..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(allowed)
        .allowEmptyShould(true);
  }

  private static ArchRule only(String library, String... users) {
    return noClasses()
        .that()
        .resideOutsideOfPackages(users)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library)
        .allowEmptyShould(true);
  }
}
