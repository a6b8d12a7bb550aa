package config;

import static config.Samples.map;
import static config.Samples.production;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsReaderTest {

  @Test
  void argumentsWinOverTheEnvironmentAndTheEnvironmentOverTheFile() {
    Map<String, Object> file = production();
    file.put("api", map("port", 1, "instances", 1, "max-body-bytes", 2000));

    ApiSettings api =
        read(file, Map.of("SLUICE_API_PORT", "2", "SLUICE_API_INSTANCES", "2"), "--api.port=3")
            .api();

    assertThat(api.port()).isEqualTo(3);
    assertThat(api.instances()).isEqualTo(2);
    assertThat(api.maxBodyBytes()).isEqualTo(2000);
  }

  @Test
  void everyPropertyOutsideListsHasItsOwnEnvironmentVariable() {
    List<String> variables =
        Schema.properties().values().stream()
            .filter(property -> !property.fileOnly())
            .map(Schema.Property::environmentVariable)
            .toList();

    assertThat(variables).doesNotHaveDuplicates().contains("SLUICE_DATABASE_URL", "SLUICE_MODE");
  }

  @Test
  void fileTakesReferencesToTheEnvironmentAndDoubledDollarsAsDollars() {
    Map<String, Object> file = production();
    file.put("database.password", "a$$b${APP_PASSWORD}$c");

    assertThat(read(file, Map.of()).database().password().value()).isEqualTo("a$bapp-password$c");
  }

  @Test
  void dottedAndNestedNamesMayBeMixedInAFile() {
    Map<String, Object> file = production();
    file.put("api", map("port", 1));
    file.put("api.instances", 4);

    assertThat(read(file, Map.of()).api().port()).isEqualTo(1);
    assertThat(read(file, Map.of()).api().instances()).isEqualTo(4);
  }

  @ParameterizedTest
  @CsvSource({
    "https://pay.example.com, ''",
    "https://pay.example.com:8443/sluice/, ''",
    "http://pay.example.com, api.public-url must be https in mode production",
    "pay.example.com, api.public-url must look like https://pay.example.com",
    "https://pay.example.com?a=b, api.public-url must look like https://pay.example.com",
  })
  void takesAPublicUrlThatBrowsersCanReach(String url, String problem) {
    List<String> problems =
        problem.isEmpty() ? List.of() : problems(production(), Map.of(), "--api.public-url=" + url);
    if (problem.isEmpty()) {
      assertThat(
              SettingsReader.read(
                      production(), Samples.ENVIRONMENT, List.of("--api.public-url=" + url))
                  .api()
                  .publicUrl())
          .hasToString(url);
    } else {
      assertThat(problems).containsExactly(problem);
    }
  }

  @Test
  void tellsAllProblemsAtOnce() {
    Map<String, Object> file = production();
    file.remove("merchants");
    file.put("api", map("prot", 8080, "port", "many"));
    file.put("database", map("url", "postgresql://db.internal/sluice"));

    assertThat(problems(file, Map.of("SLUICE_OPS_PROT", "1"), "--recovery.batch-size=0", "stray"))
        .containsExactlyInAnyOrder(
            "api.prot is not a property; did you mean api.port?",
            "api.port is \"many\", must be a whole number",
            "database.password is missing",
            "database.migrator-password is needed while database.migrate is true",
            "environment variable SLUICE_OPS_PROT sets no property; did you mean SLUICE_OPS_PORT?",
            "recovery.batch-size is \"0\", must be a whole number from 1 to 10000",
            "argument 2 must look like --property=value",
            "merchants must name at least one merchant");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--api.port=70000|api.port is \"70000\", must be a whole number from 0 to 65535",
        "--timeouts.edge=30|timeouts.edge is \"30\", must be a duration such as 500ms, 30s, 10m,"
            + " 24h",
        "--timeouts.edge=0s|timeouts.edge is \"0s\", must be above zero",
        "--mode=prod|mode is \"prod\", must be one of development, test, production",
        "--database.migrate=yes|database.migrate is \"yes\", must be true or false",
        "--database.url=postgresql://db|database.url must look like"
            + " postgresql://host:5432/database",
        "--recovery.schedule=5s,1s|recovery.schedule must not have a delay that is shorter than the"
            + " one before it",
        "--merchants=acme|merchants must be a list, which only the configuration file can hold",
        "--api=here|api must be a group of properties",
        "--database.ssl-mode=verify-full|database.ssl-root-certificate is needed with this"
            + " database.ssl-mode",
        "--timeouts.psp-call=25s|timeouts.psp-call is 25s and must be shorter than"
            + " timeouts.breaker, which is 24s",
        "--timeouts.breaker=28s --routing.max-attempts=1|timeouts.breaker is 28s and must be"
            + " shorter than timeouts.event-bus-reply, which is 28s",
        "--timeouts.event-bus-reply=1m|timeouts.event-bus-reply is 1m and must be shorter than"
            + " timeouts.edge, which is 30s",
        "--timeouts.psp-connect=20s|timeouts.psp-connect is 20s and must be shorter than"
            + " timeouts.psp-call, which is 20s",
        "--timeouts.database-statement=40s|timeouts.database-statement is 40s and must be shorter"
            + " than timeouts.event-bus-reply, which is 28s",
        "--routing.time-limit=28s|routing.time-limit must be shorter than timeouts.event-bus-reply",
        "--routing.time-limit=24s|routing.time-limit must be longer than timeouts.breaker, or no"
            + " other account is ever asked; with routing.max-attempts 1 none is",
        "--outbox.retention=2d|outbox.retention must not be shorter than deliveries.give-up-after",
        "--kafka.security-protocol=tls|kafka.security-protocol is \"tls\", must be one of"
            + " plaintext, ssl, sasl-ssl, sasl-plaintext",
        "--kafka.sasl-password=p|kafka.sasl-password is not used with this kafka.security-protocol",
        "--kafka.sasl-user=u|kafka.sasl-user is not used with this kafka.security-protocol",
        "--kafka.ca-certificate=pom.xml|kafka.ca-certificate is not used with this"
            + " kafka.security-protocol",
        "--kafka.ca-certificate=/no/such.pem --kafka.security-protocol=ssl|kafka.ca-certificate"
            + " names a file that cannot be read",
        "--kafka.ca-certificate=pom.xml --kafka.security-protocol=ssl|kafka.ca-certificate must be"
            + " a PEM file with certificates",
        "--kafka.security-protocol=sasl-ssl --kafka.sasl-mechanism=scram-sha-512"
            + " --kafka.sasl-user=u|kafka.sasl-password is needed with this"
            + " kafka.security-protocol",
        "--recovery.pending-grace=30s|recovery.pending-grace must be longer than timeouts.edge",
        "--shutdown.limit=35s|shutdown.limit must be longer than shutdown.readiness-delay and"
            + " .drain together",
      })
  void namesThePropertyAndWhatIsExpected(String argument, String problem) {
    assertThat(problems(production(), Map.of(), argument.split(" "))).containsExactly(problem);
  }

  @Test
  void aCheckoutThatAsksOneAccountNeedsNoTimeForAnother() {
    assertThat(
            problems(
                production(), Map.of(), "--routing.time-limit=24s", "--routing.max-attempts=1"))
        .isEmpty();
  }

  @Test
  void neverShowsAValueThatMayBeSecret() {
    Map<String, Object> file = production();
    file.put("database.password", 4711_0815);
    file.put("database.url", "postgresql://me:hunter2@db.internal/sluice");
    key(file).put("value", "hunter2");

    assertThat(problems(file, Map.of(), "hunter2", "--database.password"))
        .hasSize(5)
        .noneMatch(problem -> problem.contains("hunter2") || problem.contains("4711"));
  }

  @Test
  void settingsAsTextShowNoSecret() {
    assertThat(read(production(), Map.of()).toString())
        .contains("acme_server", "[secret]")
        .doesNotContain("sk_live_acme", "sk_live_psp", "app-password", "migrator-password");
  }

  @Test
  void acceptsWhatKubernetesPutsIntoTheEnvironment() {
    Map<String, String> environment =
        Map.of(
            "SLUICE_SERVICE_HOST", "10.0.0.1",
            "SLUICE_SERVICE_PORT_API", "8080",
            "SLUICE_PORT_8080_TCP_ADDR", "10.0.0.1",
            "SLUICE_PORT", "tcp://10.0.0.1:8080",
            "SLUICE_OPS_SERVICE_HOST", "10.0.0.2");

    assertThat(read(production(), environment).api().port()).isEqualTo(8080);
  }

  @Test
  void namesAReferenceThatIsNotInTheEnvironment() {
    Map<String, Object> file = production();
    file.put("database.password", "${NOWHERE}");

    assertThat(problems(file, Map.of()))
        .containsExactly(
            "database.password refers to ${NOWHERE}, which is not set in the environment");
  }

  @Test
  void refusesDevelopmentSecretsOutsideDevelopment() {
    Map<String, Object> file = production();
    file.put("database.password", DevelopmentSecrets.DATABASE_PASSWORD);
    file.put("database.migrator-password", DevelopmentSecrets.DATABASE_PASSWORD);
    key(file).put("mode", "test");
    key(file).remove("value");
    key(file).put("sha256", KeySettings.sha256Of(DevelopmentSecrets.SECRET_KEY));
    account(file).put("mode", "test");
    account(file).put("secret-key", DevelopmentSecrets.SIMULATOR_KEY);

    List<String> refused =
        List.of(
            "database.password",
            "database.migrator-password",
            "merchants[0].keys[0].sha256",
            "merchants[0].psp-accounts[0].secret-key");
    String refusal = " is a development secret, which only mode development may start with";
    for (String mode : List.of("test", "production")) {
      assertThat(problems(file, Map.of(), "--mode=" + mode))
          .containsExactlyElementsOf(refused.stream().map(name -> name + refusal).toList());
    }
    assertThat(read(file, Map.of(), "--mode=development").mode()).isEqualTo(Mode.DEVELOPMENT);
  }

  @Test
  void refusesPlainHttpToAPspInProductionOnly() {
    Map<String, Object> file = production();
    account(file).put("base-url", "http://psp.internal");

    assertThat(problems(file, Map.of()))
        .containsExactly("merchants[0].psp-accounts[0].base-url must be https in mode production");
    assertThat(read(file, Map.of(), "--mode=test").mode()).isEqualTo(Mode.TEST);
  }

  @Test
  void refusesKeysOfTheWrongKindOrMode() {
    Map<String, Object> file = production();
    key(file).put("kind", "publishable");
    account(file).put("secret-key", "sk_test_psp");

    assertThat(problems(file, Map.of()))
        .containsExactly(
            "merchants[0].keys[0].value must start with pk_live_ and go on with letters, digits"
                + " and underscores",
            "merchants[0].psp-accounts[0].secret-key is a test key, the account is not");
  }

  @Test
  void takesAnAccountAtAdyen() {
    Map<String, Object> file = production();
    account(file).put("psp", "adyen");
    account(file).put("secret-key", "AQEadyen");
    account(file).put("merchant-account", "Acme");
    account(file).put("webhook-secret", "AB".repeat(32));
    account(file).put("base-url", "https://acme-checkout-live.adyenpayments.com/checkout");
    file.put("api.public-url", "https://pay.acme.test");

    PspAccountSettings account =
        read(file, Map.of()).merchants().getFirst().pspAccounts().getFirst();
    assertThat(account.psp()).isEqualTo(PspKind.ADYEN);
    assertThat(account.address().getPath()).isEqualTo("/checkout");
  }

  @Test
  void namesWhatAnAccountAtAdyenNeeds() {
    Map<String, Object> file = production();
    account(file).put("psp", "adyen");
    account(file).put("webhook-secret", "whsec_1");
    file.put("api.public-url", "https://pay.acme.test");

    assertThat(problems(file, Map.of()))
        .containsExactly(
            "merchants[0].psp-accounts[0].merchant-account is needed with psp adyen",
            "merchants[0].psp-accounts[0].base-url is needed for live accounts at adyen, which have"
                + " hosts of their own",
            "merchants[0].psp-accounts[0].webhook-secret must be an HMAC key in hex with psp"
                + " adyen");
  }

  @Test
  void refusesAMerchantAccountAtAnotherPsp() {
    Map<String, Object> file = production();
    account(file).put("merchant-account", "Acme");

    assertThat(problems(file, Map.of()))
        .containsExactly(
            "merchants[0].psp-accounts[0].merchant-account is not used with psp stripe");
  }

  @Test
  void refusesAKeyWithoutAnAccountInItsMode() {
    Map<String, Object> file = production();
    key(file).put("mode", "test");
    key(file).put("value", "sk_test_acme");

    assertThat(problems(file, Map.of()))
        .containsExactly(
            "merchants[0].psp-accounts must have one in mode test, because there is a key in mode"
                + " test");
  }

  @Test
  @SuppressWarnings("unchecked")
  void refusesNamesAndKeysThatAreUsedTwice() {
    Map<String, Object> file = production();
    List<Object> merchants = (List<Object>) Objects.requireNonNull(file.get("merchants"));
    merchants.add(merchants.getFirst());

    assertThat(problems(file, Map.of()))
        .containsExactly(
            "merchants[1].id is used twice",
            "merchants[1].keys[0].id is used twice",
            "merchants[1].keys[0].value is used twice",
            "merchants[1].psp-accounts[0].id is used twice");
  }

  private static Settings read(
      Map<String, Object> file, Map<String, String> environment, String... arguments) {
    Map<String, String> all = new HashMap<>(Samples.ENVIRONMENT);
    all.putAll(environment);
    return SettingsReader.read(file, all, List.of(arguments));
  }

  private static List<String> problems(
      Map<String, Object> file, Map<String, String> environment, String... arguments) {
    try {
      read(file, environment, arguments);
    } catch (InvalidSettings invalid) {
      return invalid.problems();
    }
    return List.of();
  }

  private static Map<String, Object> key(Map<String, Object> file) {
    return inMerchant(file, "keys");
  }

  private static Map<String, Object> account(Map<String, Object> file) {
    return inMerchant(file, "psp-accounts");
  }

  private static Map<String, Object> inMerchant(Map<String, Object> file, String list) {
    var merchant = listIn(file, "merchants").getFirst();
    return listIn(merchant, list).getFirst();
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> listIn(Map<String, Object> group, String name) {
    return (List<Map<String, Object>>) Objects.requireNonNull(group.get(name));
  }
}
