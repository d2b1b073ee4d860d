package io.guestflow.processor.analytics;

import static io.guestflow.processor.analytics.Given.START;
import static io.guestflow.processor.analytics.Given.WEB;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.analytics.MetricsPartial;
import io.guestflow.contracts.auth.ErrorCode;
import io.guestflow.contracts.codec.JsonCodec;
import io.guestflow.contracts.facts.EndReason;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What one partition keeps of one row, for a busy channel. */
class RowSizeTest {
    private static final int GUESTS = 50_000;
    private static final int MOST_BYTES = 4 * 1024;

    @Test
    void aRowOfAVeryBusyChannelHasItsRoom() {
        Random random = new Random(1);
        Aggregate aggregate = new Aggregate();
        for (int i = 0; i < GUESTS; i++) {
            // Half of the guests wait less than 150 ms, one in a hundred longer than 1.5 s.
            aggregate.add(Given.succeeded(START, WEB, Math.round(150 * Math.exp(random.nextGaussian()))));
            // Half of the conversations last less than 4 min, one in a hundred longer than 40.
            aggregate.add(Given.ended(
                    START, WEB, EndReason.IDLE, Duration.ofSeconds(Math.round(240 * Math.exp(random.nextGaussian())))));
        }
        for (ErrorCode code : ErrorCode.values()) {
            aggregate.add(Given.failed(START, WEB, code));
        }
        // The last durations lie beside them, two times 31 at most.
        Durations last = Durations.none();
        for (int i = 0; i < 31; i++) {
            last.add(Given.succeeded(START, WEB, Sketch.HIGHEST));
            last.add(Given.ended(START, WEB, EndReason.IDLE, Duration.ofDays(40)));
        }
        int stored = new PartialRow(Sending.NEW, Long.MAX_VALUE - 1, aggregate.counts(), last).bytes().length
                + aggregate.durations().bytes().length;
        assertTrue(stored <= MOST_BYTES, stored + " bytes");
    }

    @Test
    void aPartialFitsItsContractWhateverIsInIt() {
        Distribution full = new Distribution();
        for (long value = 0; value < Sketch.HIGHEST; value += 1 + value / 128) {
            for (int i = 0; i < 100; i++) {
                full.add(value);
            }
        }
        Aggregate aggregate = new Aggregate(new Counts(), new Durations(full, full));
        for (ErrorCode code : ErrorCode.values()) {
            aggregate.add(Given.failed(START, WEB, code));
        }
        Row row =
                new Row(Window.at(START.toEpochMilli(), 60_000), "😀".repeat(128), "😀".repeat(128), "😀".repeat(128));
        byte[] written = MetricsPartial.CODEC.write(aggregate.toPart(row, 1, 1));
        assertTrue(written.length <= JsonCodec.MAX_BYTES, written.length + " bytes");
        assertEquals(aggregate.toPart(row, 1, 1), MetricsPartial.CODEC.read(written));
    }
}
