package psp;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands before an adapter hides nothing of it: a default would answer in its place. */
final class DecoratorsTest {
  @ParameterizedTest
  @ValueSource(classes = {MeteredPsp.class, BulkheadPsp.class, BreakerPsp.class})
  void passOnEveryQuestion(Class<?> decorator) {
    assertThat(
            Arrays.stream(Psp.class.getMethods())
                .filter(method -> !Modifier.isStatic(method.getModifiers()))
                .filter(method -> !isAnswered(decorator, method))
                .map(Method::getName))
        .isEmpty();
  }

  private static boolean isAnswered(Class<?> decorator, Method question) {
    return Arrays.stream(decorator.getDeclaredMethods())
        .anyMatch(
            method ->
                method.getName().equals(question.getName())
                    && Arrays.equals(method.getParameterTypes(), question.getParameterTypes()));
  }
}
