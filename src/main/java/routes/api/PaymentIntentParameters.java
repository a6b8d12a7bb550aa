package routes.api;

import static routes.api.Parameter.kept;
import static routes.api.Parameter.required;
import static routes.api.Parameter.served;
import static routes.api.Shapes.AMOUNT;
import static routes.api.Shapes.CARD_TOKEN;
import static routes.api.Shapes.DESCRIPTOR;
import static routes.api.Shapes.EMAIL;
import static routes.api.Shapes.EXPAND;
import static routes.api.Shapes.FLAG;
import static routes.api.Shapes.ID;
import static routes.api.Shapes.KEPT_METADATA;
import static routes.api.Shapes.METADATA;
import static routes.api.Shapes.METHOD_ID;
import static routes.api.Shapes.RETURN_URL;
import static routes.api.Shapes.TEXT;
import static routes.api.Shapes.choice;
import static routes.api.Shapes.hash;

import java.util.stream.Stream;
import routes.api.ParameterType.Choice;
import routes.api.ParameterType.Free;
import routes.api.ParameterType.Hash;
import routes.api.ParameterType.Listing;
import routes.api.ParameterType.Text;
import routes.api.ParameterType.Whole;

/**
 * The parameters of the payment_intents endpoints (Stripe API: PaymentIntents). What would move
 * money to others, or needs a service that is not here, is refused by name.
 */
final class PaymentIntentParameters {
  /** Payment methods that Stripe has beside cards: their options are kept, for they do no harm. */
  private static final String[] OTHER_METHODS =
      ("acss_debit affirm afterpay_clearpay alipay alma amazon_pay au_becs_debit bacs_debit"
              + " bancontact billie bizum blik boleto card_present cashapp crypto customer_balance"
              + " eps fpx giropay grabpay ideal interac_present kakao_pay klarna konbini kr_card"
              + " link mb_way mobilepay multibanco naver_pay nz_bank_account oxxo p24 pay_by_bank"
              + " payco paynow paypal payto pix promptpay revolut_pay samsung_pay satispay scalapay"
              + " sepa_debit sofort sunbit swish twint upi us_bank_account wechat_pay zip")
          .split(" ");

  private static final Choice CAPTURE_METHOD = choice("automatic", "automatic_async", "manual");
  private static final Choice FUTURE_USAGE = choice("off_session", "on_session");
  private static final Choice IF_AVAILABLE = choice("if_available", "never");
  private static final Listing METHOD_TYPES = new Listing(new Text(100), 100);

  private static final Hash SHIPPING =
      hash(
          kept("address", Shapes.ADDRESS).mandatory(),
          kept("carrier", TEXT),
          kept("name", TEXT).mandatory(),
          kept("phone", TEXT),
          kept("tracking_number", TEXT));

  private static final Hash CARD_OPTIONS =
      new Hash(
          ParameterCatalogue.of(
                  kept("capture_method", choice("manual")).notEmpty(),
                  kept(
                      "network",
                      choice(
                          "amex",
                          "cartes_bancaires",
                          "diners",
                          "discover",
                          "eftpos_au",
                          "girocard",
                          "interac",
                          "jcb",
                          "link",
                          "mastercard",
                          "unionpay",
                          "unknown",
                          "visa")),
                  kept("request_extended_authorization", IF_AVAILABLE),
                  kept("request_incremental_authorization", IF_AVAILABLE),
                  kept("request_multicapture", IF_AVAILABLE),
                  kept("request_overcapture", IF_AVAILABLE),
                  kept("request_three_d_secure", choice("any", "automatic", "challenge")),
                  kept("require_cvc_recollection", FLAG),
                  kept("setup_future_usage", choice("none", "off_session", "on_session")),
                  kept("statement_descriptor_suffix_kana", new Text(22)),
                  kept("statement_descriptor_suffix_kanji", new Text(17)))
              .unsupported(
                  "cvc_token", "installments", "mandate_options", "moto", "three_d_secure"));

  private static final Hash METHOD_OPTIONS =
      new Hash(
          ParameterCatalogue.of(kept("card", CARD_OPTIONS))
              .with(
                  Stream.of(OTHER_METHODS)
                      .map(name -> kept(name, new Free()))
                      .toArray(Parameter[]::new)));

  private static final Hash METHOD_DATA =
      new Hash(
          ParameterCatalogue.of(
                  required("type", choice("card")),
                  required("card", hash(required("token", CARD_TOKEN))),
                  kept("billing_details", Shapes.BILLING_DETAILS),
                  kept("metadata", METADATA),
                  kept("allow_redisplay", choice("always", "limited", "unspecified")))
              .unsupported("radar_options")
              .unsupported(
                  Stream.of(OTHER_METHODS)
                      .filter(name -> !name.equals("card_present"))
                      .toArray(String[]::new)));

  private static final Hash MANDATE_DATA =
      hash(
          required(
              "customer_acceptance",
              hash(
                  required("type", choice("online", "offline")),
                  kept("accepted_at", new Whole(0, 253_402_300_799L)),
                  kept("offline", new Free()),
                  kept("online", hash(kept("ip_address", TEXT), kept("user_agent", TEXT))))));

