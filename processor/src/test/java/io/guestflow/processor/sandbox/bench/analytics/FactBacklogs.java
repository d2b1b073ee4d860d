package io.guestflow.processor.sandbox.bench.analytics;

import io.guestflow.contracts.Topics;
import io.guestflow.processor.sandbox.bench.GroupOffsets;
import io.guestflow.processor.sandbox.bench.analytics.Reading.Extent;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * Backlogs of facts that the processor works off: held back until all of one lies there, then read at once.
 *
 * <p>Threading: one thread.
 */
final class FactBacklogs {
    static final String GROUP = "guestflow-facts";

    private static final String TOPIC = Topics.GUEST_FACTS.name();
    private static final Duration DONE_WITHIN = Duration.ofMinutes(6);

    private final HeldProducer held;
    private final GroupOffsets offsets;
    private final FactLoad load;
    private final Pace pace = new Pace();

    private long releasedFacts;

    FactBacklogs(HeldProducer held, GroupOffsets offsets, FactLoad load) {
        this.held = held;
        this.offsets = offsets;
        this.load = load;
    }

    /**
     * How it was worked off.
     *
     * @param facts in it
     * @param reading until the last is counted
     */
    record WorkedOff(long facts, Reading reading) {
        double perSecond() {
            return facts * reading.sharePerSecond();
        }

        /** Without the first fifth. */
        double steadyPerSecond() {
            return facts * reading.steady().sharePerSecond();
        }
    }

    /** Puts facts there that nobody can read yet, so many that they last about so long. */
    void hold(Duration lasting, Instant from, Instant to) {
        load.fill(held.hold(), pace.lasting(lasting), from, to);
        held.flush();
    }

    /** Lets what is held be read, and returns when all of it is counted. */
    WorkedOff release() throws InterruptedException {
        Map<TopicPartition, Long> from = offsets.ends(TOPIC);
        Map<TopicPartition, Long> to = offsets.writtenEnds(TOPIC);
        long facts = load.facts() - releasedFacts;
        held.release();
        Reading reading = Reading.follow(offsets, GROUP, new Extent(from, to), DONE_WITHIN);
        releasedFacts = load.facts();
        var workedOff = new WorkedOff(facts, reading);
        pace.found(workedOff.perSecond());
        return workedOff;
    }

    /** How fast the last one was worked off. */
    double perSecond() {
        return pace.perSecond();
    }

    /** All facts that were released by now. */
    long releasedFacts() {
        return releasedFacts;
    }
}
