package io.guestflow.processor.system;

import static io.guestflow.processor.system.GuestflowSandbox.PARTITIONS;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.guestflow.contracts.RecordHeaders;
import io.guestflow.contracts.Topics;
import io.guestflow.contracts.analytics.MetricsKey;
import io.guestflow.contracts.analytics.MetricsWindow;
import io.guestflow.contracts.auth.Consent;
import io.guestflow.contracts.facts.Dimensions;
import io.guestflow.contracts.facts.Direction;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.contracts.facts.Source;
import io.guestflow.processor.system.Entries.Entry;
import io.guestflow.processor.wire.Partitions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * Facts that the test puts on {@code guest-facts} itself, and what windows must come to.
 *
 * <p>Threading: one thread.
 */
final class ToldFacts {
    private static final String SENTINEL = "sentinel-";

    private final GuestflowSandbox guestflow;
    private final Duration size;
    private final String sizeName;
    private final Map<String, Long> told = new TreeMap<>();
    private final List<Future<RecordMetadata>> sent = new ArrayList<>();
    private int number;

    /** @param size of the windows that are looked at */
    ToldFacts(GuestflowSandbox guestflow, Duration size) {
        this.guestflow = guestflow;
        this.size = size;
        this.sizeName = size.toSeconds() + "s";
    }

    /** One more, in one partition after the other: every other one is a guest's authentication, the rest are messages. */
    void tell(Instant at, String channelId) {
        tell(at, channelId, number % PARTITIONS);
        told.merge(start(at) + " " + channelId, 1L, Long::sum);
    }

    private void tell(Instant at, String channelId, int partition) {
        Dimensions dimensions = new Dimensions(channelId, null, null);
        Source source = new Source("session-events", partition, number);
        String id = UUID.randomUUID().toString();
        Fact fact = number / PARTITIONS % 2 == 0
                ? new Fact.MessageSeen(id, at, "k1.told", dimensions, source, "conv", Direction.INBOUND)
                : new Fact.AuthSucceeded(
                        id,
                        at,
                        "k1.told",
                        dimensions,
                        source,
                        "r" + number,
                        1,
                        "conv",
                        at,
                        201,
                        number % 500,
                        1,
                        new Consent(true, at, "v2.1"),
                        List.of(),
                        List.of());
        number++;
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                Topics.GUEST_FACTS.name(), partition, at.toEpochMilli(), null, Fact.CODEC.write(fact));
        record.headers().add(RecordHeaders.SCHEMA, Fact.CODEC.schema().getBytes(UTF_8));
        sent.add(guestflow.kafka().send(record));
    }

    /** All of them lie on the topic. */
    void flush() {
        sent.forEach(GuestflowSandbox::sent);
        sent.clear();
    }

    int number() {
        return number;
    }

    /**
     * Waits for what may come, and holds that the last revisions are what was told. What is counted twice comes after what is
     * right: so windows of now are waited for, in all partitions of both halves, which close after everything else is out.
     */
    void assertCounted(Duration within) {
        Set<String> sentinels = sentinels();
        flush();
        List<Entry<MetricsWindow>> windows = guestflow
                .windows()
                .await("the windows after all others", all -> keys(all).containsAll(sentinels), within);
        // Late facts may take longer than a window that is open.
        guestflow.windows().await("all facts", all -> counts(all).equals(told), within);
        Set<String> later = sentinels();
        flush();
        List<Entry<MetricsWindow>> again = guestflow
                .windows()
                .await("later windows after all others", all -> keys(all).containsAll(later), within);
        assertEquals(told, counts(again), "facts in the last revisions, by window and channel");
        System.out.printf(
                "%d facts in %d windows and channels, %d records, then %d%n",
                number, told.size(), windows.size(), again.size());
    }

    /** A channel for each partition of windows, told of in all partitions of facts; the keys of their windows. */
    private Set<String> sentinels() {
        Instant at = Instant.now();
        Set<String> keys = new HashSet<>();
        Set<Integer> partitions = new HashSet<>();
        for (int channel = 0; partitions.size() < PARTITIONS; channel++) {
            String key = MetricsKey.of(sizeName, start(at), SENTINEL + channel, MetricsKey.OFF, MetricsKey.OFF);
            if (partitions.add(Partitions.of(key.getBytes(UTF_8), PARTITIONS))) {
                keys.add(key);
                for (int partition = 0; partition < PARTITIONS; partition++) {
                    tell(at, SENTINEL + channel, partition);
                }
            }
        }
        return keys;
    }

    private Instant start(Instant at) {
        return Instant.ofEpochMilli(at.toEpochMilli() / size.toMillis() * size.toMillis());
    }

    private static Set<String> keys(List<Entry<MetricsWindow>> windows) {
        Set<String> keys = new HashSet<>();
        windows.forEach(entry -> keys.add(entry.value().key()));
        return keys;
    }

    /** What the last revisions come to, without the sentinels. */
    private static Map<String, Long> counts(List<Entry<MetricsWindow>> windows) {
        Map<String, Long> counts = new TreeMap<>();
        windows.stream()
                .map(Entry::value)
                .filter(window -> !window.channelId().startsWith(SENTINEL))
                .forEach(window -> counts.put(
                        window.windowStart() + " " + window.channelId(),
                        window.auth().succeeded() + window.messages().inbound()));
        return counts;
    }
}