  /** How to pay: a saved method or a token. */
  private static final Parameter[] METHOD = {
    served("payment_method", METHOD_ID), served("payment_method_data", METHOD_DATA)
  };

  /** What the payment keeps, on create, update and confirm alike. */
  private static final Parameter[] KEPT = {
    kept("payment_method_options", METHOD_OPTIONS),
    kept("payment_method_types", METHOD_TYPES).notEmpty(),
    kept("allowed_payment_method_types", METHOD_TYPES).notEmpty(),
    kept("excluded_payment_method_types", METHOD_TYPES),
    kept("receipt_email", EMAIL),
    kept("setup_future_usage", FUTURE_USAGE),
    kept("shipping", SHIPPING),
    served("capture_method", CAPTURE_METHOD),
    EXPAND
  };

  /** What only a confirmation has a use for. */
  private static final Parameter[] CONFIRMATION = {
    kept("error_on_requires_action", FLAG).notEmpty(),
    kept("mandate_data", MANDATE_DATA),
    served("off_session", new ParameterType.FlagOr(choice("one_off", "recurring"))),
    kept("return_url", RETURN_URL).notEmpty(),
    kept("use_stripe_sdk", FLAG).notEmpty()
  };

  private static final Parameter[] DESCRIPTION = {
    kept("description", new Text(1_000)),
    kept("statement_descriptor", DESCRIPTOR),
    kept("statement_descriptor_suffix", DESCRIPTOR),
    kept("transfer_group", TEXT),
    KEPT_METADATA
  };

  static final ParameterCatalogue CREATE =
      ParameterCatalogue.of(
              required("amount", AMOUNT),
              required("currency", TEXT),
              served("customer", ID),
              served("confirm", FLAG),
              served("confirmation_method", choice("automatic", "manual")),
              kept(
                      "automatic_payment_methods",
                      hash(
                          required("enabled", FLAG),
                          kept("allow_redirects", choice("always", "never"))))
                  .notEmpty())
          .with(METHOD)
          .with(KEPT)
          .with(CONFIRMATION)
          .with(DESCRIPTION)
          .unsupported(
              "amount_details",
              "application_fee_amount",
              "confirmation_token",
              "customer_account",
              "hooks",
              "mandate",
              "on_behalf_of",
              "payment_details",
              "payment_method_configuration",
              "radar_options",
              "transfer_data");

  static final ParameterCatalogue UPDATE =
      ParameterCatalogue.of(
              served("amount", AMOUNT), served("currency", TEXT), served("customer", ID))
          .with(METHOD)
          .with(KEPT)
          .with(DESCRIPTION)
          .unsupported(
              "amount_details",
              "application_fee_amount",
              "customer_account",
              "hooks",
              "payment_details",
              "payment_method_configuration",
              "transfer_data");

  static final ParameterCatalogue CONFIRM =
      ParameterCatalogue.of(served("client_secret", ID))
          .with(METHOD)
          .with(KEPT)
          .with(CONFIRMATION)
          .unsupported(
              "amount_details",
              "amount_to_confirm",
              "confirmation_token",
              "hooks",
              "mandate",
              "payment_details",
              "radar_options");

  /** What a browser may say of a payment it confirms; the rest needs the secret key. */
  static final ParameterCatalogue PUBLISHABLE_CONFIRM =
      ParameterCatalogue.of(
              required("client_secret", ID),
              kept("payment_method_options", METHOD_OPTIONS),
              kept("receipt_email", EMAIL),
              kept("setup_future_usage", FUTURE_USAGE),
              kept("shipping", SHIPPING),
              kept("mandate_data", MANDATE_DATA),
              kept("return_url", RETURN_URL).notEmpty(),
              kept("use_stripe_sdk", FLAG).notEmpty(),
              EXPAND)
          .with(METHOD);

  static final ParameterCatalogue CAPTURE =
      ParameterCatalogue.of(
              served("amount_to_capture", AMOUNT),
              served("final_capture", FLAG),
              kept("statement_descriptor", DESCRIPTOR).notEmpty(),
              kept("statement_descriptor_suffix", DESCRIPTOR).notEmpty(),
              KEPT_METADATA,
              EXPAND)
          .unsupported(
              "amount_details",
              "application_fee_amount",
              "hooks",
              "payment_details",
              "transfer_data");

  static final ParameterCatalogue CANCEL =
      ParameterCatalogue.of(
          served(
              "cancellation_reason",
              choice("abandoned", "duplicate", "fraudulent", "requested_by_customer")),
          EXPAND);

  static final ParameterCatalogue RETRIEVE =
      ParameterCatalogue.of(served("client_secret", ID), EXPAND);

  static final ParameterCatalogue PUBLISHABLE_RETRIEVE =
      ParameterCatalogue.of(required("client_secret", ID), EXPAND);

  static final ParameterCatalogue LIST =
      Shapes.pageByCreation().with(served("customer", ID)).unsupported("customer_account");

  private PaymentIntentParameters() {}
}
