package io.guestflow.contracts.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.guestflow.contracts.codec.Problem.Defect;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class FieldsTest {
    private static final JsonCodec<Fields> CODEC = JsonCodec.of("test/1", fields -> fields);

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 127, 128})
    void anIdHasUpToHundredTwentyEightCharactersCountedAsCodePoints(int length) {
        for (String character : List.of("x", "é", "語", "😀")) {
            Fields in = fields("{\"id\":\"%s\"}".formatted(character.repeat(length)));
            assertEquals(character.repeat(length), in.id("id"));
            assertEquals(List.of(), in.problems());
        }
    }

    @Test
    void anIdOfOneCharacterMoreIsTooLong() {
        for (String character : List.of("x", "é", "語", "😀")) {
            Fields in = fields("{\"id\":\"%s\"}".formatted(character.repeat(129)));
            in.id("id");
            assertEquals(
                    List.of(new Problem("id", Defect.TOO_LONG, "must have at most 128 characters")), in.problems());
        }
    }

    @ParameterizedTest
    @CsvSource({"'{}', MISSING", "'{\"id\":null}', MISSING", "'{\"id\":\"\"}', WRONG", "'{\"id\":1}', WRONG"})
    void anIdThatIsNoneIsNotedAndStoodInFor(String json, Defect defect) {
        Fields in = fields(json);
        assertEquals("", in.id("id"));
        assertEquals(List.of(defect), defects(in));
    }

    @Test
    void wholeNumbersOfAnArrayAreCheckedOneByOne() {
        assertEquals(List.of(3L, 100L, 0L), fields("{\"x\":[3,1e2,0]}").optionalWholes("x", 3, 0, 100));
        for (String absent : List.of("{}", "{\"x\":null}")) {
            Fields in = fields(absent);
            assertEquals(List.of(), in.optionalWholes("x", 3, 0, 100));
            assertEquals(List.of(), in.problems());
        }
        Fields in = fields("{\"x\":[1,-1,101,0.5,\"7\",null],\"y\":[1,2,3,4],\"z\":5}");
        in.optionalWholes("x", 6, 0, 100);
        in.optionalWholes("y", 3, 0, 100);
        in.optionalWholes("z", 3, 0, 100);
        assertEquals(
                List.of("x[1]", "x[2]", "x[3]", "x[4]", "x[5]", "y", "z"),
                in.problems().stream().map(Problem::field).toList());
    }

    @Test
    void anOptionalFieldThatIsNullCountsAsAbsent() {
        for (String json : List.of("{}", "{\"x\":null}")) {
            Fields in = fields(json);
            assertNull(in.optionalId("x"));
            assertNull(in.optionalText("x", 5));
            assertNull(in.optionalTime("x"));
            assertNull(in.optionalWhole("x", 0, 9));
            assertNull(in.optionalHttpStatus("x"));
            assertNull(in.optionalObject("x"));
            assertNull(in.optionalFlag("x"));
            assertNull(in.optionalCount("x", 0));
            assertEquals(List.of(), in.optionalTexts("x", 5));
            assertEquals(List.of(), in.optionalObjects("x", inner -> inner));
            assertEquals(Map.of(), in.members("x"));
            assertEquals(Map.of(), in.scalars("x"));
            assertEquals(List.of(), in.problems());
        }
    }

    @Test
    void aRequiredFieldThatIsNullIsMissing() {
        List<Consumer<Fields>> readers = List.of(
                in -> in.id("x"),
                in -> in.text("x", 5),
                in -> in.flag("x"),
                in -> in.whole("x", 0, 9),
                in -> in.count("x", 0),
                in -> in.httpStatus("x"),
                in -> in.time("x"),
                in -> in.oneOf("x", TimeUnit.class),
                in -> in.object("x"),
                in -> in.objects("x", inner -> inner),
                in -> in.texts("x", 5));
        for (Consumer<Fields> reader : readers) {
            Fields in = fields("{\"x\":null}");
            reader.accept(in);
            assertEquals(List.of(Defect.MISSING), defects(in));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-22T07:00:00Z, 2026-11-22T07:00:00Z",
        "2026-11-22t07:00:00z, 2026-11-22T07:00:00Z",
        "2026-11-22T07:00:00.5Z, 2026-11-22T07:00:00.500Z",
        "2026-11-22T07:00:00.123456789Z, 2026-11-22T07:00:00.123456789Z",
        "2026-11-22T08:00:00+01:00, 2026-11-22T07:00:00Z",
        "2026-11-21T19:00:00-12:00, 2026-11-22T07:00:00Z",
        "2026-11-22T07:00:00-00:00, 2026-11-22T07:00:00Z",
        "1970-01-01T00:00:00Z, 1970-01-01T00:00:00Z",
        "9999-12-31T23:59:59.999999999Z, 9999-12-31T23:59:59.999999999Z",
    })
    void aTimeIsRfc3339WithAnyOffset(String text, Instant expected) {
        Fields in = fields("{\"at\":\"%s\"}".formatted(text));
        assertEquals(expected, in.time("at"));
        assertEquals(List.of(), in.problems());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-11-22T07:00Z", // OffsetDateTime would do without seconds
                "2026-11-22T07:00:00+01", // and without minutes of the offset
                "2026-11-22T07:00:00+01:00:30", // and takes seconds there
                "2026-11-22T07:00:00.Z", // and a point without decimals
                "2026-11-22T07:00:00",
                "2026-11-22 07:00:00Z",
                "2026-11-22",
                "2026-02-29T07:00:00Z",
                "2016-12-31T23:59:60Z",
                "2026-11-22T24:00:00Z",
                "1969-12-31T23:59:59Z",
                "10000-01-01T00:00:00Z",
                "+10000-01-01T00:00:00Z",
                "1970-01-01T00:00:00+01:00", // in UTC 1969
                "9999-12-31T23:59:59-01:00", // in UTC 10000
                "",
            })
    void anythingElseIsNoTime(String text) {
        Fields in = fields("{\"at\":\"%s\"}".formatted(text));
        assertEquals(Instant.EPOCH, in.time("at"));
        assertEquals(List.of(Defect.WRONG), defects(in));
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "7, 7", "7.0, 7", "70e-1, 7", "1e1, 10", "-0, 0", "-0.0, 0"})
    void aWholeNumberIsOneHoweverItIsWritten(String json, long expected) {
        Fields in = fields("{\"n\":%s}".formatted(json));
        assertEquals(expected, in.whole("n", 0, 10));
        assertEquals(List.of(), in.problems());
    }

    @ParameterizedTest
    @ValueSource(strings = {"7.5", "11", "-1", "1e999999999", "9223372036854775808", "1e-9", "\"7\"", "true", "[]"})
    void anythingElseIsNoWholeNumberOfTheRange(String json) {
        Fields in = fields("{\"n\":%s}".formatted(json));
        in.whole("n", 0, 10);
        assertEquals(List.of(new Problem("n", Defect.WRONG, "must be a whole number from 0 to 10")), in.problems());
    }

    @Test
    void theLargestWholeNumberIsExactInEveryForm() {
        for (String json : List.of("9007199254740991", "9007199254740991.0", "9.007199254740991e15")) {
            Fields in = fields("{\"n\":%s}".formatted(json));
            assertEquals(Fields.MAX_WHOLE, in.whole("n", 0, Fields.MAX_WHOLE));
            assertEquals(List.of(), in.problems());
        }
    }

    @Test
    void anOptionalNumberNeedNotBeWhole() {
        Fields in = fields("{\"a\":131.2,\"b\":7,\"c\":null}");
        assertEquals(131.2, in.optionalNumber("a", 0, 1_000));
        assertEquals(7.0, in.optionalNumber("b", 0, 1_000));
        assertNull(in.optionalNumber("c", 0, 1_000));
        assertNull(in.optionalNumber("d", 0, 1_000));
        assertEquals(List.of(), in.problems());
    }

    @ParameterizedTest
    @ValueSource(strings = {"-0.1", "1000.1", "1e999", "\"7\"", "true", "[]"})
    void anythingElseIsNoNumberOfTheRange(String json) {
        Fields in = fields("{\"n\":%s}".formatted(json));
        in.optionalNumber("n", 0, 1_000);
        assertEquals(List.of(Defect.WRONG), defects(in));
    }

    @Test
    void statusesAreCounted() {
        Fields in = fields("{\"s\":{\"503\":2,\"400\":1.0},\"none\":{}}");
        assertEquals(Map.of("400", 1L, "503", 2L), in.countsByStatus("s"));
        assertEquals(Map.of(), in.countsByStatus("none"));
        assertEquals(List.of(), in.problems());
        in.countsByStatus("absent");
        assertEquals(List.of(Defect.MISSING), defects(in));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"40\":1}", "{\"0400\":1}", "{\"099\":1}", "{\"400\":-1}", "{\"400\":1.5}", "[]", "5"})
    void anythingElseCountsNoStatuses(String json) {
        Fields in = fields("{\"s\":%s}".formatted(json));
        assertEquals(Map.of(), in.countsByStatus("s"));
        assertEquals(
                List.of(new Problem(
                        "s", Defect.WRONG, "must be an object of HTTP statuses, each with a whole number from 0")),
                in.problems());
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1, 1",
        "0.072, 0.072",
        "1e-3, 0.001",
        "-0.1,",
        "1.1,",
        "1e309,",
        "'\"0.5\"',",
        "true,",
        "[],",
        "null,"
    })
    void aNumberNeedNotBeWhole(String json, Double number) {
        Fields in = fields("{\"n\":%s}".formatted(json));
        double read = in.number("n", 0, 1);
        assertEquals(number == null ? 0 : number, read);
        assertEquals(number == null, !in.problems().isEmpty());
    }

    @ParameterizedTest
    @CsvSource({"100, true", "599, true", "999, true", "99, false", "1000, false", "0, false"})
    void anHttpStatusHasThreeDigits(int status, boolean accepted) {
        Fields required = fields("{\"s\":%d}".formatted(status));
        Fields optional = fields("{\"s\":%d}".formatted(status));
        required.httpStatus("s");
        optional.optionalHttpStatus("s");
        assertEquals(accepted, required.problems().isEmpty());
        assertEquals(accepted, optional.problems().isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"days\"", "\"Days\"", "\"DAYS \"", "\"\"", "6", "\"UNHEARD_OF\""})
    void aNameIsTheEnumsOwnToTheLetter(String json) {
        Fields right = fields("{\"unit\":\"DAYS\"}");
        assertSame(TimeUnit.DAYS, right.oneOf("unit", TimeUnit.class));
        assertEquals(List.of(), right.problems());
        Fields wrong = fields("{\"unit\":%s}".formatted(json));
        wrong.oneOf("unit", TimeUnit.class);
        assertEquals(List.of(Defect.WRONG), defects(wrong));
    }

    @Test
    void problemsCarryThePathOfTheirField() {
        Fields in = fields("{\"a\":{\"b\":{}},\"list\":[{\"c\":1},2,{}],\"texts\":[\"ok\",3]}");
        in.object("a").object("b").id("c");
        in.objects("list", inner -> inner.id("c"));
        in.texts("texts", 2);
        assertEquals(
                List.of("a.b.c", "list[0].c", "list[1]", "list[2].c", "texts[1]"),
                in.problems().stream().map(Problem::field).toList());
    }

    @Test
    void whatIsMissingInsideAMissingObjectIsNotToldTwice() {
        Fields in = fields("{}");
        in.object("a").object("b").id("c");
        assertEquals(List.of(new Problem("a", Defect.MISSING, "is required, an object")), in.problems());
    }

    @Test
    void everythingThatIsWrongIsThrownAtOnceInTheOrderOfReading() {
        Fields in = fields("{\"b\":true}");
        in.id("a");
        in.id("b");
        in.problem("c", Defect.WRONG, "must agree with a");
        ContractViolation violation = assertThrows(ContractViolation.class, in::check);
        assertEquals("test/1", violation.schema());
        assertEquals(
                "test/1: a: is required, a string; b: must be a string; c: must agree with a", violation.getMessage());
        assertEquals(in.problems(), violation.problems());
    }

    @Test
    void nothingWrongIsNothingThrown() {
        Fields in = fields("{\"a\":\"x\"}");
        in.id("a");
        in.check();
    }

    @Test
    void anUnknownKindIsToldOnceWhetherItIsAbsentOrUnheardOf() {
        for (String json : List.of("{}", "{\"kind\":\"Unheard\"}", "{\"kind\":5}")) {
            Fields in = fields(json);
            in.text("kind", Fields.MAX_ID);
            assertEquals(
                    List.of("kind"),
                    in.unknownKind().problems().stream().map(Problem::field).toList());
        }
    }

    @Test
    void membersAreAnyJsonInTheirOrder() {
        Fields in = fields("{\"m\":{\"z\":1,\"a\":[null],\"m\":{\"x\":0.5},\"n\":null}}");
        Map<String, JsonNode> members = in.members("m");
        assertEquals(List.of("z", "a", "m", "n"), new ArrayList<>(members.keySet()));
        assertThrows(UnsupportedOperationException.class, members::clear);
        assertEquals(List.of(), in.problems());
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "[]", "{}", "[1]", "1e999"})
    void scalarsAreStringsNumbersAndBooleansOnly(String json) {
        Fields right = fields("{\"m\":{\"z\":\"x\",\"a\":0.5,\"b\":true}}");
        assertEquals(List.of("z", "a", "b"), new ArrayList<>(right.scalars("m").keySet()));
        assertEquals(List.of(), right.problems());
        Fields wrong = fields("{\"m\":{\"z\":\"x\",\"a\":%s}}".formatted(json));
        assertEquals(Map.of(), wrong.scalars("m"));
        assertEquals(List.of("m"), wrong.problems().stream().map(Problem::field).toList());
    }

    @Test
    void aReaderMayLookAtSomeFieldsBeforeItAsksForTheWhole() {
        JsonCodec<String> codec = JsonCodec.of("test/1", in -> in.id("a") + in.id("b") + in.id("c"));
        Fields in = codec.fields("{\"a\":\"x\"}".getBytes(StandardCharsets.UTF_8));
        assertEquals("x", in.id("a"));
        assertEquals("", in.id("b"));
        assertEquals(1, in.problems().size());
        ContractViolation violation = assertThrows(ContractViolation.class, () -> codec.read(in));
        assertEquals(
                List.of("b", "c"),
                violation.problems().stream().map(Problem::field).toList());
    }

    @Test
    void anotherTextInAFieldLeavesTheRestAndTheFirstAsTheyWere() {
        Fields in = fields("{\"id\":\"a\",\"list\":[1],\"more\":{\"b\":null}}");
        in.id("missing");
        Fields other = in.with("id", "b");

        assertEquals("b", other.id("id"));
        assertEquals(List.of(), other.problems());
        assertEquals(in.names(), other.names());
        assertEquals("a", in.id("id"));
    }

    private static Fields fields(String json) {
        return CODEC.fields(json.getBytes(StandardCharsets.UTF_8));
    }

    private static List<Defect> defects(Fields in) {
        return in.problems().stream().map(Problem::defect).toList();
    }
}
