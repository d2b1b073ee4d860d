package io.guestflow.processor.inspect;

import io.guestflow.contracts.Topics;
import io.guestflow.contracts.codec.ContractViolation;
import io.guestflow.contracts.session.Session;
import io.guestflow.processor.config.KafkaSettings;
import io.guestflow.processor.runtime.BrokerException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code guest-sessions}. Of each key the last record counts, because compaction may not have come by yet.
 *
 * <p>Threading: one thread.
 */
final class SessionsTopic implements AutoCloseable {
    static final String NAME = Topics.GUEST_SESSIONS.name();

    private final CommittedTopic topic;

    private SessionsTopic(CommittedTopic topic) {
        this.topic = topic;
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
        return new SessionsTopic(CommittedTopic.open(kafka, NAME));
    }

    boolean exists() throws BrokerException, InterruptedException {
        return topic.partitions() > 0;
    }

    /** What stands there for the conversation now. */
    Found last(String conversationId) throws BrokerException, InterruptedException {
        byte[] key = conversationId.getBytes(StandardCharsets.UTF_8);
        // Where its task is: every record of the conversation lies there.
        int partition = Utils.toPositive(Utils.murmur2(key)) % topic.partitions();
        var last = new AtomicReference<@Nullable ConsumerRecord<byte[], byte[]>>();
        topic.read(partition, record -> {
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
        int partitions = topic.partitions();
        for (int partition = 0; partition < partitions; partition++) {
            Map<String, SessionCounts.Ended> byKey = new HashMap<>();
            topic.read(partition, record -> {
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
        topic.close();
    }
}
