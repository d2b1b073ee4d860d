package io.guestflow.processor.timers;

import io.guestflow.processor.deadletter.UnreadableRecords;
import io.guestflow.processor.wire.Routed;
import java.time.Duration;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fires a task's timers. One whose handling fails must neither end the process nor hold up the others: it is tried again,
 * ever later, and given up in the end, as a dead letter. What Kafka throws is Kafka Streams' to handle, and goes through.
 *
 * <p>Threading: for the stream thread of the task.
 */
public final class GuardedTimers {
    private static final Logger LOG = LoggerFactory.getLogger(GuardedTimers.class);

    private final DueTimers timers;
    private final ProcessorContext<byte[], ? super Routed> context;
    private final UnreadableRecords deadLetters;
    private final Owner owner;
    private final TimerFailures failures = new TimerFailures();

    /**
     * Whose timers they are.
     *
     * @param store that they lie in
     * @param failed counts one that has failed
     * @param givenUp counts one that is given up
     * @param consequence what it means that one is given up, to be read after a colon
     * @param remedy what helps then
     */
    public record Owner(String store, Runnable failed, Runnable givenUp, String consequence, String remedy) {}

    /** Guards these timers, of the task that has this context. */
    public GuardedTimers(
            DueTimers timers,
            ProcessorContext<byte[], ? super Routed> context,
            UnreadableRecords deadLetters,
            Owner owner) {
        this.timers = timers;
        this.context = context;
        this.deadLetters = deadLetters;
        this.owner = owner;
        deadLetters.expectGivenUp(context, owner.store());
    }

    /** As {@link DueTimers#fire}. */
    public int fire(long nowMs, Consumer<Timer> handling) {
        return timers.fire(nowMs, timer -> handle(timer, handling));
    }

    /** As {@link DueTimers#foresee}. One that fails now is tried when it fires. */
    public void foresee(long nowMs, Consumer<Timer> handling) {
        timers.foresee(nowMs, timer -> {
            try {
                handling.accept(timer);
            } catch (KafkaException forStreams) {
                throw forStreams;
            } catch (RuntimeException defect) {
                owner.failed().run();
                LOG.error(
                        "A timer of task {} failed ({}) ahead of its time and will be tried again when it fires: this is a"
                                + " defect of guestflow",
                        context.taskId(),
                        defect.getClass().getName());
            }
        });
    }

    private void handle(Timer timer, Consumer<Timer> handling) {
        try {
            handling.accept(timer);
        } catch (KafkaException forStreams) {
            throw forStreams;
        } catch (RuntimeException defect) {
            onFailure(timer, defect);
            return;
        }
        failures.forget(timer);
    }

    private void onFailure(Timer timer, RuntimeException defect) {
        owner.failed().run();
        Duration delay = failures.nextTry(timer);
        if (delay == null) {
            owner.givenUp().run();
            deadLetters.tellGivenUp(context, owner.store(), timer.dueMs());
            LOG.error(
                    "A timer of task {} failed {} times, the last time with {}, and is given up: {}. This is a defect of"
                            + " guestflow: report it with the lines before this one; {}",
                    context.taskId(),
                    TimerFailures.MOST_TRIES,
                    defect.getClass().getName(),
                    owner.consequence(),
                    owner.remedy());
            return;
        }
        LOG.error(
                "A timer of task {} failed ({}) and will be tried again in {}: this is a defect of guestflow",
                context.taskId(),
                defect.getClass().getName(),
                delay);
        timers.arm(new Timer(
                context.currentSystemTimeMs() + delay.toMillis(), timer.kind(), timer.entity(), timer.generation()));
    }
}
