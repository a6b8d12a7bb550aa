package psp.routing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import payments.OperationKind;
import psp.routing.Decision.Candidate;
import psp.routing.Decision.Verdict;

/**
 * Which PSP account takes a payment, and which one may be asked after it: a pure function of the
 * accounts, of their health and of what is asked. Accounts are ordered once ({@link #order}: the
 * place for rules to come, such as cost, success rate or BIN) and then gone through in that order.
 */
public final class Router {
  private static final int WHOLE_SHARE = 100;

  /**
   * A merchant's PSP account.
   *
   * @param priority lower comes first
   * @param weight its share of the payments among the accounts of its priority; with 0 it only
   *     stands by for them
   */
  public record Account(
      String merchantId, String accountId, boolean livemode, int priority, int weight) {
    public Account(String merchantId, String accountId, boolean livemode, int priority) {
      this(merchantId, accountId, livemode, priority, WHOLE_SHARE);
    }
  }

  /** How an account's breaker stands for one kind of operation. */
  public enum Standing {
    TAKES,
    /** It has failed too often of late, or is being tried. */
    OPEN,
    /** An operator keeps it open. */
    FORCED_OPEN
  }

  /** How the accounts are, as this node sees it at the moment. */
  @FunctionalInterface
  public interface Health {
    Health GOOD = (accountId, kind) -> Standing.TAKES;

    Standing of(String accountId, OperationKind kind);
  }

  /**
   * The bounds of a checkout.
   *
   * @param maxAttempts how many accounts are asked at most
   * @param total how long all of it may take
   * @param attempt how long asking one account may take
   */
  public record Bounds(int maxAttempts, Duration total, Duration attempt) {
    /** Never another account than the first. */
    public static final Bounds ONE = new Bounds(1, Duration.ZERO, Duration.ZERO);

    /** Whether one more may be asked: its answer has to come before the time is over. */
    public boolean allow(int attempts, Duration elapsed) {
      return attempts < maxAttempts && inTime(elapsed);
    }

    /** Whether the answer of an account that is asked now comes before the time is over. */
    public boolean inTime(Duration elapsed) {
      return elapsed.plus(attempt).compareTo(total) <= 0;
    }
  }

  /**
   * What is to be routed.
   *
   * @param draw what the split is drawn by: the same text is always drawn alike, on every node
   * @param knowing the accounts that know the payment method
   * @param asked the accounts that were asked for this request already, or could not be told what
   *     they have to know first
   */
  public record Question(
      String merchantId, boolean livemode, String draw, Set<String> knowing, Set<String> asked) {
    public Question {
      knowing = Set.copyOf(knowing);
      asked = Set.copyOf(asked);
    }
  }

  private final List<Account> accounts;
  private final Health health;
  private final Bounds bounds;

  public Router(List<Account> accounts, Health health, Bounds bounds) {
    this.accounts =
        accounts.stream()
            .sorted(Comparator.comparingInt(Account::priority).thenComparing(Account::accountId))
            .toList();
    this.health = health;
    this.bounds = bounds;
  }

  /** Accounts that are always well, each asked alone. */
  public Router(List<Account> accounts) {
    this(accounts, Health.GOOD, Bounds.ONE);
  }

  public Bounds bounds() {
    return bounds;
  }

  /** A merchant's accounts of a mode, by priority and name. */
  public List<String> accounts(String merchantId, boolean livemode) {
    return accounts.stream()
        .filter(account -> account.merchantId.equals(merchantId) && account.livemode == livemode)
        .map(Account::accountId)
        .toList();
  }

  /**
   * The account that a PSP's tokens of a merchant belong to, and that keeps new cards: the first by
   * priority, whatever its share. Empty where the merchant has none for that mode.
   */
  public Optional<String> home(String merchantId, boolean livemode) {
    return accounts(merchantId, livemode).stream().findFirst();
  }

  /**
   * Where a payment goes first. Where no account would take it, the first that knows the method is
   * asked all the same: its refusal is then the payment's.
   */
  public Decision first(Question question) {
    return decide(question, true);
  }

  /** Where it goes next, once {@code asked} have proven that they charged nothing. */
  public Decision next(Question question) {
    return decide(question, false);
  }

  private Decision decide(Question question, boolean someone) {
    List<Account> order = order(question);
    Optional<Account> well =
        order.stream().filter(account -> passedOver(account, question) == null).findFirst();
    Optional<Account> taken =
        well.isPresent() || !someone
            ? well
            : order.stream().filter(account -> unknown(account, question) == null).findFirst();
    var candidates = new ArrayList<Candidate>();
    for (Account account : order) {
      boolean takes = taken.filter(account::equals).isPresent();
      candidates.add(candidate(account, question, takes, well.isPresent()));
    }
    return new Decision(
        question.draw, candidates, taken.map(Account::accountId).orElse(null), reason(candidates));
  }

  /** By priority; within one, drawn by weight. Rules to come reorder here. */
  private List<Account> order(Question question) {
    return accounts.stream()
        .filter(
            account ->
                account.merchantId.equals(question.merchantId)
                    && account.livemode == question.livemode)
        .sorted(
            Comparator.comparingInt(Account::priority)
                .thenComparing(
                    account -> Draw.rank(question.draw, account.accountId, account.weight))
                .thenComparing(Account::accountId))
        .toList();
  }

  private Candidate candidate(Account account, Question question, boolean takes, boolean well) {
    Standing standing = health.of(account.accountId, OperationKind.AUTHORIZE);
    String why = passedOver(account, question);
    Verdict verdict;
    if (takes) {
      verdict = Verdict.TAKEN;
      why =
          well
              ? "the first of priority " + account.priority + " by its share, and well"
              : why + "; asked all the same, since no other account would take it";
    } else if (why == null) {
      verdict = Verdict.IN_RESERVE;
      why = "comes later by priority or share";
    } else {
      verdict = Verdict.PASSED_OVER;
    }
    return new Candidate(
        account.accountId, account.priority, account.weight, standing, verdict, why);
  }

  /** Why an account cannot be asked, or null where it can. */
  private @Nullable String passedOver(Account account, Question question) {
    String unknown = unknown(account, question);
    return unknown != null
        ? unknown
        : switch (health.of(account.accountId, OperationKind.AUTHORIZE)) {
          case TAKES -> null;
          case OPEN -> "its breaker is open";
          case FORCED_OPEN -> "an operator keeps its breaker open";
        };
  }

  private static @Nullable String unknown(Account account, Question question) {
    if (question.asked.contains(account.accountId)) {
      return "tried already";
    }
    return question.knowing.contains(account.accountId)
        ? null
        : "the payment method has no token there";
  }

  private static String reason(List<Candidate> candidates) {
    return candidates.stream()
        .filter(candidate -> candidate.verdict() == Verdict.TAKEN)
        .map(Candidate::why)
        .findFirst()
        .orElse("no account can take it");
  }
}
