package io.guestflow.processor.runtime;

import io.guestflow.processor.wire.UnreadableState;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KafkaStreams.State;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of one Kafka Streams application. An error that no handler took ends it: a replaced stream thread would leave its
 * static member behind, and what killed it would kill the next one too. What ends with it is decided by who is told.
 *
 * <p>Threading: any thread; {@link #start} and {@link #close} once.
 */
public final class StreamsApplication {
    private static final Logger LOG = LoggerFactory.getLogger(StreamsApplication.class);

    private final String applicationId;
    private final KafkaStreams streams;
    private final CountDownLatch running = new CountDownLatch(1);

    /**
     * Nothing runs before {@link #start}.
     *
     * @param transactionGap between the end of a transaction and the first record of the next; see {@link
     *     TransactionGap}
     * @param mainConsumers makes the consumers that its stream threads poll
     * @param fatal is told of the error that ends the application, with a line for the operator
     */
    public StreamsApplication(
            Topology topology,
            Map<String, Object> properties,
            Duration transactionGap,
            MainConsumers mainConsumers,
            Time clock,
            BiConsumer<String, Throwable> fatal) {
        this.applicationId = String.valueOf(properties.get(StreamsConfig.APPLICATION_ID_CONFIG));
        Properties all = new Properties();
        all.putAll(withRoomFor(transactionGap, properties));
        this.streams = new KafkaStreams(topology, all, new SpacedTransactions(transactionGap, mainConsumers), clock);
        streams.setStateListener((now, before) -> {
            LOG.info("{} is {}, was {}", applicationId, now, before);
            if (now == State.RUNNING) {
                running.countDown();
            }
        });
        streams.setUncaughtExceptionHandler(failure -> {
            fatal.accept(applicationId + " cannot go on: " + reason(failure), failure);
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
    }

    /**
     * The first record of a transaction waits for the gap: an interval that is over by then would commit it alone. Without
     * transactions there is no gap, and what counts on the interval counts on it as it is.
     */
    static Map<String, Object> withRoomFor(Duration transactionGap, Map<String, Object> properties) {
        Map<String, Object> all = new HashMap<>(properties);
        if (StreamsConfig.EXACTLY_ONCE_V2.equals(all.get(StreamsConfig.PROCESSING_GUARANTEE_CONFIG))) {
            all.computeIfPresent(
                    StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
                    (name, interval) -> Long.parseLong(interval.toString()) + 2 * transactionGap.toMillis());
        }
        return all;
    }

    /** What the operator can do something about, wherever Kafka Streams has wrapped it; else what it was. */
    private static String reason(Throwable failure) {
        Throwable first = failure;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnreadableState unreadable) {
                return String.valueOf(unreadable.getMessage());
            }
            first = cause;
        }
        // Who is told has the failure too. A message may quote a record, and the reason is shown to anybody.
        return failure.getClass().getName()
                + (failure.getCause() == null ? "" : " of a " + first.getClass().getName());
    }

    /** For binding metrics. */
    public KafkaStreams streams() {
        return streams;
    }

    /** Joins the group and begins. */
    public void start() {
        streams.start();
    }

    /** Whether its tasks are assigned and restored. */
    public boolean isRunning() {
        return streams.state() == State.RUNNING;
    }

    /** Whether its tasks were assigned and restored at any time. */
    public boolean hasBeenRunning() {
        return running.getCount() == 0;
    }

    /** Waits until it has been running once, and returns whether it came to that. */
    public boolean awaitRunning(Duration timeout) throws InterruptedException {
        return running.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * Commits and ends within the time given. While it starts, which opens all the state that there is, Kafka Streams waits
     * for that first and does not count it.
     *
     * @param leave whether the group gives the tasks to others at once, or keeps them for a restart
     * @return whether it ended in time
     */
    public boolean close(Duration timeout, boolean leave) {
        return streams.close(CloseOptions.timeout(timeout)
                .withGroupMembershipOperation(
                        leave ? GroupMembershipOperation.LEAVE_GROUP : GroupMembershipOperation.REMAIN_IN_GROUP));
    }
}
