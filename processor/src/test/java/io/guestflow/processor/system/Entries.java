package io.guestflow.processor.system;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.guestflow.contracts.Topic;
import io.guestflow.processor.sandbox.broker.KafkaSandbox;
import io.guestflow.processor.sandbox.broker.TopicReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * The committed records of one topic, each read by its contract as soon as it comes.
 *
 * <p>Threading: any thread.
 */
final class Entries<T> implements AutoCloseable {
    /** Bounds a wait for something that is to happen at once; a machine may be busy with other things. */
    static final Duration SOON = Duration.ofSeconds(45);

    private final Topic<T> topic;
    private final TopicReader reader;
    private final List<Entry<T>> entries = new ArrayList<>();

    Entries(KafkaSandbox kafka, Topic<T> topic) {
        this.topic = topic;
        this.reader = kafka.readCommitted(topic.name());
    }

    /** A record and what it says. */
    record Entry<T>(ConsumerRecord<String, String> record, T value) {
        @Nullable
        String header(String name) {
            Header header = record.headers().lastHeader(name);
            return header == null ? null : new String(header.value(), UTF_8);
        }
    }

    /** Those that came by now, in the order of each partition. */
    List<Entry<T>> all() {
        return absorbed(reader.records());
    }

    /** Those that came by now and that match. */
    List<Entry<T>> all(Predicate<? super T> matches) {
        return all().stream().filter(entry -> matches.test(entry.value())).toList();
    }

    /** Waits until enough of them have come, and returns all. */
    List<Entry<T>> await(String what, Predicate<? super List<Entry<T>>> enough, Duration within) {
        return absorbed(reader.await(what, records -> enough.test(absorbed(records)), within));
    }

    /** Waits for one that matches. */
    Entry<T> awaitOne(String what, Predicate<? super T> matches) {
        return await(what, all -> all.stream().anyMatch(entry -> matches.test(entry.value())), SOON).stream()
                .filter(entry -> matches.test(entry.value()))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public void close() {
        reader.close();
    }

    private synchronized List<Entry<T>> absorbed(List<ConsumerRecord<String, String>> records) {
        for (int i = entries.size(); i < records.size(); i++) {
            ConsumerRecord<String, String> record = records.get(i);
            entries.add(new Entry<>(record, topic.codec().read(record.value().getBytes(UTF_8))));
        }
        return List.copyOf(entries);
    }
}
