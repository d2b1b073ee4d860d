package io.guestflow.processor.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.guestflow.contracts.auth.ContextDrop;
import io.guestflow.contracts.auth.ContextDrop.Reason;
import io.guestflow.contracts.auth.GuestAuthRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

class ContextPolicyTest {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final ContextPolicy defaults = new ContextPolicy(AllowedKeys.DEFAULTS);
    private final ContextPolicy open = new ContextPolicy(List.of(
            AllowedKey.of("text", AllowedKey.Type.TEXT, 100, null),
            AllowedKey.of("other", AllowedKey.Type.TEXT, 100, null),
            AllowedKey.of("flag", AllowedKey.Type.FLAG, 10, null),
            AllowedKey.of("number", AllowedKey.Type.NUMBER, 20, null),
            AllowedKey.of("small", AllowedKey.Type.NUMBER, 3, "[0-9]+")));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'segment':'anonymous','campaign':'organic','device':'web'}",
                "{'segment':'vip-2','campaign':'utm_spring-2026','device':'ios','privacy_mode':'strict'}",
                "{'segment':'loyalty:gold','campaign':'Brand|Search|US - Exact (2026)','device':'iPhone17,3'}",
                "{'segment':'B2B/enterprise','campaign':'Frühjahr & Sommer 2026','device':'Smart TV','privacy_mode':true}",
                "{'segment':'a','campaign':'春のキャンペーン','device':'android-15.1','privacy_mode':false}",
                "{'campaign':'120208412345670123','privacy_mode':'off'}",
                "{'campaign':'[US] Brand - 20% off, €5 & more!','privacy_mode':'True'}",
                "{'campaign':'Mother\u2019s Day \u2013 #1 gift?'}",
                "{}"
            })
    void letsWhatWebTiersSendPass(String context) {
        Screening screening = defaults.screen(context(context));
        assertEquals(List.of(), screening.dropped());
        assertEquals(context(context), screening.accepted());
    }

    /** Each allowed by itself; together they would make a command that nobody could read. */
    @ParameterizedTest
    @ValueSource(strings = {"a", "\"", "ä", "春", "😀"})
    void whatIsTooLongTogetherIsDroppedByPriority(String character) {
        List<AllowedKey> keys = IntStream.range(0, 60)
                .mapToObj(i -> AllowedKey.of("key" + (59 - i), AllowedKey.Type.TEXT, 1024, null))
                .toList();
        Map<String, JsonNode> context = new TreeMap<>();
        keys.forEach(key -> context.put(key.name(), NODES.stringNode(character.repeat(1000))));

        Screening screening = new ContextPolicy(keys).screen(context);

        int kept = screening.accepted().size();
        assertTrue(kept > 0 && kept < 60, () -> kept + " kept");
        assertEquals(
                keys.stream().limit(kept).map(AllowedKey::name).collect(Collectors.toSet()),
                screening.accepted().keySet());
        assertEquals(
                Math.min(60 - kept, ContextPolicy.MAX_LISTED),
                screening.dropped().size());
        screening.dropped().forEach(drop -> assertEquals(Reason.TOO_LONG, drop.reason()));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource
    void dropsWhatTheDefaultsDoNotAllow(Reason reason, String context) {
        Map<String, JsonNode> members = context(context);
        Screening screening = defaults.screen(members);
        assertEquals(List.of(new ContextDrop(members.keySet().iterator().next(), reason)), screening.dropped());
        assertTrue(screening.accepted().isEmpty());
    }

    static Stream<Arguments> dropsWhatTheDefaultsDoNotAllow() {
        return Stream.of(
                arguments(Reason.WRONG_TYPE, "{'segment':7}"),
                arguments(Reason.WRONG_TYPE, "{'segment':true}"),
                arguments(Reason.WRONG_TYPE, "{'segment':{'email':'jane@example.com'}}"),
                arguments(Reason.WRONG_TYPE, "{'campaign':['organic']}"),
                arguments(Reason.WRONG_TYPE, "{'campaign':{}}"),
                arguments(Reason.WRONG_TYPE, "{'privacy_mode':1}"),
                arguments(Reason.TOO_LONG, "{'segment':'" + "a".repeat(65) + "'}"),
                arguments(Reason.TOO_LONG, "{'campaign':'" + "a".repeat(10_240) + "'}"),
                arguments(Reason.CONTROL_CHARACTER, "{'segment':'vip\\r\\nX-Injected: 1'}"),
                arguments(Reason.PATTERN_MISMATCH, "{'segment':'vip;privacy_mode=off'}"),
                arguments(Reason.PATTERN_MISMATCH, "{'segment':''}"),
                arguments(Reason.PATTERN_MISMATCH, "{'segment':'Jane Doe'}"),
                arguments(Reason.PATTERN_MISMATCH, "{'segment':' vip'}"),
                arguments(Reason.PATTERN_MISMATCH, "{'campaign':'a\\u0022b'}"),
                arguments(Reason.PATTERN_MISMATCH, "{'device':'web\\u200b'}"),
                arguments(Reason.PATTERN_MISMATCH, "{'campaign':'<script>'}"),
                arguments(Reason.PATTERN_MISMATCH, "{'campaign':'name=Jane;age=30'}"),
                arguments(Reason.PATTERN_MISMATCH, "{'campaign':'@jane'}"),
                arguments(Reason.PATTERN_MISMATCH, "{'privacy_mode':'1; DROP'}"),
                arguments(Reason.LOOKS_LIKE_EMAIL, "{'campaign':'jane@example.com'}"),
                arguments(Reason.LOOKS_LIKE_EMAIL, "{'privacy_mode':'jane@example.com'}"),
                arguments(Reason.LOOKS_LIKE_PHONE, "{'segment':'+49-151-12345678'}"),
                arguments(Reason.LOOKS_LIKE_CARD, "{'campaign':'4111 1111 1111 1111'}"));
    }

    @ParameterizedTest(name = "U+{0}")
    @ValueSource(
            strings = {
                "0000", "0009", "000A", "000D", "001B", "007F", "0080", "0085", "009F", "2028", "2029", "061C", "200E",
                "200F", "202A", "202E", "2066", "2069", "FFF9", "FDD0", "FFFE", "FFFF", "D83D", "DE00", "E0041", "1FFFF"
            })
    void dropsCharactersThatSteer(String point) {
        String text = "a" + Character.toString(Integer.parseInt(point, 16)) + "b";
        Screening screening = open.screen(Map.of("text", NODES.stringNode(text)));
        assertEquals(List.of(new ContextDrop("text", Reason.CONTROL_CHARACTER)), screening.dropped());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "naïve", "👩‍👧 family", "می‌خواهم", "क्षि", "co­operate", "🇩🇪", "ﬁ", "\u00a0"})
    void letsOtherCharactersPass(String text) {
        assertEquals(
                List.of(), open.screen(Map.of("text", NODES.stringNode(text))).dropped());
    }

    @Test
    void measuresTextInCodePoints() {
        assertEquals(
                List.of(),
                open.screen(Map.of("text", NODES.stringNode("😀".repeat(100)))).dropped());
        assertEquals(
                List.of(new ContextDrop("text", Reason.TOO_LONG)),
                open.screen(Map.of("text", NODES.stringNode("😀".repeat(101)))).dropped());
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "0",
                "-0.0",
                "7",
                "-7.25",
                "0.1",
                "1e3",
                "999999999999999",
                "1763794800000",
                "1.50",
                "1E-10",
                "0e99999"
            })
    void letsNumbersPass(String number) {
        assertEquals(
                List.of(), open.screen(context("{'number':" + number + "}")).dropped());
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource
    void dropsNumbersOutOfBounds(Reason reason, String number) {
        assertEquals(
                List.of(new ContextDrop("number", reason)),
                open.screen(context("{'number':" + number + "}")).dropped());
    }

    static Stream<Arguments> dropsNumbersOutOfBounds() {
        return Stream.of(
                arguments(Reason.TOO_LONG, "1e300"),
                arguments(Reason.TOO_LONG, "1e-300"),
                arguments(Reason.TOO_LONG, "1000000000000000"),
                arguments(Reason.TOO_LONG, "0.1234567890123456"),
                arguments(Reason.TOO_LONG, "9".repeat(100)),
                arguments(Reason.LOOKS_LIKE_CARD, "378282246310005"),
                arguments(Reason.LOOKS_LIKE_CARD, "4222222222222.0"),
                arguments(Reason.WRONG_TYPE, "'7'"),
                arguments(Reason.WRONG_TYPE, "true"),
                arguments(Reason.WRONG_TYPE, "1e999999"),
                arguments(Reason.WRONG_TYPE, "[7]"));
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void dropsNumbersThatAreNone(double number) {
        assertEquals(
                List.of(new ContextDrop("number", Reason.WRONG_TYPE)),
                open.screen(Map.of("number", NODES.numberNode(number))).dropped());
    }

    @Test
    void measuresAndMatchesNumbersInDecimalForm() {
        assertEquals(List.of(), open.screen(context("{'small':1e2}")).dropped());
        assertEquals(
                List.of(new ContextDrop("small", Reason.TOO_LONG)),
                open.screen(context("{'small':1e3}")).dropped());
        assertEquals(
                List.of(new ContextDrop("small", Reason.PATTERN_MISMATCH)),
                open.screen(context("{'small':-1}")).dropped());
    }

    @Test
    void aFlagWithoutPatternIsTrueOrFalseOnly() {
        assertEquals(List.of(), open.screen(context("{'flag':false}")).dropped());
        assertEquals(
                List.of(new ContextDrop("flag", Reason.WRONG_TYPE)),
                open.screen(context("{'flag':'true'}")).dropped());
    }

    @Test
    void aNullCountsAsAbsent() {
        Screening screening = defaults.screen(context("{'segment':null,'nobody-knows':null,'device':'web'}"));
        assertEquals(List.of(), screening.dropped());
        assertEquals(context("{'device':'web'}"), screening.accepted());
    }

    @Test
    void namesStrangersKeysByNumberInTheOrderOfTheObject() {
        Screening screening =
                defaults.screen(context("{'jane@example.com':1,'segment':5,'x':'y','campaign':'','device':'web'}"));
        assertEquals(
                List.of(
                        new ContextDrop("campaign", Reason.PATTERN_MISMATCH),
                        new ContextDrop("segment", Reason.WRONG_TYPE),
                        new ContextDrop("unknown#1", Reason.NOT_ALLOWED),
                        new ContextDrop("unknown#2", Reason.NOT_ALLOWED)),
                screening.dropped());
        assertEquals(context("{'device':'web'}"), screening.accepted());
    }

    @Test
    void keysMustBeWrittenAsTheListHasThem() {
        assertEquals(
                List.of(
                        new ContextDrop("unknown#1", Reason.NOT_ALLOWED),
                        new ContextDrop("unknown#2", Reason.NOT_ALLOWED)),
                defaults.screen(context("{'Segment':'a','segment ':'b'}")).dropped());
    }

    @Test
    void listsABoundedNumberOfDropsAndNeverLosesAnAllowListedKeyAmongThem() {
        StringBuilder flood = new StringBuilder("{");
        IntStream.range(0, 5000).forEach(i -> flood.append("'k").append(i).append("':1,"));
        Screening screening = defaults.screen(context(flood + "'segment':'jane@example.com','device':'web'}"));
        assertEquals(ContextPolicy.MAX_LISTED, screening.dropped().size());
        assertEquals(
                new ContextDrop("segment", Reason.LOOKS_LIKE_EMAIL),
                screening.dropped().getFirst());
        assertEquals(
                new ContextDrop("unknown#49", Reason.NOT_ALLOWED),
                screening.dropped().getLast());
        assertEquals(context("{'device':'web'}"), screening.accepted());
    }

    @Test
    void dropsBothHalvesOfACardNumber() {
        Screening screening = open.screen(context("{'text':'1111 1111','flag':true,'other':'card 4111 1111'}"));
        assertEquals(
                List.of(
                        new ContextDrop("other", Reason.LOOKS_LIKE_CARD),
                        new ContextDrop("text", Reason.LOOKS_LIKE_CARD)),
                screening.dropped());
        assertEquals(context("{'flag':true}"), screening.accepted());
    }

    @Test
    void dropsEveryPieceOfACardNumberWhateverStandsBetween() {
        Screening screening = defaults.screen(
                context("{'campaign':'4111-1111','device':'web','privacy_mode':true,'segment':'11111111'}"));
        assertEquals(
                List.of(
                        new ContextDrop("campaign", Reason.LOOKS_LIKE_CARD),
                        new ContextDrop("segment", Reason.LOOKS_LIKE_CARD)),
                screening.dropped());
        assertEquals(context("{'device':'web','privacy_mode':true}"), screening.accepted());
    }

    @Test
    void seesAPieceInANumberToo() {
        Screening screening = open.screen(context("{'number':41111111,'other':'11111111'}"));
        assertEquals(
                List.of(
                        new ContextDrop("number", Reason.LOOKS_LIKE_CARD),
                        new ContextDrop("other", Reason.LOOKS_LIKE_CARD)),
                screening.dropped());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'campaign':'spring-2026','segment':'vip-2'}",
                "{'campaign':'12345678','segment':'12345678'}",
                "{'campaign':'41111111','segment':'11111112'}",
                "{'campaign':'4111111111111','segment':'111'}",
                "{'campaign':'41111111 x','segment':'11111111'}"
            })
    void joinsNothingElse(String context) {
        assertEquals(List.of(), defaults.screen(context(context)).dropped());
    }

    @Test
    void takesAContextAsTheCodecReadsIt() {
        String request = "{\"requestId\":\"r\",\"guestId\":\"g\",\"channelId\":\"c\",\"consent\":{\"accepted\":true},"
                + "\"context\":{\"segment\":\"vip\",\"email\":\"jane@example.com\"}}";
        Screening screening = defaults.screen(GuestAuthRequest.CODEC
                .read(request.getBytes(StandardCharsets.UTF_8))
                .context());
        assertEquals(context("{'segment':'vip'}"), screening.accepted());
        assertEquals(List.of(new ContextDrop("unknown#1", Reason.NOT_ALLOWED)), screening.dropped());
    }

    @Test
    void givesTheOrderOfTheListAsPriority() {
        assertEquals(List.of("segment", "campaign", "device", "privacy_mode"), defaults.priority());
    }

    @Test
    void refusesAKeyThatIsListedTwice() {
        AllowedKey key = AllowedKey.of("plan", AllowedKey.Type.TEXT, 5, null);
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> new ContextPolicy(List.of(key, key)));
        assertTrue(refused.getMessage().contains("'plan'"));
    }

    @Test
    void anEmptyListDropsAll() {
        assertFalse(new ContextPolicy(List.of())
                .screen(context("{'segment':'vip'}"))
                .dropped()
                .isEmpty());
    }

    private static Map<String, JsonNode> context(String json) {
        return Contexts.parse(json);
    }
}
