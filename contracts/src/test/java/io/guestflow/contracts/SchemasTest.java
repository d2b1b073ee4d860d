package io.guestflow.contracts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.codec.JsonCodec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class SchemasTest {
    @ParameterizedTest
    @MethodSource("contracts")
    void aSchemaIsASchemaByTheDraftItNames(String contract) {
        JsonNode schema = schema(contract);
        assertEquals(
                "https://json-schema.org/draft/2020-12/schema",
                schema.get("$schema").stringValue());
        assertEquals(List.of(), SchemaValidator.complaintsOfTheDraft(schema));
    }

    @ParameterizedTest
    @MethodSource("contracts")
    void aSchemasIdFollowsFromItsContract(String contract) {
        assertEquals(
                "urn:guestflow:schema:" + contract.replace('/', ':'),
                schema(contract).get("$id").stringValue());
    }

    @ParameterizedTest
    @MethodSource("contracts")
    void aReaderIsToldWhatEveryFieldIsFor(String contract) {
        JsonNode schema = schema(contract);
        assertTrue(schema.hasNonNull("title"), "a title");
        List<String> silent = new ArrayList<>();
        eachSchema(schema, "#", (path, node) -> {
            boolean restriction = path.contains("/oneOf/") || path.endsWith("/error/properties/code");
            boolean described = node.has("description")
                    || node.has("const")
                    || (node.has("$ref") && definition(schema, node).has("description"));
            if (path.matches(".*/properties/[^/]*") && !restriction && !described) {
                silent.add(path);
            }
        });
        assertEquals(List.of(), silent);
    }

    @ParameterizedTest
    @MethodSource("topics")
    void aSchemaNamesItsTopicAndKey(Topic<?> topic) {
        String description = schema(topic.codec().schema()).get("description").stringValue();
        assertTrue(description.contains("topic " + topic.name() + ", key " + topic.key()), description);
    }

    @Test
    void whatIsCalledTheSameIsTheSameInAllSchemas() {
        Map<String, JsonNode> definitions = new HashMap<>();
        List<String> differences = new ArrayList<>();
        contracts()
                .forEach(contract -> schema(contract).path("$defs").properties().stream()
                        .filter(definition ->
                                Character.isLowerCase(definition.getKey().charAt(0)))
                        .forEach(definition -> {
                            JsonNode first = definitions.putIfAbsent(definition.getKey(), definition.getValue());
                            if (first != null && !first.equals(definition.getValue())) {
                                differences.add(contract + " " + definition.getKey());
                            }
                        }));
        assertEquals(List.of(), differences);
    }

    @ParameterizedTest
    @MethodSource("contracts")
    void everyDefinitionIsUsed(String contract) {
        ObjectNode schema = schema(contract);
        Set<String> used = new TreeSet<>();
        eachSchema(schema, "#", (path, node) -> {
            if (node.has("$ref")) {
                used.add(node.get("$ref").stringValue());
            }
        });
        assertEquals(
                schema.path("$defs").propertyNames().stream()
                        .map(name -> "#/$defs/" + name)
                        .collect(Collectors.toCollection(TreeSet::new)),
                used);
    }

    @ParameterizedTest
    @MethodSource("contracts")
    void theSamplesHaveNoFieldThatTheSchemaDoesNotKnow(String contract) {
        ObjectNode closed = closed(contract);
        samples(contract).forEach(sample -> assertEquals(List.of(), SchemaValidator.complaints(closed, sample)));
    }

    @ParameterizedTest
    @MethodSource("contracts")
    void theSamplesHaveEveryFieldThatTheSchemaKnows(String contract) {
        Set<String> known = new TreeSet<>();
        eachSchema(schema(contract), "#", (path, node) -> {
            if (path.matches(".*/properties/[^/]*")) {
                known.add(path.substring(path.lastIndexOf('/') + 1));
            }
        });
        Set<String> seen = new TreeSet<>();
        samples(contract).forEach(sample -> names(sample, seen));
        known.removeAll(seen);
        assertEquals(Set.of(), known);
    }

    @ParameterizedTest
    @CsvSource({
        "guest-auth-request/1, channelId consent guestId requestId",
        "guest-auth-result/1, attempt completedAt guestId latencyMs requestId status",
        "cxone-auth-command/1, attempt commandId deadline guestId kind requestId requestRef",
        "cxone-auth-outcome/1, calls commandId completedAt guestId kind requestId",
        "cxone-throttle/1, instanceId until",
        "guest-fact/1, at dimensions factId guestRef kind source",
        "guest-context-update/1, context conversationId",
        "guest-session-revocation/1, conversationId reason requestedBy",
        "guest-session/1, channelId conversationId expiresAt guestRef openedAt refreshes state",
        "cxone-session-command/1, commandId conversationId deadline guestPartition idempotencyKey kind",
        "cxone-session-outcome/1, calls commandId completedAt conversationId kind",
        "cxone-query-command/1, commandId deadline kind",
        "cxone-query-outcome/1, calls commandId completedAt kind",
        "session-event/1, at kind",
        "guest-metrics-partial/1, kind sourcePartition",
        "guest-metrics/1, auth authLatencyMs campaign channelId conversationDurationS messages revision segment sessions"
                + " windowEnd windowSize windowStart",
        "guest-conversation-metrics/1, asked conversationId dimensions endReason guestRef own state syncedAt",
        "guest-alert/1, alert scope since state threshold value windowS",
        "guest-alert-counts/1, kind sourcePartition",
        "guest-audit/1, auditId chain",
        "guest-dead-letter/1, cause failedAt keyBytes offset partition problems topic valueBytes",
    })
    void whatIsRequiredNeverGrows(String contract, String fields) {
        Set<String> required = new TreeSet<>();
        schema(contract).get("required").forEach(name -> required.add(name.stringValue()));
        assertEquals(fields, String.join(" ", required));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "guest-auth-request", "guest-auth-request/2", "../Schemas/1", "guest-auth-request.1"})
    void noOtherHeaderLeadsToAResource(String header) {
        IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, () -> Schemas.text(header));
        assertTrue(refusal.getMessage().contains("guest-auth-request/1"), refusal.getMessage());
    }

    static List<String> contracts() {
        return Samples.contracts().stream().<String>map(JsonCodec::schema).toList();
    }

    static Stream<Topic<?>> topics() {
        return Topics.ALL.stream()
                .filter(topic -> topic != Topics.GUEST_AUTH_REQUESTS_REKEYED)
                .filter(topic -> topic.contract().isPresent());
    }

    private static ObjectNode schema(String contract) {
        return (ObjectNode) Samples.PLAIN.readTree(Schemas.text(contract));
    }

    private static List<ObjectNode> samples(String contract) {
        return Samples.all().stream()
                .filter(sample -> sample.schema().equals(contract))
                .map(Samples.Sample::json)
                .toList();
    }

    /** The schema without its tolerance for unknown fields. */
    private static ObjectNode closed(String contract) {
        ObjectNode schema = schema(contract);
        List<ObjectNode> objects = new ArrayList<>();
        eachSchema(schema, "#", (path, node) -> {
            if (node.has("properties") && node.path("type").asString("").equals("object")) {
                objects.add((ObjectNode) node);
            }
        });
        assertFalse(objects.isEmpty());
        objects.forEach(object -> object.put("unevaluatedProperties", false));
        return schema;
    }

    private static JsonNode definition(JsonNode schema, JsonNode node) {
        return schema.at(node.get("$ref").stringValue().substring(1));
    }

    private static void eachSchema(JsonNode node, String path, BiConsumer<String, JsonNode> visitor) {
        if (node.isObject()) {
            visitor.accept(path, node);
            node.properties().forEach(member -> eachSchema(member.getValue(), path + "/" + member.getKey(), visitor));
        }
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            eachSchema(node.get(i), path + "/" + i, visitor);
        }
    }

    private static void names(JsonNode node, Set<String> names) {
        node.properties().forEach(member -> {
            names.add(member.getKey());
            names(member.getValue(), names);
        });
        if (node.isArray()) {
            node.forEach(element -> names(element, names));
        }
    }
}
