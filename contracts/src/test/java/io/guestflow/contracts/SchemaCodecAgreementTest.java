package io.guestflow.contracts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.Mutations.Mutation;
import io.guestflow.contracts.Samples.Sample;
import io.guestflow.contracts.auth.AuthError;
import io.guestflow.contracts.auth.ErrorCode;
import io.guestflow.contracts.auth.GuestAuthResult;
import io.guestflow.contracts.auth.GuestAuthResult.NotAuthenticated;
import io.guestflow.contracts.codec.ContractViolation;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The schemas and the codec say the same of every value. What a schema cannot say, because it is about the text and not
 * about the value in it, is {@link HostileBytesTest}'s: encoding, size, depth, duplicate keys, endless numbers and names,
 * lone surrogates.
 */
class SchemaCodecAgreementTest {
    private static final int SEEDS = 30;
    private static final int MORE_SEEDS = 300;
    private static final int VALUES_PER_SEED = 40;

    @ParameterizedTest
    @MethodSource("samples")
    void schemaAndCodecAgreeOnEveryNeighbourOfASample(Sample sample) {
        Tally tally = new Tally();
        Mutations.each(sample.json()).forEach(mutation -> tally.compare(sample, mutation));
        tally.assertAgreement();
        assertTrue(tally.accepted > 0, "no neighbour was accepted: the mutations do not reach the edges");
        assertTrue(tally.refused > 100, "hardly a neighbour was refused: the mutations do no harm");
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void schemaAndCodecAgreeOnRandomValues(long seed) {
        Random random = new Random(seed);
        List<Sample> samples = Samples.all();
        Tally tally = new Tally();
        for (int i = 0; i < VALUES_PER_SEED; i++) {
            Sample sample = samples.get(random.nextInt(samples.size()));
            tally.compare(sample, Mutations.random(sample.json(), random));
        }
        tally.assertAgreement();
    }

    @Tag("full")
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("moreSeeds")
    void schemaAndCodecAgreeOnMoreRandomValues(long seed) {
        schemaAndCodecAgreeOnRandomValues(seed);
    }

    @ParameterizedTest
    @EnumSource
    void anErrorWithWhatFollowsFromItsCodeIsReadByBoth(ErrorCode code) {
        NotAuthenticated result = new NotAuthenticated(
                "7f1c",
                1,
                "guest-uuid-123",
                null,
                code.status(),
                Instant.ofEpochSecond(1_000),
                2,
                AuthError.of(code, "told in words", code.retryable() ? 30 : null));
        byte[] written = GuestAuthResult.CODEC.write(result);
        assertEquals(
                List.of(),
                SchemaValidator.complaints(
                        GuestAuthResult.CODEC.schema(), new String(written, StandardCharsets.UTF_8)));
        assertEquals(result, GuestAuthResult.CODEC.read(written));
    }

    static List<Sample> samples() {
        return Samples.all();
    }

    static LongStream seeds() {
        return LongStream.range(0, SEEDS);
    }

    static LongStream moreSeeds() {
        return LongStream.range(SEEDS, MORE_SEEDS);
    }

    /** Gathers all differences, because the second one often explains the first. */
    private static final class Tally {
        private final List<String> differences = new ArrayList<>();
        private int accepted;
        private int refused;

        void compare(Sample sample, Mutation mutation) {
            String json = mutation.text();
            Optional<String> codec = complaint(sample, json);
            boolean schema = SchemaValidator.accepts(sample.schema(), json);
            if (codec.isEmpty() != schema) {
                differences.add(sample + ": " + mutation.what() + ": the schema "
                        + (schema ? "accepts it, the codec says " + codec.get() : "refuses it, the codec accepts it"));
            }
            if (codec.isPresent()) {
                refused++;
                return;
            }
            accepted++;
            // What was read is passed on by us: it must not turn into something that the next one refuses.
            byte[] passedOn = Samples.rewritten(sample.codec(), json.getBytes(StandardCharsets.UTF_8));
            String text = new String(passedOn, StandardCharsets.UTF_8);
            if (!SchemaValidator.accepts(sample.schema(), text)) {
                differences.add(sample + ": " + mutation.what() + ": was read, but written as " + text);
            } else if (!text.equals(new String(Samples.rewritten(sample.codec(), passedOn), StandardCharsets.UTF_8))) {
                differences.add(sample + ": " + mutation.what() + ": is written otherwise the second time");
            }
        }

        void assertAgreement() {
            assertEquals("", String.join("\n", differences));
        }

        private static Optional<String> complaint(Sample sample, String json) {
            try {
                sample.codec().read(json.getBytes(StandardCharsets.UTF_8));
                return Optional.empty();
            } catch (ContractViolation violation) {
                return Optional.of(violation.getMessage());
            }
        }
    }
}
