package io.guestflow.processor.context;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

class ContextHeadersTest {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    @Test
    void codesPairsSortedByKey() {
        ContextHeaders headers = ContextHeaders.encode(
                Contexts.parse("{'segment':'anonymous','campaign':'Brand|Search','privacy_mode':true,'score':1.50}"),
                List.of());
        assertEquals("campaign=Brand%7CSearch;privacy_mode=true;score=1.5;segment=anonymous", headers.niceContext());
        assertEquals(
                "{\"campaign\":\"Brand|Search\",\"privacy_mode\":true,\"score\":1.5,\"segment\":\"anonymous\"}",
                headers.botVariables());
        assertEquals(List.of(), headers.leftOutOfNiceContext());
        assertEquals(List.of(), headers.leftOutOfBotVariables());
    }

    @Test
    void leavesUnreservedCharactersAndEscapesAllOthers() {
        ContextHeaders headers =
                ContextHeaders.encode(Map.of("k", NODES.stringNode("aZ09._~- ;=,\"%\\\r\né😀\u007f")), List.of("k"));
        assertEquals("k=aZ09._~-%20%3B%3D%2C%22%25%5C%0D%0A%C3%A9%F0%9F%98%80%7F", headers.niceContext());
        assertEquals(
                "{\"k\":\"aZ09._~-\\u0020;=,\\u0022%\\u005C\\u000D\\u000A\\u00E9\\uD83D\\uDE00\\u007F\"}",
                headers.botVariables());
    }

    @Test
    void aValueCannotAddAPair() {
        ContextHeaders headers = ContextHeaders.encode(
                Map.of(
                        "segment",
                        NODES.stringNode("vip;privacy_mode=off"),
                        "x",
                        NODES.stringNode("\",\"admin\":\"yes")),
                List.of());
        assertEquals("segment=vip%3Bprivacy_mode%3Doff;x=%22%2C%22admin%22%3A%22yes", headers.niceContext());
        assertEquals(
                List.of("segment", "x"),
                List.copyOf(Contexts.parseJson(headers.botVariables()).keySet()));
    }

    @Test
    void anEmptyContextHasEmptyHeaders() {
        ContextHeaders headers = ContextHeaders.encode(Map.of(), List.of("segment"));
        assertEquals("", headers.niceContext());
        assertEquals("{}", headers.botVariables());
    }

    @Test
    void dropsTheLeastImportantPairsFirst() {
        Map<String, JsonNode> context = new HashMap<>();
        context.put("a", NODES.stringNode("1".repeat(900)));
        context.put("b", NODES.stringNode("2".repeat(900)));
        context.put("c", NODES.stringNode("3".repeat(900)));
        context.put("d", NODES.stringNode("4"));
        ContextHeaders headers = ContextHeaders.encode(context, List.of("c", "a", "b"));
        assertEquals("a=" + "1".repeat(900) + ";c=" + "3".repeat(900), headers.niceContext());
        assertEquals(List.of("b", "d"), headers.leftOutOfNiceContext());
        assertEquals(List.of("b", "d"), headers.leftOutOfBotVariables());
    }

    @Test
    void aPairThatCouldNeverFitTakesNoOtherWithIt() {
        ContextHeaders headers = ContextHeaders.encode(
                Map.of("a", NODES.stringNode("é".repeat(1000)), "b", NODES.stringNode("2")), List.of("a", "b"));
        assertEquals("b=2", headers.niceContext());
        assertEquals(List.of("a"), headers.leftOutOfNiceContext());
    }

    @Test
    void theTwoHeadersHaveABudgetEach() {
        // Three bytes each in the first header, six in the second.
        ContextHeaders headers = ContextHeaders.encode(
                Map.of("k", NODES.stringNode(" ".repeat(500)), "l", NODES.stringNode("x")), List.of());
        assertEquals(List.of(), headers.leftOutOfNiceContext());
        assertEquals(List.of("k"), headers.leftOutOfBotVariables());
    }

    @ParameterizedTest(name = "{0} more")
    @MethodSource
    void fillsTheBudgetToTheLastByte(int more) {
        ContextHeaders pairs = ContextHeaders.encode(Map.of("k", NODES.stringNode("v".repeat(2046 + more))), List.of());
        assertEquals(more > 0, pairs.niceContext().isEmpty());
        ContextHeaders json = ContextHeaders.encode(Map.of("k", NODES.stringNode("v".repeat(2040 + more))), List.of());
        assertEquals(more > 0, json.botVariables().equals("{}"));
        Map<String, JsonNode> two = Map.of("k", NODES.stringNode("v".repeat(2042 + more)), "l", NODES.stringNode("v"));
        assertEquals(
                more > 0,
                ContextHeaders.encode(two, List.of("k", "l"))
                        .leftOutOfNiceContext()
                        .contains("l"));
    }

    static IntStream fillsTheBudgetToTheLastByte() {
        return IntStream.rangeClosed(0, 1);
    }

