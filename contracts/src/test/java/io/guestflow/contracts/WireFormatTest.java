package io.guestflow.contracts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.auth.AuthError;
import io.guestflow.contracts.auth.AuthOutcome;
import io.guestflow.contracts.auth.AuthStatus;
import io.guestflow.contracts.auth.Consent;
import io.guestflow.contracts.auth.ErrorCode;
import io.guestflow.contracts.auth.GuestAuthRequest;
import io.guestflow.contracts.auth.GuestAuthResult;
import io.guestflow.contracts.auth.GuestAuthResult.NotAuthenticated;
import io.guestflow.contracts.codec.ContractViolation;
import io.guestflow.contracts.codec.JsonCodec;
import io.guestflow.contracts.codec.Problem;
import io.guestflow.contracts.cxone.TenantPause;
import io.guestflow.contracts.facts.Dimensions;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.contracts.facts.Source;
import io.guestflow.contracts.failure.DeadLetter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** How records stand on the wire, beyond what the samples show. */
class WireFormatTest {
    private static final Instant SEVEN = Instant.parse("2026-11-22T07:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "2026-11-22T07:00:00Z, 2026-11-22T07:00:00.000Z",
        "2026-11-22T07:00:00.1Z, 2026-11-22T07:00:00.100Z",
        "2026-11-22T07:00:00.123456789Z, 2026-11-22T07:00:00.123Z",
        "2026-11-22T07:00:00.999999999Z, 2026-11-22T07:00:00.999Z",
        "1970-01-01T00:00:00Z, 1970-01-01T00:00:00.000Z",
        "9999-12-31T23:59:59.999999999Z, 9999-12-31T23:59:59.999Z",
    })
    void aTimeIsWrittenInUtcWithExactlyThreeDecimals(Instant time, String expected) {
        assertEquals(
                expected,
                write(TenantPause.CODEC, new TenantPause(time, "i"))
                        .get("until")
                        .stringValue());
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void timesSortOnTheWireAsTheyDoInTime(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 200; i++) {
            Instant one = Instant.ofEpochMilli(random.nextLong(253_402_300_800_000L));
            Instant other = random.nextBoolean()
                    ? one.plusMillis(random.nextLong(-1_000, 1_000))
                    : Instant.ofEpochMilli(random.nextLong(253_402_300_800_000L));
            if (other.isBefore(Instant.EPOCH)) {
                continue;
            }
            assertEquals(
                    Integer.signum(one.compareTo(other)),
                    Integer.signum(written(one).compareTo(written(other))));
        }
    }

    @Test
    void whatIsNullIsNotWritten() {
        assertEquals(
                Set.of("accepted"),
                names(write(GuestAuthRequest.CODEC, request(new Consent(true, null, null))), "consent"));
        assertFalse(write(GuestAuthRequest.CODEC, request(new Consent(true, null, null)))
                .has("timeoutMs"));
        assertFalse(write(GuestAuthResult.CODEC, rejected(null)).has("channelId"));
        ObjectNode outcome = write(
                AuthOutcome.CODEC,
                new AuthOutcome.CallFailed("c", "r", "g", ErrorCode.UPSTREAM_ERROR, null, "m", null, 1, SEVEN));
        assertFalse(outcome.has("upstreamStatus"));
        assertFalse(outcome.has("retryAfterSeconds"));
        ObjectNode fact = write(
                Fact.CODEC,
                new Fact.AuthRejected(
                        "f",
                        SEVEN,
                        "g",
                        new Dimensions(null, null, null),
                        new Source("t", 0, 0),
                        "r",
                        1,
                        ErrorCode.INVALID_REQUEST,
                        400,
                        0,
                        0,
                        null,
                        List.of(),
                        List.of()));
        assertFalse(fact.has("consent"));
        assertEquals(Set.of(), names(fact, "dimensions"));
        ObjectNode letter = write(DeadLetter.CODEC, deadLetter(List.of()));
        assertFalse(letter.has("recordedAt") || letter.has("schema") || letter.has("valueHash"));
    }

    @Test
    void onlyTheSecondsToWaitAreWrittenAsNullForACallerToSeeThatThereAreNone() {
        JsonNode error = write(GuestAuthResult.CODEC, rejected(null)).get("error");
        assertTrue(error.has("retryAfterSeconds"));
        assertTrue(error.get("retryAfterSeconds").isNull());
    }

    @Test
    void aResultHasItsStatusOnTheWireAndNothingThatFollowsFromIt() {
        ObjectNode authenticated = write(
                GuestAuthResult.CODEC,
                new GuestAuthResult.Authenticated("r", 1, "g", "c", "conv", SEVEN, false, List.of(), SEVEN, 0));
        assertEquals("AUTHENTICATED", authenticated.get("status").stringValue());
        assertFalse(authenticated.has("retryable"));
        assertFalse(authenticated.has("kind"));
        ObjectNode rejected = write(GuestAuthResult.CODEC, rejected(null));
        assertEquals("REJECTED", rejected.get("status").stringValue());
        assertFalse(rejected.has("retryable"));
    }

    @Test
    void aProblemOfTheWholeValueIsReadBackAsOne() {
        List<Problem> problems = List.of(new Problem("", Problem.Defect.NOT_JSON, "must be JSON in UTF-8"));
        DeadLetter letter = deadLetter(problems);
        assertFalse(write(DeadLetter.CODEC, letter).get("problems").get(0).has("field"));
        assertEquals(letter, DeadLetter.CODEC.read(DeadLetter.CODEC.write(letter)));
    }

    @Test
    void everyViolationFitsIntoADeadLetter() {
        ContractViolation violation = violation(GuestAuthRequest.CODEC, "{\"timeoutMs\":0,\"context\":[]}");
        assertEquals(6, violation.problems().size());
        DeadLetter letter = deadLetter(violation.problems());
        assertEquals(letter, DeadLetter.CODEC.read(DeadLetter.CODEC.write(letter)));
    }

    @Test
    void aStatusThatIsWrongIsToldWithoutGuessesAtTheRest() {
        ContractViolation violation = violation(GuestAuthResult.CODEC, """
                {"requestId":"r","attempt":1,"guestId":"g","status":"GONE","completedAt":"2026-11-22T07:00:00Z","latencyMs":0}""");
        assertEquals(List.of("status"), fields(violation));
    }

    @Test
    void anErrorThatIsWrongIsNotAlsoSaidToDisagree() {
        ContractViolation violation = violation(GuestAuthResult.CODEC, """
                {"requestId":"r","attempt":1,"guestId":"g","status":"FAILED","completedAt":"2026-11-22T07:00:00Z","latencyMs":0,
                 "error":{"code":"GONE","httpStatus":500,"message":"m","retryable":true}}""");
        assertEquals(List.of("error.code"), fields(violation));
    }

    @Test
    void anErrorMustAgreeWithItsCodeAndItsStatus() {
        String error = """
                {"requestId":"r","attempt":1,"guestId":"g","status":"%s","completedAt":"2026-11-22T07:00:00Z","latencyMs":0,
                 "error":{"code":"UPSTREAM_ERROR","httpStatus":%d,"message":"m","retryable":%b}}""";
        GuestAuthResult.CODEC.read(error.formatted("FAILED", 502, true).getBytes(StandardCharsets.UTF_8));
        assertEquals(
                List.of("error.code"), fields(violation(GuestAuthResult.CODEC, error.formatted("FAILED", 500, true))));
        assertEquals(
                List.of("error.code"), fields(violation(GuestAuthResult.CODEC, error.formatted("FAILED", 502, false))));
        assertEquals(
                List.of("status"), fields(violation(GuestAuthResult.CODEC, error.formatted("REJECTED", 502, true))));
    }

    static LongStream seeds() {
        return LongStream.range(0, 20);
    }

    private static GuestAuthRequest request(Consent consent) {
        return new GuestAuthRequest("r", "g", "c", consent, Map.of(), null);
    }

    private static NotAuthenticated rejected(Integer retryAfterSeconds) {
        return new NotAuthenticated(
                "r",
                1,
                "g",
                null,
                AuthStatus.REJECTED,
                SEVEN,
                0,
                AuthError.of(ErrorCode.INVALID_REQUEST, "m", retryAfterSeconds));
    }

    private static DeadLetter deadLetter(List<Problem> problems) {
        return new DeadLetter(
                DeadLetter.Cause.CONTRACT_VIOLATION, "t", 0, 0, null, null, -1, -1, null, problems, SEVEN);
    }

    private static String written(Instant time) {
        return write(TenantPause.CODEC, new TenantPause(time, "i")).get("until").stringValue();
    }

    private static <T> ObjectNode write(JsonCodec<T> codec, T value) {
        return (ObjectNode) Samples.PLAIN.readTree(codec.write(value));
    }

    private static Set<String> names(ObjectNode value, String field) {
        return new TreeSet<>(value.get(field).propertyNames());
    }

    private static ContractViolation violation(JsonCodec<?> codec, String json) {
        return assertThrows(ContractViolation.class, () -> codec.read(json.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<String> fields(ContractViolation violation) {
        return violation.problems().stream().map(Problem::field).toList();
    }
}
