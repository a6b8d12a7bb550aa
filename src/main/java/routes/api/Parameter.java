package routes.api;

/**
 * One parameter of an endpoint.
 *
 * @param use what becomes of it
 * @param required whether a request without it is refused
 * @param unsettable whether an empty value is allowed and means: none
 */
record Parameter(String name, ParameterType type, Use use, boolean required, boolean unsettable) {

  enum Use {
    /** The endpoint reads it. */
    SERVED,
    /** Kept with the object in the wire's form, for showing it again or for the PSP. */
    KEPT,
    /** One of Stripe's that Sluice does not serve: refused by name. */
    UNSUPPORTED
  }

  static Parameter served(String name, ParameterType type) {
    return new Parameter(name, type, Use.SERVED, false, false);
  }

  static Parameter required(String name, ParameterType type) {
    return new Parameter(name, type, Use.SERVED, true, false);
  }

  static Parameter kept(String name, ParameterType type) {
    return new Parameter(name, type, Use.KEPT, false, true);
  }

  static Parameter unsupported(String name) {
    return new Parameter(name, new ParameterType.Free(), Use.UNSUPPORTED, false, true);
  }

  /** This, with an empty value allowed. */
  Parameter orEmpty() {
    return new Parameter(name, type, use, required, true);
  }

  /** This, with an empty value refused. */
  Parameter notEmpty() {
    return new Parameter(name, type, use, required, false);
  }

  /** This, refused when missing. */
  Parameter mandatory() {
    return new Parameter(name, type, use, true, false);
  }
}
