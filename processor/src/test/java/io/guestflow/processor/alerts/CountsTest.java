package io.guestflow.processor.alerts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.facts.EndDetail;
import io.guestflow.contracts.facts.EndReason;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.processor.wire.StoredForm.In;
import io.guestflow.processor.wire.StoredForm.Out;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class CountsTest {
    private static final Instant AT = Given.START;

    static Stream<Arguments> facts() {
        return Stream.of(
                Arguments.of(Given.succeeded(AT, null), new Counts(1, 0, 0, 0, 0, 0)),
                Arguments.of(Given.rejected(AT, null), new Counts(1, 0, 0, 0, 0, 0)),
                Arguments.of(Given.failed(AT, null), new Counts(1, 1, 0, 0, 0, 0)),
                Arguments.of(Given.refreshed(AT), new Counts(0, 0, 1, 0, 0, 0)),
                Arguments.of(Given.refreshed(AT, true, true), Counts.NONE),
                Arguments.of(Given.refreshed(AT, false, false), Counts.NONE),
                Arguments.of(Given.ended(AT, EndReason.REFRESH_FAILED, "UPSTREAM_ERROR"), new Counts(0, 0, 1, 1, 0, 0)),
                Arguments.of(
                        Given.ended(AT, EndReason.REFRESH_FAILED, EndDetail.END_NOT_TOLD),
                        new Counts(0, 0, 1, 1, 0, 0)),
                Arguments.of(Given.ended(AT, EndReason.REFRESH_FAILED, EndDetail.TOO_LATE), Counts.NONE),
                Arguments.of(Given.ended(AT, EndReason.REPLACED_UPSTREAM, null), new Counts(0, 0, 1, 0, 1, 0)),
                Arguments.of(Given.ended(AT, EndReason.CLOSED_UPSTREAM, EndDetail.GONE), new Counts(0, 0, 1, 0, 0, 1)),
                Arguments.of(Given.ended(AT, EndReason.CLOSED_UPSTREAM, EndDetail.GONE_FOR_CONTEXT), Counts.NONE),
                Arguments.of(Given.ended(AT, EndReason.CLOSED_UPSTREAM, null), Counts.NONE),
                Arguments.of(Given.ended(AT, EndReason.REVOKED, EndDetail.GONE), Counts.NONE),
                Arguments.of(Given.message(AT), Counts.NONE),
                Arguments.of(Given.measured(AT), Counts.NONE));
    }

    @ParameterizedTest
    @MethodSource("facts")
    void whatEachFactComesTo(Fact fact, Counts counts) {
        assertEquals(counts, Counts.of(fact));
    }

    @ParameterizedTest
    @EnumSource(names = {"IDLE", "REVOKED", "ERASED", "MAX_LIFETIME", "CLOSED_UPSTREAM"})
    void anOrdinaryEndIsNoAlert(EndReason reason) {
        assertEquals(Counts.NONE, Counts.of(Given.ended(AT, reason, null)));
    }

    @Test
    void theyAreStoredAndToldAsTheyAre() {
        Counts counts = new Counts(1, 2, 300, 4, 5, 1L << 40);
        Out out = new Out();
        counts.write(out);
        assertEquals(counts, Counts.read(new In(out.bytes())));
        assertEquals(counts, Counts.of(counts.told("all", AT.toEpochMilli(), 30_000, 3)));
    }

    @Test
    void noPartIsMoreThanTheWhole() {
        assertTrue(Counts.NONE.isPossible());
        assertTrue(new Counts(2, 2, 3, 1, 1, 1).isPossible());
        assertFalse(new Counts(1, 2, 9, 0, 0, 0).isPossible());
        assertFalse(new Counts(9, 0, 3, 2, 1, 1).isPossible());
    }

    @Test
    void theyOnlyGrow() {
        Counts less = new Counts(1, 1, 1, 1, 1, 1);
        assertTrue(less.plus(less).covers(less));
        assertTrue(less.covers(less));
        for (int i = 0; i < 6; i++) {
            long[] n = {2, 2, 2, 2, 2, 2};
            n[i] = 0;
            assertFalse(new Counts(n[0], n[1], n[2], n[3], n[4], n[5]).covers(less));
        }
    }
}
