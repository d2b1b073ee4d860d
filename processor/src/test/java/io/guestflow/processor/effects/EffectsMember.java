package io.guestflow.processor.effects;

import io.guestflow.contracts.auth.AuthCommand;
import io.guestflow.contracts.auth.AuthOutcome;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.errors.InterruptException;

/** One instance of effects in the test's own process. */
final class EffectsMember implements AutoCloseable {
    static final Duration SOON = Duration.ofSeconds(30);

    final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    final Queue<String> fatal = new ConcurrentLinkedQueue<>();
    final Queue<String> shares = new ConcurrentLinkedQueue<>();
    final Queue<Long> deadLetters = new ConcurrentLinkedQueue<>();
    final CommandConsumer consumer;
    private final Producer<byte[], byte[]> producer;

    private EffectsMember(EffectsClients clients, Producer<byte[], byte[]> producer, List<CommandLane<?, ?>> lanes) {
        this.producer = producer;
        EffectsPorts ports = new EffectsPorts(
                producer,
                (record, violation) -> deadLetters.add(record.offset()),
                (assigned, total) -> shares.add(assigned + "/" + total),
                () -> true,
                (line, cause) -> fatal.add(line));
        consumer = new CommandConsumer(clients, lanes, ports, InstantSource.system(), registry);
    }

    static EffectsClients clients(String bootstrap, EffectsSettings settings) {
        return new EffectsClients(Map.of("bootstrap.servers", bootstrap, "reconnect.backoff.max.ms", "200"), settings);
    }

    static EffectsMember start(
            String bootstrap, EffectsSettings settings, CommandHandler<AuthCommand, AuthOutcome> handler)
            throws InterruptedException {
        EffectsClients clients = clients(bootstrap, settings);
        return start(clients, clients.producer(), handler);
    }

    static EffectsMember start(
            EffectsClients clients, Producer<byte[], byte[]> producer, CommandHandler<AuthCommand, AuthOutcome> handler)
            throws InterruptedException {
        return start(clients, producer, List.of(AuthLane.of(handler)));
    }

    static EffectsMember start(EffectsClients clients, Producer<byte[], byte[]> producer, List<CommandLane<?, ?>> lanes)
            throws InterruptedException {
        EffectsMember member = new EffectsMember(clients, producer, lanes);
        member.consumer.start(made -> {});
        if (!member.consumer.awaitAssigned(SOON)) {
            throw new AssertionError("not assigned within " + SOON + "; fatal: " + member.fatal);
        }
        return member;
    }

    int count(String meter) {
        return (int) registry.find("guestflow.effects." + meter).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    int gauge(String meter) {
        return (int) registry.get("guestflow.effects." + meter).gauge().value();
    }

    @Override
    public void close() {
        try {
            consumer.drainAndClose(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } finally {
            producer.close(Duration.ZERO);
        }
    }
}
