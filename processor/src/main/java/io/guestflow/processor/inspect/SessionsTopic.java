package io.guestflow.processor.inspect;

import io.guestflow.contracts.Topics;
import io.guestflow.contracts.codec.ContractViolation;
import io.guestflow.contracts.session.Session;
import io.guestflow.processor.config.KafkaSettings;
import io.guestflow.processor.runtime.BrokerCheck;
import io.guestflow.processor.runtime.BrokerException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code guest-sessions} from its beginning to where it ends when asked, committed records only. Of each key the
 * last record counts, because compaction may not have come by yet.
 *
 * <p>Threading: one thread.
 */
final class SessionsTopic implements AutoCloseable {
    static final String NAME = Topics.GUEST_SESSIONS.name();

    private static final Duration POLL = Duration.ofMillis(250);

    private final KafkaSettings kafka;
    private final Admin admin;

    private SessionsTopic(KafkaSettings kafka, Admin admin) {
        this.kafka = kafka;
        this.admin = admin;
    }

    /** What stands there for a conversation. */
    sealed interface Found {
        /** Its session. */
        record Known(Session session, Where where) implements Found {}

        /** A record that is not what the contract says. */
        record Unreadable(Where where, String why) implements Found {}

        /** A tombstone. */
        record Gone(Where where) implements Found {}

        /** Nothing. */
        record Never() implements Found {}
    }

    /** Where a record lies. */
    record Where(int partition, long offset) {
        @Override
        public String toString() {
            return NAME + "/" + partition + "/" + offset;
        }
    }

    /** @throws BrokerException if there is no broker in time, or it cannot be used */
    static SessionsTopic open(KafkaSettings kafka) throws BrokerException, InterruptedException {
        return new SessionsTopic(kafka, new BrokerCheck(kafka.forAdmin(), kafka.brokerWait()).connect());
    }

    boolean exists() throws BrokerException, InterruptedException {
        return partitions() > 0;
    }

    /** What stands there for the conversation now. */
    Found last(String conversationId) throws BrokerException, InterruptedException {
        byte[] key = conversationId.getBytes(StandardCharsets.UTF_8);
        // Where its task is: every record of the conversation lies there.
        int partition = Utils.toPositive(Utils.murmur2(key)) % partitions();
        var last = new AtomicReference<@Nullable ConsumerRecord<byte[], byte[]>>();
        read(partition, record -> {
            if (Arrays.equals(key, record.key())) {
                last.set(record);
            }
        });
        ConsumerRecord<byte[], byte[]> record = last.get();
        if (record == null) {
            return new Found.Never();
        }
        var where = new Where(record.partition(), record.offset());
        if (record.value() == null) {
            return new Found.Gone(where);
        }
        try {
            return new Found.Known(Session.CODEC.read(record.value()), where);
        } catch (ContractViolation wrong) {
            return new Found.Unreadable(where, String.valueOf(wrong.getMessage()));
        }
    }

    /** How many sessions are in which state now. A partition at a time: a key lies in one, and memory is short. */
    SessionCounts count() throws BrokerException, InterruptedException {
        SessionCounts counts = new SessionCounts();
        int partitions = partitions();
        for (int partition = 0; partition < partitions; partition++) {
            Map<String, SessionCounts.Ended> byKey = new HashMap<>();
            read(partition, record -> {
                String key = record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
                if (record.value() == null) {
                    byKey.remove(key);
                } else {
                    byKey.put(key, SessionCounts.Ended.of(record.value()));
                }
            });
            byKey.values().forEach(counts::add);
        }
        return counts;
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }

    private int partitions() throws BrokerException, InterruptedException {
        try {
            TopicDescription description =
                    admin.describeTopics(List.of(NAME)).allTopicNames().get().get(NAME);
            return description == null ? 0 : description.partitions().size();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return 0;
            }
            throw lost(String.valueOf(e.getCause()));
        }
    }

    private void read(int number, Consumer<ConsumerRecord<byte[], byte[]>> reader) throws BrokerException {
        Map<String, Object> config = new HashMap<>(kafka.forConsumer());
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, IsolationLevel.READ_COMMITTED.toString());
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5_000);
        var partition = new TopicPartition(NAME, number);
        try (var consumer = new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            long position = consumer.position(partition);
            long movedAt = System.nanoTime();
            while (position < end) {
                consumer.poll(POLL).forEach(reader);
                long now = consumer.position(partition);
                if (now > position) {
                    movedAt = System.nanoTime();
                } else if (System.nanoTime() - movedAt > kafka.brokerWait().toNanos()) {
                    throw lost("nothing more came of " + partition + " within "
                            + kafka.brokerWait().toSeconds() + " s");
                }
                position = now;
            }
        } catch (KafkaException e) {
            throw lost(e.toString());
        }
    }

    private BrokerException lost(String why) {
        return new BrokerException("Kafka at " + kafka.bootstrapServers() + " could not be read: " + why, null);
    }
}
