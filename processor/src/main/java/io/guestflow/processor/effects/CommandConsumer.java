package io.guestflow.processor.effects;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Consumes commands of one or several lanes: commands of one key one after another, all others at once, each complete
 * when the broker has acknowledged its outcome. At least once: what may be carried out twice is what lies at or above
 * a partition's committed offset when its owner dies, stalls or loses it, and the window bounds that.
 *
 * <p>Every partition that is assigned has the tail of its outcomes read back first, and commands found there are
 * skipped. A partition that is revoked gets a short time for what runs; what ends later still writes its outcome.
 *
 * <p>Threading: one thread polls, each command has a virtual thread; the public methods may be called from any, but
 * {@link #start} and {@link #drainAndClose} each once.
 */
public final class CommandConsumer {
    /** For the last commit and for leaving, once nothing runs any more. */
    private static final Duration CLOSE_SLACK = Duration.ofSeconds(8);

    private final EffectsClients clients;
    private final List<CommandLane<?, ?>> lanes;
    private final EffectsPorts ports;
    private final InstantSource clock;
    private final EffectsMeters meters;
    private volatile @Nullable PollLoop loop;
    private @Nullable Thread thread;

    /**
     * Nothing happens before {@link #start}.
     *
     * @param lanes of different topics with equal partition counts; partitions of the first one measure this instance's
     *     share of the work. Each has in-flight places of its own
     */
    public CommandConsumer(
            EffectsClients clients,
            List<CommandLane<?, ?>> lanes,
            EffectsPorts ports,
            InstantSource clock,
            MeterRegistry registry) {
        this.clients = clients;
        this.lanes = List.copyOf(lanes);
        this.ports = new EffectsPorts(
                ports.producer(), ports.deadLetters(), ports.assignment(), ports.begin(), once(ports.fatal()));
        this.clock = clock;
        this.meters = new EffectsMeters(registry);
    }

    /**
     * Joins the group and begins.
     *
     * @param made is handed the consumer of commands before it begins, for binding metrics
     * @throws org.apache.kafka.common.KafkaException if a client setting is wrong
     */
    public synchronized void start(java.util.function.Consumer<Consumer<?, ?>> made) {
        if (loop != null) {
            throw new IllegalStateException("started already");
        }
        Consumer<byte[], byte[]> consumer = clients.commands();
        made.accept(consumer);
        OutcomeTail tail = new OutcomeTail(
                clients.reader("tail"), lanes, clients.settings().tail());
        PollLoop created = new PollLoop(clients.settings(), lanes, ports, clock, meters, consumer, tail);
        loop = created;
        thread = Thread.ofPlatform().name("effects-poll").start(created);
    }

    /** Whether the group has given this member its partitions, be it none of them. */
    public boolean isAssigned() {
        PollLoop running = loop;
        return running != null && running.isAssigned();
    }

    /** Waits for {@link #isAssigned}, and returns whether it came to that. */
    public boolean awaitAssigned(Duration timeout) throws InterruptedException {
        PollLoop running = loop;
        return running != null && running.awaitAssigned(timeout);
    }

    /**
     * Begins no further command, waits up to {@code bound} for those that run, commits, and ends; some seconds more when
     * the broker does not answer. What still runs after that is interrupted, and delivered again to its next owner.
     */
    public synchronized void drainAndClose(Duration bound) throws InterruptedException {
        PollLoop running = loop;
        if (running == null || thread == null) {
            return;
        }
        running.close(bound);
        thread.join(bound.plus(CLOSE_SLACK));
        running.interruptCommands();
    }

    private static FatalError once(FatalError fatal) {
        AtomicBoolean told = new AtomicBoolean();
        return (line, cause) -> {
            if (told.compareAndSet(false, true)) {
                fatal.end(line, cause);
            }
        };
    }
}
