package io.guestflow.processor.context;

import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Contexts for tests, written as JSON with single quotes. */
final class Contexts {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Contexts() {}

    static Map<String, JsonNode> parse(String json) {
        return parseJson(json.replace('\'', '"'));
    }

    static Map<String, JsonNode> parseJson(String json) {
        Map<String, JsonNode> members = new LinkedHashMap<>();
        MAPPER.readTree(json).properties().forEach(member -> members.put(member.getKey(), member.getValue()));
        return members;
    }
}
