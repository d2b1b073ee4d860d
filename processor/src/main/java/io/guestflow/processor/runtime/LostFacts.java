package io.guestflow.processor.runtime;

import io.guestflow.contracts.Topics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Facts that were deleted from {@code guest-facts} before they were read: Kafka Streams goes on behind them without a word,
 * and the audit's chains stay whole. While it runs, {@code guestflow.facts.lag} tells how near it is to that.
 *
 * <p>Threading: one thread.
 */
public final class LostFacts {
    private static final Logger LOG = LoggerFactory.getLogger(LostFacts.class);

    private final Counter all;
    /** Up to where those that are gone were told, so that none counts twice when the group starts again. */
    private final Map<Integer, Long> told = new HashMap<>();

    /** None are known yet. */
    public LostFacts(MeterRegistry registry) {
        all = registry.counter("guestflow.facts.lost");
    }

    /**
     * Tells and counts those that a group finds gone when it starts, and tells where nobody can say any more.
     *
     * @param changelog of a store that has something in each partition from which the group has ever read a fact
     */
    public void tell(Admin admin, String group, String changelog) throws BrokerException, InterruptedException {
        String topic = Topics.GUEST_FACTS.name();
        Offsets offsets = new Offsets(admin);
        Map<Integer, Long> committed = offsets.committed(group, topic);
        Map<Integer, Long> earliest = offsets.earliest(topic);
        Map<Integer, Long> forgotten = forgotten(committed, earliest, offsets.latest(changelog));
        Map<Integer, Long> lost = lost(notTold(committed), earliest);
        all.increment((double) lost.values().stream().mapToLong(Long::longValue).sum());
        told.putAll(earliest);
        lost.forEach((partition, count) -> LOG.error(
                "{} records of {}-{} were deleted before {} had read them: what they told is missing from the audit and the"
                        + " metrics, and cannot be brought back. It was behind or stopped for longer than the topic keeps"
                        + " its records; a longer retention.ms keeps more",
                count,
                topic,
                partition,
                group));
        forgotten.forEach((partition, offset) -> LOG.error(
                "{} has no place in {}-{} any more, though {} says that it has been there, and the records before offset {}"
                        + " are deleted: of what they told, whatever it had not read is missing from the audit and the"
                        + " metrics, and nobody can say how much. Kafka forgets the place of a group that does not run after"
                        + " the brokers' offsets.retention.minutes, 7 days unless changed",
                group,
                topic,
                partition,
                changelog,
                offset));
    }

    private Map<Integer, Long> notTold(Map<Integer, Long> committed) {
        Map<Integer, Long> from = new HashMap<>();
        committed.forEach(
                (partition, offset) -> from.put(partition, Math.max(offset, told.getOrDefault(partition, 0L))));
        return from;
    }

    /** Where the topic begins now, in partitions in which a group that has been there has no place. */
    static Map<Integer, Long> forgotten(
            Map<Integer, Long> committed, Map<Integer, Long> earliest, Map<Integer, Long> state) {
        Map<Integer, Long> forgotten = new TreeMap<>();
        earliest.forEach((partition, offset) -> {
            if (offset > 0 && !committed.containsKey(partition) && state.getOrDefault(partition, 0L) > 0) {
                forgotten.put(partition, offset);
            }
        });
        return forgotten;
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
