package io.guestflow.contracts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.Samples.Sample;
import io.guestflow.contracts.codec.ContractViolation;
import io.guestflow.contracts.codec.JsonCodec;
import io.guestflow.contracts.codec.Problem.Defect;
import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/** Bytes that anyone may put on a topic: all that comes of them is a {@link ContractViolation} that tells none of them. */
class HostileBytesTest {
    private static final int SEEDS = 100;
    private static final int VALUES_PER_SEED = 100;
    private static final String CANARY = "canary-5550100";

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void randomBytesAreReadOrRefusedAndNothingElse(long seed) {
        Random random = new Random(seed);
        List<Sample> samples = Samples.all();
        for (int i = 0; i < VALUES_PER_SEED; i++) {
            Sample sample = samples.get(random.nextInt(samples.size()));
            byte[] bytes = random.nextInt(10) == 0 ? noise(random) : damaged(sample.bytes(), random);
            readOrRefuse(sample.codec(), bytes);
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void aSampleCutShortAnywhereIsRefused(Sample sample) {
        byte[] bytes = sample.text().strip().getBytes(StandardCharsets.UTF_8);
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThrows(ContractViolation.class, () -> sample.codec().read(cut), "cut at " + length);
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void aRefusalNeverQuotesTheValue(Sample sample) {
        AtomicInteger refused = new AtomicInteger();
        for (String value : List.of(
                "\"" + CANARY + "\"",
                "\"" + CANARY.repeat(500) + "\"",
                "\"" + CANARY + "\\ud800\"",
                "{\"" + CANARY + "\":\"" + CANARY + "\"}",
                "[\"" + CANARY + "\",{\"" + CANARY + "\":1}]",
                "5550100",
                "-5550100",
                "5550100.5",
                "5550100e300",
                "5550100e999999999",
                "\"2026-11-22T07:00:00.5550100\"",
                // From here on not JSON.
                CANARY,
                "\"" + CANARY + "\" \"" + CANARY + "\"",
                "\"" + CANARY + "\n\"",
                "\"" + CANARY + "\\u12" + CANARY + "\"",
                "{\"" + CANARY + "\":1,\"" + CANARY + "\":2}",
                "[".repeat(20) + "\"" + CANARY + "\"" + "]".repeat(20),
                "5550100".repeat(20),
                "05550100",
                "\"" + CANARY)) {
            Stream.of(
                            Mutations.everywhere(sample.json(), value),
                            Stream.of(with(sample, CANARY, value), value, sample.text() + value))
                    .flatMap(values -> values)
                    .forEach(json -> refused.addAndGet(refusedUntold(sample, json) ? 1 : 0));
        }
        assertTrue(refused.get() > 50, "hardly anything was refused: " + refused);
    }

    @ParameterizedTest
    @MethodSource("sealedSamples")
    void anUnheardOfVariantIsRefusedByItsField(Sample sample, String field) {
        ContractViolation violation = refusal(sample.codec(), with(sample, field, "\"Unheard\""));
        assertTrue(
                violation.problems().stream()
                        .anyMatch(problem -> problem.field().equals(field)),
                violation.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32", "UTF-32LE", "UTF-32BE"})
    void otherUnicodeEncodingsAreRefused(String charset) {
        Samples.all()
                .forEach(sample -> assertEquals(
                        Defect.NOT_JSON, defect(sample.codec(), sample.text().getBytes(Charset.forName(charset)))));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void aByteOrderMarkIsRefused(Sample sample) {
        assertEquals(Defect.NOT_JSON, defect(sample.codec(), "\ufeff" + sample.text()));
    }

    @ParameterizedTest
    @MethodSource("malformedUtf8")
    void malformedUtf8IsRefused(String what, int[] malformed) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes("{\"until\":\"2026-11-22T07:00:31.000Z\",\"instanceId\":\"".getBytes(StandardCharsets.UTF_8));
        for (int octet : malformed) {
            bytes.write(octet);
        }
        bytes.writeBytes("\"}".getBytes(StandardCharsets.UTF_8));
        assertEquals(Defect.NOT_JSON, defect(Topics.CXONE_THROTTLE.codec(), bytes.toByteArray()), what);
    }

    @ParameterizedTest
    @MethodSource("samples")
    void aValueOfSixtyFourKibibytesIsReadAndOneByteMoreIsNot(Sample sample) {
        String text = sample.text();
        int room = JsonCodec.MAX_BYTES - sample.bytes().length;
        byte[] largest = (text + " ".repeat(room)).getBytes(StandardCharsets.UTF_8);
        assertEquals(JsonCodec.MAX_BYTES, largest.length);
        sample.codec().read(largest);
        assertEquals(Defect.TOO_LARGE, defect(sample.codec(), text + " ".repeat(room + 1)));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void sixteenLevelsAreReadAndSeventeenAreNot(Sample sample) {
        // The value itself is the first level.
        sample.codec().read(bytes(with(sample, "unheardOf", "[".repeat(15) + "]".repeat(15))));
        assertEquals(
                Defect.TOO_DEEP, defect(sample.codec(), with(sample, "unheardOf", "[".repeat(16) + "]".repeat(16))));
        assertEquals(Defect.TOO_DEEP, defect(sample.codec(), with(sample, "unheardOf", "{\"x\":".repeat(10_000))));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void aKeyThatStandsTwiceIsRefusedWhereverItStands(Sample sample) {
        String first = sample.json().propertyNames().iterator().next();
        String again = "\"" + first + "\":" + sample.json().get(first) + ",";
        assertEquals(Defect.DUPLICATE_KEY, defect(sample.codec(), sample.text().replaceFirst("\\{", "{" + again)));
        assertEquals(
                Defect.DUPLICATE_KEY, defect(sample.codec(), with(sample, "unheardOf", "[{\"x\":1,\"\\u0078\":2}]")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "null", "1", "x", ",", "}", "]", "\u0000", "\"", "//", "/*"})
    void whateverFollowsTheValueIsRefused(String trailer) {
        Samples.all().forEach(sample -> assertEquals(Defect.NOT_JSON, defect(sample.codec(), sample.text() + trailer)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n\t", "{", "}", "{\"requestId\"", "nul", "NaN", "Infinity", "'x'", "\u0000"})
    void whatIsNotJsonIsSaidNotToBe(String text) {
        Samples.contracts().forEach(codec -> assertEquals(Defect.NOT_JSON, defect(codec, text)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "true", "1", "1e999999999", "\"x\"", "[]", "[{}]"})
    void whatIsJsonButNoObjectIsSaidNotToBe(String text) {
        Samples.contracts().forEach(codec -> assertEquals(Defect.NOT_AN_OBJECT, defect(codec, text)));
    }

    @Test
    void noValueAtAllIsRefused() {
        Samples.contracts()
                .forEach(codec -> assertEquals(
                        Defect.NULL_VALUE,
                        refusal(codec, (byte[]) null).problems().get(0).defect()));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void anEndlessNumberOrNameIsRefusedEvenWhereNobodyLooks(Sample sample) {
        sample.codec().read(bytes(with(sample, "unheardOf", "9".repeat(100))));
        assertEquals(Defect.TOO_LONG, defect(sample.codec(), with(sample, "unheardOf", "9".repeat(101))));
        assertEquals(Defect.TOO_LONG, defect(sample.codec(), with(sample, "unheardOf", "0." + "1".repeat(101))));
        assertEquals(Defect.TOO_LONG, defect(sample.codec(), with(sample, "x".repeat(50_001), "1")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\ud800", "\\udc00", "x\\ud83dx", "\\ude00\\ud83d"})
    void aLoneSurrogateIsRefusedWhereverItWouldBePassedOn(String text) {
        Sample request = Samples.all().get(0);
        assertEquals(
                List.of("requestId"), fields(refusal(request.codec(), with(request, "requestId", "\"" + text + "\""))));
        assertEquals(
                List.of("context"),
                fields(refusal(request.codec(), with(request, "context", "{\"a\":[{\"b\":\"" + text + "\"}]}"))));
        assertEquals(Defect.NOT_JSON, defect(request.codec(), with(request, "context", "{\"" + text + "\":1}")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e309", "-1e309", "1e999999999", "1E+400"})
    void aNumberThatWouldTurnIntoATextIsRefusedInContext(String number) {
        Sample request = Samples.all().get(0);
        assertEquals(
                List.of("context"),
                fields(refusal(request.codec(), with(request, "context", "{\"a\":[" + number + "]}"))));
    }

    @Test
    void theProblemsOfAValueAreFewEnoughToBeTold() {
        Sample fact = Samples.named(Topics.GUEST_FACTS.codec(), "01-auth-succeeded");
        ContractViolation violation =
                refusal(fact.codec(), with(fact, "contextKeys", "[0" + ",0".repeat(30_000) + "]"));
        assertEquals(100, violation.problems().size());
        assertTrue(violation.getMessage().length() < 10_000);
    }

    static LongStream seeds() {
        return LongStream.range(0, SEEDS);
    }

    static List<Sample> samples() {
        return Samples.all();
    }

    static Stream<Arguments> sealedSamples() {
        return Samples.all().stream()
                .flatMap(sample -> Stream.of("kind", "status")
                        .filter(field -> sample.json().has(field))
                        .map(field -> Arguments.of(sample, field)));
    }

    static Stream<Arguments> malformedUtf8() {
        return Stream.of(
                Arguments.of("ISO 8859-1", new int[] {0xE9}),
                Arguments.of("a continuation alone", new int[] {0x80}),
                Arguments.of("a sequence cut short", new int[] {0xE2, 0x82}),
                Arguments.of("overlong A", new int[] {0xC1, 0x81}),
                Arguments.of("overlong NUL", new int[] {0xC0, 0x80}),
                Arguments.of("overlong in three", new int[] {0xE0, 0x81, 0x81}),
                Arguments.of("a surrogate", new int[] {0xED, 0xA0, 0x80}),
                Arguments.of("a pair of surrogates, CESU-8", new int[] {0xED, 0xA0, 0xBD, 0xED, 0xB8, 0x80}),
                Arguments.of("beyond Unicode", new int[] {0xF4, 0x90, 0x80, 0x80}),
                Arguments.of("no octet of UTF-8", new int[] {0xFF}));
    }

    private static void readOrRefuse(JsonCodec<?> codec, byte[] bytes) {
        try {
            assertTrue(codec.read(bytes) != null);
        } catch (ContractViolation violation) {
            assertFalse(violation.problems().isEmpty());
            assertUntold(violation);
        }
    }

    private static boolean refusedUntold(Sample sample, String json) {
        try {
            sample.codec().read(bytes(json));
            return false;
        } catch (ContractViolation violation) {
            assertUntold(violation);
            return true;
        }
    }

    private static void assertUntold(ContractViolation violation) {
        assertFalse(violation.getMessage().contains("canary"), violation.getMessage());
        assertFalse(violation.getMessage().contains("5550100"), violation.getMessage());
        assertNull(violation.getCause());
        assertEquals(0, violation.getSuppressed().length);
    }

    private static ContractViolation refusal(JsonCodec<?> codec, byte[] bytes) {
        return assertThrows(ContractViolation.class, () -> codec.read(bytes));
    }

    private static ContractViolation refusal(JsonCodec<?> codec, String json) {
        return refusal(codec, bytes(json));
    }

    private static Defect defect(JsonCodec<?> codec, byte[] bytes) {
        ContractViolation violation = refusal(codec, bytes);
        assertEquals(1, violation.problems().size(), violation.getMessage());
        assertEquals("", violation.problems().get(0).field());
        return violation.problems().get(0).defect();
    }

    private static Defect defect(JsonCodec<?> codec, String json) {
        return defect(codec, bytes(json));
    }

    private static List<String> fields(ContractViolation violation) {
        return violation.problems().stream().map(problem -> problem.field()).toList();
    }

    private static byte[] bytes(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }

    /** The sample with one field as given, even if that is not JSON. */
    private static String with(Sample sample, String field, String value) {
        ObjectNode json = sample.json();
        json.remove(field);
        String rest = json.toString();
        return "{\"" + field + "\":" + value + (json.isEmpty() ? "" : ",") + rest.substring(1);
    }

    private static byte[] noise(Random random) {
        byte[] bytes = new byte[random.nextInt(200)];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] damaged(byte[] bytes, Random random) {
        byte[] damaged = bytes.clone();
        for (int i = random.nextInt(1, 6); i > 0 && damaged.length > 0; i--) {
            int at = random.nextInt(damaged.length);
            switch (random.nextInt(5)) {
                case 0 -> damaged[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> damaged[at] = (byte) "{}[]\",:\\0-.eE \n\u0000".charAt(random.nextInt(16));
                case 2 -> damaged = Arrays.copyOf(damaged, at);
                case 3 -> damaged = spliced(damaged, at, at, damaged, random.nextInt(damaged.length));
                default -> damaged = spliced(damaged, at, Math.min(damaged.length, at + 3), new byte[0], 0);
            }
        }
        return damaged;
    }

    private static byte[] spliced(byte[] bytes, int from, int to, byte[] other, int start) {
        ByteArrayOutputStream spliced = new ByteArrayOutputStream();
        spliced.write(bytes, 0, from);
        spliced.write(other, start, Math.min(20, other.length - start));
        spliced.write(bytes, to, bytes.length - to);
        return spliced.toByteArray();
    }
}