    @Test
    void leavesOutWhatIsNoScalar() {
        ContextHeaders headers = ContextHeaders.encode(
                Contexts.parse("{'a':{'b':1},'c':[1],'d':null,'e':1e300,'f':'x','g':1e-300}"), List.of());
        assertEquals("f=x", headers.niceContext());
        assertEquals("{\"f\":\"x\"}", headers.botVariables());
        assertEquals(List.of("a", "c", "d", "e", "g"), headers.leftOutOfNiceContext());
        assertEquals(List.of("a", "c", "d", "e", "g"), headers.leftOutOfBotVariables());
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void anyAcceptedContextSurvivesTheHeaders(int seed) {
        Random random = new Random(seed);
        List<AllowedKey> keys = keys(random);
        ContextPolicy policy = new ContextPolicy(keys);
        Map<String, JsonNode> accepted = policy.screen(context(keys, random)).accepted();
        ContextHeaders headers = ContextHeaders.encode(accepted, policy.priority());

        for (String value : List.of(headers.niceContext(), headers.botVariables())) {
            assertTrue(value.chars().allMatch(c -> c > ' ' && c < 0x7F), value);
            assertTrue(value.length() <= ContextHeaders.BUDGET_BYTES, "bytes: " + value.length());
            assertDoesNotThrow(() ->
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1/")).header("X-Context", value));
        }
        assertEquals(texts(without(accepted, headers.leftOutOfNiceContext())), decoded(headers.niceContext()));
        Map<String, JsonNode> variables = Contexts.parseJson(headers.botVariables());
        assertEquals(texts(without(accepted, headers.leftOutOfBotVariables())), texts(variables));
        variables.forEach((key, value) ->
                assertEquals(accepted.get(key).isNumber(), value.isNumber(), "a number stays a number, a text a text"));
        assertEquals(List.copyOf(new TreeMap<>(variables).keySet()), List.copyOf(variables.keySet()));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void leavesOutNoPairThatIsMoreImportantThanOneItKeeps(int seed) {
        Random random = new Random(seed);
        List<AllowedKey> keys = keys(random);
        ContextPolicy policy = new ContextPolicy(keys);
        Map<String, JsonNode> accepted = policy.screen(context(keys, random)).accepted();
        List<String> priority = policy.priority();
        ContextHeaders headers = ContextHeaders.encode(accepted, priority);
        int leastKept = without(accepted, headers.leftOutOfNiceContext()).keySet().stream()
                .mapToInt(priority::indexOf)
                .max()
                .orElse(-1);
        for (String key : headers.leftOutOfNiceContext()) {
            boolean fitsAlone = ContextHeaders.encode(Map.of(key, accepted.get(key)), priority)
                    .leftOutOfNiceContext()
                    .isEmpty();
            assertTrue(!fitsAlone || priority.indexOf(key) > leastKept, key);
        }
    }

    static IntStream seeds() {
        return IntStream.range(0, 300);
    }

    private static List<AllowedKey> keys(Random random) {
        List<AllowedKey> keys = new ArrayList<>();
        for (int i = 0; i < 1 + random.nextInt(12); i++) {
            AllowedKey.Type type = AllowedKey.Type.values()[random.nextInt(3)];
            keys.add(AllowedKey.of("k" + i + ".a_b-c", type, 1 + random.nextInt(AllowedKey.LONGEST), null));
        }
        Collections.shuffle(keys, random);
        return keys;
    }

    private static Map<String, JsonNode> context(List<AllowedKey> keys, Random random) {
        Map<String, JsonNode> context = new LinkedHashMap<>();
        for (AllowedKey key : keys) {
            context.put(
                    key.name(),
                    switch (key.type()) {
                        case TEXT -> NODES.stringNode(text(random, random.nextInt(key.maxLength() + 1)));
                        case FLAG -> NODES.booleanNode(random.nextBoolean());
                        case NUMBER -> number(random);
                    });
        }
        return context;
    }

    private static JsonNode number(Random random) {
        return switch (random.nextInt(3)) {
            case 0 -> NODES.numberNode(random.nextInt());
            case 1 -> NODES.numberNode(random.nextInt(100_000) / 100.0);
            default -> NODES.numberNode(random.nextLong());
        };
    }

    private static String text(Random random, int length) {
        String hostile = ";=,\"%\\ +&'<>{}[]:/?#|~";
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            switch (random.nextInt(8)) {
                case 0 -> text.append(hostile.charAt(random.nextInt(hostile.length())));
                case 1 -> text.appendCodePoint(0xC0 + random.nextInt(0x100));
                case 2 -> text.appendCodePoint(0x1F600 + random.nextInt(40));
                default -> text.append((char) ('a' + random.nextInt(26)));
            }
        }
        return text.toString();
    }

    private static Map<String, JsonNode> without(Map<String, JsonNode> context, List<String> keys) {
        Map<String, JsonNode> rest = new TreeMap<>(context);
        rest.keySet().removeAll(keys);
        return rest;
    }

    private static Map<String, String> texts(Map<String, JsonNode> context) {
        Map<String, String> texts = new TreeMap<>();
        context.forEach((key, value) -> texts.put(
                key,
                value.isNumber() ? value.decimalValue().stripTrailingZeros().toPlainString() : value.asString()));
        return texts;
    }

    private static Map<String, String> decoded(String header) {
        Map<String, String> pairs = new TreeMap<>();
        for (String pair : header.isEmpty() ? new String[0] : header.split(";", -1)) {
            String[] sides = pair.split("=", -1);
            assertEquals(2, sides.length, pair);
            pairs.put(
                    URLDecoder.decode(sides[0], StandardCharsets.UTF_8),
                    URLDecoder.decode(sides[1], StandardCharsets.UTF_8));
        }
        return pairs;
    }
}
