package io.guestflow.processor.system;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * Requests at a steady rate, whatever becomes of them, until it is stopped or has sent enough.
 *
 * <p>Threading: one thread sends; any may ask.
 */
final class Load implements AutoCloseable {
    /** A request and the broker's word that it has it. */
    record Sent(GuestRequest request, Future<RecordMetadata> at) {}

    /** A thread for each: while no broker can be reached, the producer holds whoever wants to send. */
    private final ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor();

    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("load").daemon().factory());
    private final List<Sent> sent = new ArrayList<>();
    private final int atMost;

    private Load(int atMost) {
        this.atMost = atMost;
    }

    /** Sends until it is closed. */
    static Load start(GuestflowSandbox guestflow, int perSecond, Supplier<GuestRequest> next) {
        return start(guestflow, perSecond, Integer.MAX_VALUE, next);
    }

    /** Sends until it is closed or has sent so many. */
    static Load start(GuestflowSandbox guestflow, int perSecond, int atMost, Supplier<GuestRequest> next) {
        Load load = new Load(atMost);
        var _ = load.clock.scheduleAtFixedRate(
                () -> load.send(guestflow, next.get()),
                0,
                TimeUnit.SECONDS.toNanos(1) / perSecond,
                TimeUnit.NANOSECONDS);
        return load;
    }

    /** Sends for so long, and returns what was sent when the broker has all of it. */
    static List<GuestRequest> run(
            GuestflowSandbox guestflow, int perSecond, Duration length, Supplier<GuestRequest> next) {
        try (Load load = start(guestflow, perSecond, (int) (perSecond * length.toMillis() / 1000), next)) {
            return load.awaitAll();
        }
    }

    /** Waits until it has sent as many as it was to send and the broker has them, and returns them. */
    List<GuestRequest> awaitAll() {
        try {
            if (!clock.awaitTermination(10, TimeUnit.MINUTES)) {
                throw new AssertionError("the load does not come to its end; sent " + sent().size());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while sending", e);
        }
        return acknowledged();
    }

    /** Sends no more, and returns what was sent when the broker has all of it. */
    List<GuestRequest> stop() {
        clock.shutdownNow();
        return awaitAll();
    }

    /** What was sent by now. */
    synchronized List<Sent> sent() {
        return List.copyOf(sent);
    }

    @Override
    public void close() {
        clock.shutdownNow();
        senders.shutdownNow();
    }

    private void send(GuestflowSandbox guestflow, GuestRequest request) {
        Future<RecordMetadata> at =
                senders.submit(() -> guestflow.kafka().send(request.record()).get());
        synchronized (this) {
            sent.add(new Sent(request, at));
            if (sent.size() == atMost) {
                clock.shutdown();
            }
        }
    }

    private List<GuestRequest> acknowledged() {
        List<Sent> all = sent();
        all.forEach(each -> GuestflowSandbox.sent(each.at()));
        return all.stream().map(Sent::request).toList();
    }
}
