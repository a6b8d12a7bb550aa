package payments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names on the wire and in the database: read back as they were written, and the same in both. */
class StoredNamesTest {
  private static final Path CORE = Path.of("src/main/resources/db/migration/V1__core.sql");
  private static final Path EVENTS = Path.of("src/main/resources/db/migration/V2__events.sql");

  @ParameterizedTest
  @EnumSource(PaymentStatus.class)
  void aPaymentStatusIsReadBack(PaymentStatus status) {
    assertThat(PaymentStatus.ofWire(status.wire())).isEqualTo(status);
  }

  @ParameterizedTest
  @EnumSource(OperationStatus.class)
  void anOperationStatusIsReadBack(OperationStatus status) {
    assertThat(OperationStatus.ofWire(status.wire())).isEqualTo(status);
  }

  @ParameterizedTest
  @EnumSource(OperationKind.class)
  void anOperationKindIsReadBack(OperationKind kind) {
    assertThat(OperationKind.ofWire(kind.wire())).isEqualTo(kind);
  }

  @ParameterizedTest
  @EnumSource(CaptureMethod.class)
  void aCaptureMethodIsReadBack(CaptureMethod method) {
    assertThat(CaptureMethod.ofWire(method.wire())).isEqualTo(method);
    assertThat(CaptureMethod.find(method.wire())).contains(method);
  }

  @ParameterizedTest
  @EnumSource(DisputeStatus.class)
  void aDisputeStatusIsReadBack(DisputeStatus status) {
    assertThat(DisputeStatus.ofWire(status.wire())).isEqualTo(status);
  }

  @ParameterizedTest
  @EnumSource(Delivery.Status.class)
  void aDeliveryStatusIsReadBack(Delivery.Status status) {
    assertThat(Delivery.Status.ofWire(status.wire())).isEqualTo(status);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "PROCESSING", "Processing", "paid", " pending"})
  void anUnknownNameIsNeverTakenForAnother(String name) {
    assertThatThrownBy(() -> DisputeStatus.ofWire(name)).hasMessageContaining("unknown");
    assertThatThrownBy(() -> Delivery.Status.ofWire(name)).hasMessageContaining("unknown");
    assertThat(CaptureMethod.find(name)).isEmpty();
    assertThatThrownBy(() -> PaymentStatus.ofWire(name)).hasMessageContaining("unknown");
    assertThatThrownBy(() -> OperationStatus.ofWire(name)).hasMessageContaining("unknown");
    assertThatThrownBy(() -> OperationKind.ofWire(name)).hasMessageContaining("unknown");
    assertThatThrownBy(() -> CaptureMethod.ofWire(name)).hasMessageContaining("unknown");
  }

  @Test
  void theDatabaseTakesJustThesePaymentStatuses() throws IOException {
    assertThat(names(table(CORE, "payment"), "CHECK \\(status IN \\(([^)]*)\\)"))
        .containsExactlyInAnyOrderElementsOf(wires(PaymentStatus.values(), PaymentStatus::wire));
  }

  @Test
  void theDatabaseTakesJustTheseOperationStatusesAndKinds() throws IOException {
    assertThat(names(table(CORE, "operation"), "CHECK \\(status IN \\(([^)]*)\\)"))
        .containsExactlyInAnyOrderElementsOf(
            wires(OperationStatus.values(), OperationStatus::wire));
    assertThat(names(table(CORE, "operation"), "CHECK \\(kind IN \\(([^)]*)\\)"))
        .containsExactlyInAnyOrderElementsOf(wires(OperationKind.values(), OperationKind::wire));
  }

  @Test
  void theDatabaseTakesJustTheseStatusesOfDisputesAndDeliveries() throws IOException {
    assertThat(names(table(EVENTS, "dispute"), "CHECK \\(status IN \\(([^)]*)\\)"))
        .containsExactlyInAnyOrderElementsOf(wires(DisputeStatus.values(), DisputeStatus::wire));
    assertThat(names(table(EVENTS, "delivery"), "CHECK \\(status IN \\(([^)]*)\\)"))
        .containsExactlyInAnyOrderElementsOf(
            wires(Delivery.Status.values(), Delivery.Status::wire));
  }

  @Test
  void theDatabaseHoldsOneOpenExclusiveOperationPerPayment() throws IOException {
    String index = section(CORE, "CREATE UNIQUE INDEX operation_open ", ";");

    assertThat(names(index, "status IN \\(([^)]*)\\)"))
        .containsExactlyInAnyOrderElementsOf(
            wires(chosen(OperationStatus.values(), OperationStatus::open), OperationStatus::wire));
    assertThat(wires(chosen(OperationKind.values(), kind -> !kind.exclusive()), it -> it.wire()))
        .containsExactly("refund");
    assertThat(index).contains("kind <> 'refund'").contains("(merchant_id, payment_id)");
  }

  private static String table(Path schema, String name) throws IOException {
    return section(schema, "CREATE TABLE " + name + " (", "\n);");
  }

  private static String section(Path file, String start, String end) throws IOException {
    String schema = Files.readString(file);
    int from = schema.indexOf(start);
    assertThat(from).as(start).isNotNegative();
    return schema.substring(from, schema.indexOf(end, from));
  }

  private static List<String> names(String sql, String pattern) {
    Matcher list = Pattern.compile(pattern).matcher(sql);
    assertThat(list.find()).as(pattern).isTrue();
    return Arrays.stream(list.group(1).split(","))
        .map(name -> name.strip().replace("'", ""))
        .toList();
  }

  private static <T> List<T> chosen(T[] values, Predicate<T> which) {
    return Arrays.stream(values).filter(which).toList();
  }

  private static <T> List<String> wires(T[] values, java.util.function.Function<T, String> wire) {
    return wires(List.of(values), wire);
  }

  private static <T> List<String> wires(
      List<T> values, java.util.function.Function<T, String> wire) {
    return values.stream().map(wire).toList();
  }
}
