package io.guestflow.processor.runtime;

import io.guestflow.contracts.Topics;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Facts that were deleted from {@code guest-facts} before they were read: Kafka Streams goes on behind them without a word,
 * and the audit's chains stay whole.
 *
 * <p>Threading: the main thread.
 */
public final class LostFacts {
    private static final Logger LOG = LoggerFactory.getLogger(LostFacts.class);

    private LostFacts() {}

    /** Tells and counts those that a group finds gone when it starts. */
    public static void tell(Admin admin, String group, MeterRegistry registry)
            throws BrokerException, InterruptedException {
        String topic = Topics.GUEST_FACTS.name();
        Offsets offsets = new Offsets(admin);
        Map<Integer, Long> lost = lost(offsets.committed(group, topic), offsets.earliest(topic));
        double all = lost.values().stream().mapToLong(Long::longValue).sum();
        registry.counter("guestflow.facts.lost").increment(all);
        lost.forEach((partition, count) -> LOG.error(
                "{} records of {}-{} were deleted before {} had read them: what they told is missing from the audit and the"
                        + " metrics, and cannot be brought back. It was behind or stopped for longer than the topic keeps"
                        + " its records; a longer retention.ms keeps more",
                count,
                topic,
                partition,
                group));
    }

    static Map<Integer, Long> lost(Map<Integer, Long> committed, Map<Integer, Long> earliest) {
        Map<Integer, Long> lost = new TreeMap<>();
        committed.forEach((partition, offset) -> {
            long gone = earliest.getOrDefault(partition, 0L) - offset;
            if (gone > 0) {
                lost.put(partition, gone);
            }
        });
        return lost;
    }
}
