package io.guestflow.processor.effects;

import io.guestflow.contracts.RecordHeaders;
import io.guestflow.contracts.Topics;
import io.guestflow.contracts.codec.ContractViolation;
import io.guestflow.contracts.cxone.TenantPause;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells every instance of the pauses that CXone asks any of them for. Each instance reads all of them: there is no
 * group and nothing is committed.
 *
 * <p>Threading: one thread follows the topic; the public methods may be called from any.
 */
public final class ThrottleTopic {
    private static final Logger log = LoggerFactory.getLogger(ThrottleTopic.class);
    private static final TopicPartition PARTITION = new TopicPartition(Topics.CXONE_THROTTLE.name(), 0);
    private static final byte[] TENANT = "tenant".getBytes(StandardCharsets.UTF_8);
    private static final byte[] SCHEMA = TenantPause.CODEC.schema().getBytes(StandardCharsets.UTF_8);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration BROKER_BOUND = Duration.ofSeconds(5);
    /** Reading it takes milliseconds, unless its broker is away. */
    static final Duration PATIENCE = Duration.ofSeconds(15);
    /** Calls that run when CXone begins to refuse are all told about the same end, each some milliseconds later. */
    private static final long GRAIN_MS = 100;

    private final EffectsClients clients;
    private final Producer<byte[], byte[]> producer;
    private final Duration longest;
    private final PauseListener listener;
    private final FatalError fatal;
    private final InstantSource clock;

    private final CountDownLatch caughtUp = new CountDownLatch(1);
    private final AtomicReference<Instant> furthest = new AtomicReference<>(Instant.MIN);
    private final AtomicBoolean impatient = new AtomicBoolean();
    private volatile Instant patientUntil = Instant.MAX;
    private volatile boolean closing;
    private @Nullable Consumer<byte[], byte[]> consumer;
    private @Nullable Thread thread;

    /**
     * Nothing happens before {@link #start}.
     *
     * @param producer see {@link EffectsClients#producer()}; its owner closes it
     * @param longest the longest pause that is believed: another instance's clock may be wrong
     */
    public ThrottleTopic(
            EffectsClients clients,
            Producer<byte[], byte[]> producer,
            Duration longest,
            PauseListener listener,
            FatalError fatal,
            InstantSource clock) {
        this.clients = clients;
        this.producer = producer;
        this.longest = longest;
        this.listener = listener;
        this.fatal = fatal;
        this.clock = clock;
    }

    /** Begins to follow the topic from its beginning. */
    public synchronized void start() {
        if (consumer != null) {
            throw new IllegalStateException("started already");
        }
        Consumer<byte[], byte[]> created = clients.reader("throttle");
        consumer = created;
        patientUntil = clock.instant().plus(PATIENCE);
        thread = Thread.ofPlatform().name("effects-throttle").start(() -> follow(created));
    }

    /** Whether every pause that was there at the start has been told. */
    public boolean isCaughtUp() {
        return caughtUp.getCount() == 0;
    }

    /** Waits for {@link #isCaughtUp}, and returns whether it came to that. */
    public boolean awaitCaughtUp(Duration timeout) throws InterruptedException {
        return caughtUp.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
    }

    /**
     * Whether calls may be made: every pause that was there at the start has been told, or that takes so long that
     * guests should not wait for it. Without the pauses the first calls may be refused, which tells of them too.
     */
    public boolean letsBegin() {
        if (isCaughtUp()) {
            return true;
        }
        if (clock.instant().isBefore(patientUntil)) {
            return false;
        }
        if (impatient.compareAndSet(false, true)) {
            log.warn(
                    "{} could not be read within {}: calls are made without knowing of the other instances' pauses",
                    PARTITION,
                    PATIENCE);
        }
        return true;
    }

    /** Tells all instances that CXone asked this one to wait; not if all know of a pause that ends no earlier. */
    public void publish(Instant until) {
        Instant end = Instant.ofEpochMilli(Math.ceilDiv(until.toEpochMilli(), GRAIN_MS) * GRAIN_MS);
        Instant before = furthest.getAndAccumulate(end, ThrottleTopic::later);
        if (!end.isAfter(before)) {
            return;
        }
        TenantPause pause = new TenantPause(end, clients.settings().instanceId());
        var record = new ProducerRecord<>(
                PARTITION.topic(), PARTITION.partition(), clock.millis(), TENANT, TenantPause.CODEC.write(pause));
        record.headers().add(RecordHeaders.SCHEMA, SCHEMA);
        var _ = producer.send(record, (metadata, failure) -> {
            if (failure != null && !closing) {
                fatal.end("a pause cannot be written to " + PARTITION.topic() + ": " + failure, failure);
            }
        });
    }

    /** Stops following. */
    public synchronized void close() throws InterruptedException {
        closing = true;
        if (consumer != null && thread != null) {
            consumer.wakeup();
            thread.join();
        }
    }

    private void follow(Consumer<byte[], byte[]> from) {
        try {
            from.assign(Set.of(PARTITION));
            from.seekToBeginning(Set.of(PARTITION));
            long end = end(from);
            while (!closing) {
                if (!isCaughtUp() && hasRead(from, end)) {
                    caughtUp.countDown();
                }
                from.poll(POLL).forEach(this::tell);
            }
        } catch (WakeupException closed) {
            log.debug("{} is not followed any more", PARTITION.topic());
        } catch (RuntimeException failure) {
            fatal.end("the topic " + PARTITION.topic() + " cannot be followed any more: " + failure, failure);
        } finally {
            // It has no group and committed nothing: there is nothing to tell a broker, least of all one that is away.
            from.close(CloseOptions.timeout(Duration.ZERO));
        }
    }

    private static long end(Consumer<byte[], byte[]> from) {
        while (true) {
            try {
                return from.endOffsets(Set.of(PARTITION), BROKER_BOUND).getOrDefault(PARTITION, 0L);
            } catch (RetriableException brokerAway) {
                log.warn("waiting for the broker to say where {} ends", PARTITION);
            }
        }
    }

    private static boolean hasRead(Consumer<byte[], byte[]> from, long end) {
        try {
            return from.position(PARTITION, BROKER_BOUND) >= end;
        } catch (RetriableException brokerAway) {
            return false;
        }
    }

    private void tell(ConsumerRecord<byte[], byte[]> record) {
        TenantPause pause;
        try {
            pause = TenantPause.CODEC.read(record.value());
        } catch (ContractViolation unreadable) {
            log.warn("pause {}/{} cannot be read: {}", PARTITION, record.offset(), unreadable.getMessage());
            return;
        }
        Instant now = clock.instant();
        Instant until = earlier(pause.until(), now.plus(longest));
        if (until.isAfter(now)) {
            furthest.accumulateAndGet(until, ThrottleTopic::later);
            listener.paused(until);
        }
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }

    private static Instant earlier(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }
}
