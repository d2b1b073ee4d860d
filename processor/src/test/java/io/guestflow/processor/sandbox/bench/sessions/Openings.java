package io.guestflow.processor.sandbox.bench.sessions;

import io.guestflow.contracts.RecordHeaders;
import io.guestflow.contracts.Topics;
import io.guestflow.contracts.auth.Consent;
import io.guestflow.contracts.facts.Dimensions;
import io.guestflow.contracts.facts.Source;
import io.guestflow.contracts.session.SessionEvent;
import io.guestflow.processor.sandbox.load.GuestAuthWorkload;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Puts openings on {@code session-events} as auth would: in the conversation's partition, each with an origin of its own.
 *
 * <p>Threading: one thread.
 */
public final class Openings implements AutoCloseable {
    private static final byte[] SCHEMA = SessionEvent.CODEC.schema().getBytes(StandardCharsets.UTF_8);
    private static final String TOPIC = Topics.SESSION_EVENTS.name();

    private final Producer<byte[], byte[]> producer;
    private final int partitions;
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    /** Facts' ids are made of it: no two openings may have the same. */
    private long origin = 1_000_000_000_000L;

    /** To the topic with so many partitions. */
    public Openings(String bootstrap, int partitions) {
        this.partitions = partitions;
        this.producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrap,
                        ProducerConfig.ACKS_CONFIG,
                        "all",
                        ProducerConfig.LINGER_MS_CONFIG,
                        5,
                        ProducerConfig.BATCH_SIZE_CONFIG,
                        256 * 1024,
                        ProducerConfig.BUFFER_MEMORY_CONFIG,
                        64L << 20),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /** Sends it soon. */
    public void open(String conversationId, String guestId, Instant at, Instant expiresAt) {
        open(conversationId, guestId, GuestAuthWorkload.CHANNEL, at, expiresAt);
    }

    /** The same on a channel. */
    public void open(String conversationId, String guestId, String channelId, Instant at, Instant expiresAt) {
        int guestPartition = Crowd.partition(guestId, partitions);
        var source = new Source(Topics.GUEST_AUTH_REQUESTS.name(), guestPartition, origin++);
        var event = new SessionEvent.Opened(
                conversationId,
                at,
                guestId,
                guestPartition,
                "request-" + conversationId,
                1,
                "bench." + conversationId,
                channelId,
                new Dimensions(channelId, "anonymous", "organic"),
                new Consent(true, at, "v2.1"),
                expiresAt,
                source);
        var record = new ProducerRecord<>(
                TOPIC,
                Crowd.partition(conversationId, partitions),
                conversationId.getBytes(StandardCharsets.UTF_8),
                SessionEvent.CODEC.write(event));
        record.headers().add(RecordHeaders.SCHEMA, SCHEMA);
        record.headers()
                .add(
                        RecordHeaders.ORIGIN,
                        (source.topic() + "/" + source.partition() + "/" + source.offset())
                                .getBytes(StandardCharsets.UTF_8));
        producer.send(record, (metadata, failed) -> {
            if (failed != null) {
                failure.compareAndSet(null, failed);
            }
        });
    }

    /** Returns when the broker has all of them. */
    public void flush() {
        producer.flush();
        Exception failed = failure.get();
        if (failed != null) {
            throw new IllegalStateException("an opening could not be put on " + TOPIC, failed);
        }
    }

    /** Ends at once; what has not been flushed may be lost. */
    @Override
    public void close() {
        producer.close(Duration.ZERO);
    }
}
