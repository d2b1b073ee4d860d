package io.guestflow.contracts;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.BigIntegerNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.NumericNode;

/** What the published schemas say of a value, by an implementation that is not ours. */
final class SchemaValidator {
    private static final SchemaRegistry REGISTRY = SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12,
            builder -> builder.schemaRegistryConfig(SchemaRegistryConfig.builder()
                    // Annotations only, says draft 2020-12; whoever asserts them must find the same as the codec.
                    .formatAssertionsEnabled(true)
                    .build()));

    private static final Map<String, Schema> PUBLISHED = new ConcurrentHashMap<>();

    private static final JsonMapper MAPPER =
            JsonMapper.builder().nodeFactory(new BigIntegers()).build();

    private SchemaValidator() {}

    /** The validator (3.0.9) asks a whole double for its long, which fails beyond a long: 1e19 becomes an integer. */
    private static final class BigIntegers extends JsonNodeFactory {
        @Override
        public NumericNode numberNode(double number) {
            return Double.isFinite(number) && Math.abs(number) > Long.MAX_VALUE
                    ? BigIntegerNode.valueOf(new BigDecimal(number).toBigIntegerExact())
                    : super.numberNode(number);
        }
    }

    static boolean accepts(String schema, String json) {
        return complaints(schema, json).isEmpty();
    }

    static List<Error> complaints(String schema, String json) {
        return PUBLISHED
                .computeIfAbsent(schema, name -> REGISTRY.getSchema(Schemas.text(name), InputFormat.JSON))
                .validate(MAPPER.readTree(json));
    }

    /** What another schema than a published one says. */
    static List<Error> complaints(JsonNode schema, JsonNode json) {
        return REGISTRY.getSchema(schema).validate(json);
    }

    /** What the draft says of a schema. */
    static List<Error> complaintsOfTheDraft(JsonNode schema) {
        return REGISTRY.getSchema(SchemaLocation.of(SpecificationVersion.DRAFT_2020_12.getDialectId()))
                .validate(schema);
    }
}
