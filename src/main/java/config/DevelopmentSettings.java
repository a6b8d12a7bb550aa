package config;

/**
 * What only development mode reads.
 *
 * @param dataDirectory where the embedded database, the embedded Kafka and the simulator keep their
 *     files
 * @param simulatorPort the PSP simulator's port, 0 for any free one
 * @param kafkaPort the embedded Kafka's port, 0 for any free one
 */
public record DevelopmentSettings(
    @Default("./data") String dataDirectory,
    @Default("12111") @Range(min = 0, max = 65_535) int simulatorPort,
    @Default("9092") @Range(min = 0, max = 65_535) int kafkaPort) {}
