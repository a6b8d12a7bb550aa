package support;

import net.jqwik.api.lifecycle.AroundPropertyHook;
import net.jqwik.api.lifecycle.PropertyExecutionResult;
import net.jqwik.api.lifecycle.PropertyExecutor;
import net.jqwik.api.lifecycle.PropertyLifecycleContext;

/**
 * As many tries as a system property says, where it says any. Its subclasses are named at the
 * property's method: jqwik passes over them at its class.
 */
public abstract class PropertyTries implements AroundPropertyHook {
  private final String name;

  protected PropertyTries(String name) {
    this.name = name;
  }

  @Override
  public PropertyExecutionResult aroundProperty(
      PropertyLifecycleContext context, PropertyExecutor property) {
    Integer tries = Integer.getInteger(name);
    if (tries != null) {
      context.attributes().setTries(tries);
    }
    return property.execute();
  }
}
