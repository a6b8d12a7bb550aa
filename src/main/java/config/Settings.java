package config;

import java.net.URI;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Every setting of one gateway process. Made by {@link SettingsReader}, so what exists is valid.
 *
 * @param nodeId names this process among the others on the same database, null for the host's name
 *     and the process id
 * @param eventLoops threads that carry I/O, 0 for two per core
 * @param encryptionKey encrypts the secrets that the database keeps: 32 bytes in Base64; without it
 *     merchants cannot have webhook endpoints
 */
public record Settings(
    @Default("production") Mode mode,
    @Nullable String nodeId,
    @Default("0") @Range(min = 0, max = 256) int eventLoops,
    @Nullable Secret encryptionKey,
    ApiSettings api,
    OpsSettings ops,
    WebhookSettings webhooks,
    DatabaseSettings database,
    BatchSettings batch,
    TimeoutSettings timeouts,
    RoutingSettings routing,
    RecoverySettings recovery,
    InboxSettings inbox,
    OutboxSettings outbox,
    KafkaSettings kafka,
    DeliverySettings deliveries,
    BreakerSettings breaker,
    BulkheadSettings bulkhead,
    AdmissionSettings admission,
    ShutdownSettings shutdown,
    DevelopmentSettings development,
    List<MerchantSettings> merchants)
    implements Checked {

  public Settings {
    merchants = List.copyOf(merchants);
  }

  /** These settings on another database. */
  public Settings withDatabaseUrl(URI url) {
    DatabaseSettings moved =
        new DatabaseSettings(
            url,
            database.user(),
            database.password(),
            database.migratorUser(),
            database.migratorPassword(),
            database.migrate(),
            database.sslMode(),
            database.sslRootCertificate(),
            database.poolSize(),
            database.maxWaiting());
    return with(moved, kafka, merchants);
  }

  /** These settings with another Kafka, which is spoken to in plain text. */
  public Settings withKafka(String bootstrapServers) {
    KafkaSettings moved =
        new KafkaSettings(
            bootstrapServers,
            kafka.topic(),
            kafka.batchSize(),
            kafka.deliveryTimeout(),
            kafka.retryDelay(),
            KafkaProtocol.PLAINTEXT,
            null,
            null,
            null,
            null);
    return with(database, moved, merchants);
  }

  /** These settings with other merchants. */
  public Settings withMerchants(UnaryOperator<List<MerchantSettings>> replacement) {
    return with(database, kafka, replacement.apply(merchants));
  }

  /** These settings with the PSP accounts' base URLs replaced. */
  public Settings withPspBaseUrls(UnaryOperator<URI> replacement) {
    List<MerchantSettings> moved =
        merchants.stream()
            .map(
                merchant ->
                    new MerchantSettings(
                        merchant.id(),
                        merchant.keys(),
                        merchant.pspAccounts().stream()
                            .map(account -> moved(account, replacement))
                            .toList()))
            .toList();
    return with(database, kafka, moved);
  }

  private Settings with(
      DatabaseSettings newDatabase, KafkaSettings newKafka, List<MerchantSettings> newMerchants) {
    return new Settings(
        mode,
        nodeId,
        eventLoops,
        encryptionKey,
        api,
        ops,
        webhooks,
        newDatabase,
        batch,
        timeouts,
        routing,
        recovery,
        inbox,
        outbox,
        newKafka,
        deliveries,
        breaker,
        bulkhead,
        admission,
        shutdown,
        development,
        newMerchants);
  }

  private static PspAccountSettings moved(
      PspAccountSettings account, UnaryOperator<URI> replacement) {
    return new PspAccountSettings(
        account.id(),
        account.psp(),
        account.mode(),
        replacement.apply(account.address()),
        account.secretKey(),
        account.merchantAccount(),
        account.webhookSecret(),
        account.previousWebhookSecret(),
        account.priority(),
        account.weight());
  }

  @Override
  public void check(Problems.Section problems) {
    new SettingsRules(this, problems).check();
  }
}
