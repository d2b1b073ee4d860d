package io.guestflow.processor.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;

class StreamsApplicationTest {
    private static final Duration GAP = Duration.ofMillis(100);

    @Test
    void aTransactionThatWaitedForTheGapIsNotCommittedAfterItsFirstRecord() {
        assertEquals(210L, interval("exactly_once_v2", 10));
    }

    /** An end that is stored before it is told is taken for stored after 200 ms. */
    @Test
    void withoutTransactionsCommitsComeAsOftenAsBefore() {
        assertEquals(100, interval("at_least_once", 100));
    }

    private static Object interval(String guarantee, int commitIntervalMs) {
        return StreamsApplication.withRoomFor(
                        GAP,
                        Map.of(
                                StreamsConfig.PROCESSING_GUARANTEE_CONFIG,
                                guarantee,
                                StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
                                commitIntervalMs))
                .get(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG);
    }
}
