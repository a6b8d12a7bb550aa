package routes.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.TreeSet;
import routes.api.Parameter.Use;
import routes.api.ParameterType.AbsoluteUrl;
import routes.api.ParameterType.Amount;
import routes.api.ParameterType.CardToken;
import routes.api.ParameterType.Choice;
import routes.api.ParameterType.CreatedFilter;
import routes.api.ParameterType.Email;
import routes.api.ParameterType.EventTypeList;
import routes.api.ParameterType.Flag;
import routes.api.ParameterType.FlagOr;
import routes.api.ParameterType.Free;
import routes.api.ParameterType.Hash;
import routes.api.ParameterType.Listing;
import routes.api.ParameterType.Metadata;
import routes.api.ParameterType.MethodId;
import routes.api.ParameterType.StatementDescriptor;
import routes.api.ParameterType.Text;
import routes.api.ParameterType.Whole;

/**
 * What the code's own catalogues say of parameters, as the schemas that the document has to have
 * for them: types, limits, words, what is required, what may be unset, what is refused by name.
 */
final class CatalogueSchemas {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SECONDS =
      "{'type':'integer','format':'int64','minimum':0,'maximum':253402300799}";
  private static final String UNSET = "{'enum':['',null]}";

  private CatalogueSchemas() {}

  static ObjectNode of(ParameterCatalogue catalogue) {
    var properties = JSON.createObjectNode();
    var required = new TreeSet<String>();
    var unsupported = new TreeSet<String>();
    for (Map.Entry<String, Parameter> entry : catalogue.entries()) {
      Parameter parameter = entry.getValue();
      if (parameter.use() == Use.UNSUPPORTED) {
        unsupported.add(entry.getKey());
        continue;
      }
      properties.set(entry.getKey(), of(parameter));
      if (parameter.required()) {
        required.add(entry.getKey());
      }
    }
    ObjectNode schema = JSON.createObjectNode();
    schema.put("type", "object").set("properties", properties);
    schema.put("additionalProperties", false);
    if (!required.isEmpty()) {
      schema.set("required", words(required));
    }
    if (!unsupported.isEmpty()) {
      schema.set("x-unsupported", words(unsupported));
    }
    return schema;
  }

  static JsonNode of(Parameter parameter) {
    JsonNode schema = of(parameter.type());
    boolean free = parameter.type() instanceof Free;
    return parameter.unsettable() && !free
        ? JSON.createObjectNode().set("anyOf", list(schema, read(UNSET)))
        : schema;
  }

  private static JsonNode of(ParameterType type) {
    return switch (type) {
      case Text text -> text(text.maxLength(), "\\\\S");
      case MethodId ignored -> text(255, "^\\\\s*[^\\\\s{]");
      case CardToken ignored -> text(CardToken.MAX_LENGTH, "\\\\S");
      case AbsoluteUrl url ->
          text(url.maxLength(), "^[A-Za-z][A-Za-z0-9+.-]*://[^\\\\s]+$").put("format", "uri");
      case StatementDescriptor ignored -> {
        ObjectNode schema = text(22, "");
        yield schema.put("pattern", "^[^<>\\\\'\"*]*\\p{L}[^<>\\\\'\"*]*$");
      }
      case Email ignored ->
          text(512, "^[^@\\\\s]+@[^@\\\\s]+$").put("format", "email").put("minLength", 3);
      case Whole whole -> whole(whole.min(), whole.max());
      case Amount ignored -> whole(1, Amount.MAX);
      case Flag ignored -> read("{'type':'boolean'}");
      case Choice choice -> read("{'type':'string'}").set("enum", words(choice.words()));
      case FlagOr flag ->
          JSON.createObjectNode()
              .set("oneOf", list(read("{'type':'boolean'}"), of((ParameterType) flag.words())));
      case Hash hash -> of(hash.fields());
      case Listing listing ->
          read("{'type':'array'}")
              .put("maxItems", listing.maxSize())
              .set("items", of(listing.element()));
      case EventTypeList ignored ->
          read("{'type':'array','minItems':1,'maxItems':500}").set("items", text(256, "\\\\S"));
      case Metadata ignored ->
          read(
              "{'type':'object','maxProperties':50,'propertyNames':{'minLength':1,'maxLength':40,"
                  + "'pattern':'^[^\\\\[\\\\]]*[^\\\\[\\\\]\\\\s][^\\\\[\\\\]]*$'},"
                  + "'additionalProperties':{'type':'string','maxLength':500}}");
      case CreatedFilter ignored ->
          JSON.createObjectNode().set("oneOf", list(read(SECONDS), bounds()));
      case Free ignored -> JSON.createObjectNode();
    };
  }

  private static ObjectNode bounds() {
    ObjectNode properties = JSON.createObjectNode();
    for (String bound : new String[] {"gt", "gte", "lt", "lte"}) {
      properties.set(bound, read(SECONDS));
    }
    ObjectNode schema = read("{'type':'object','additionalProperties':false}");
    schema.set("properties", properties);
    return schema;
  }

  private static ObjectNode text(int maxLength, String pattern) {
    return read("{'type':'string','minLength':1}")
        .put("maxLength", maxLength)
        .put("pattern", pattern.replace("\\\\", "\\"));
  }

  private static ObjectNode whole(long min, long max) {
    return read("{'type':'integer','format':'int64'}").put("minimum", min).put("maximum", max);
  }

  private static ArrayNode words(Iterable<String> words) {
    var array = JSON.createArrayNode();
    words.forEach(array::add);
    return array;
  }

  private static ArrayNode list(JsonNode... nodes) {
    var array = JSON.createArrayNode();
    for (JsonNode node : nodes) {
      array.add(node);
    }
    return array;
  }

  private static ObjectNode read(String json) {
    try {
      return (ObjectNode) JSON.readTree(json.replace('\'', '"'));
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IllegalArgumentException(json, e);
    }
  }
}
