package contracts;

import java.util.List;
import java.util.Set;

/** What comes of a situation: the same at every PSP, but for what a trait of it changes. */
record Expectation(String usually, List<Otherwise> exceptions) {
  /** Of a situation that a PSP does not know. */
  static final String NOT_THERE = "–";

  /** What comes of it at PSPs that have a trait, or have it not. */
  record Otherwise(Trait trait, boolean present, String outcome) {}

  static Otherwise with(Trait trait, String outcome) {
    return new Otherwise(trait, true, outcome);
  }

  static Otherwise without(Trait trait, String outcome) {
    return new Otherwise(trait, false, outcome);
  }

  /** It happens only at PSPs that have the trait. */
  static Otherwise only(Trait trait) {
    return without(trait, NOT_THERE);
  }

  String at(Set<Trait> traits) {
    return exceptions.stream()
        .filter(exception -> traits.contains(exception.trait()) == exception.present())
        .map(Otherwise::outcome)
        .findFirst()
        .orElse(usually);
  }
}
