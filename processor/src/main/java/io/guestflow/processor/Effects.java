package io.guestflow.processor;

import io.guestflow.processor.config.Settings;
import io.guestflow.processor.context.AllowedKey;
import io.guestflow.processor.deadletter.DeadLetters;
import io.guestflow.processor.effects.AuthCommandHandler;
import io.guestflow.processor.effects.AuthLane;
import io.guestflow.processor.effects.CommandConsumer;
import io.guestflow.processor.effects.DeadLetterTopic;
import io.guestflow.processor.effects.EffectsClients;
import io.guestflow.processor.effects.EffectsPorts;
import io.guestflow.processor.effects.EffectsSettings;
import io.guestflow.processor.effects.FatalError;
import io.guestflow.processor.effects.QueryCommandHandler;
import io.guestflow.processor.effects.QueryLane;
import io.guestflow.processor.effects.SessionCommandHandler;
import io.guestflow.processor.effects.SessionLane;
import io.guestflow.processor.effects.ThrottleTopic;
import io.guestflow.processor.effects.cxone.CxoneClient;
import io.guestflow.processor.effects.cxone.HttpSettings;
import io.guestflow.processor.effects.cxone.Profile;
import io.guestflow.processor.runtime.Metrics;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;

/** The wiring of the role {@code effects}. */
final class Effects {
    private static final String GROUP = "guestflow-effects";
    /** Whatever the producer still holds had the time of the drain. */
    private static final Duration CLOSE_BOUND = Duration.ofMillis(500);

    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(3);

    private final Producer<byte[], byte[]> producer;
    private final CxoneClient cxone;
    private final ThrottleTopic throttle;
    private final CommandConsumer commands;
    private final Metrics metrics;

    Effects(Settings settings, String instanceId, InstantSource clock, Metrics metrics, FatalError fatal) {
        EffectsSettings defaults = EffectsSettings.defaults(GROUP, instanceId);
        EffectsSettings effects = new EffectsSettings(
                GROUP,
                instanceId,
                settings.kafka().sessionTimeout(),
                defaults.window(),
                settings.effects().inFlight(),
                defaults.tail(),
                defaults.revokeWait(),
                settings.instance().onStop() == Settings.OnStop.LEAVE);
        EffectsClients clients = new EffectsClients(
                settings.kafka().forConsumer(), settings.kafka().forProducer(), effects);
        this.metrics = metrics;
        producer = clients.producer();
        metrics.bind(GROUP, producer);
        Settings.CXone tenant = settings.cxone().orElseThrow();
        // A pause that this instance is told of goes to the others; one of theirs comes back the same way.
        AtomicReference<@Nullable ThrottleTopic> others = new AtomicReference<>();
        cxone = CxoneClient.start(
                http(tenant), tenant.callsPerSecond().perSecond(), clock, metrics.registry(), until -> {
                    ThrottleTopic topic = others.get();
                    if (topic != null) {
                        topic.publish(until);
                    }
                });
        throttle = new ThrottleTopic(clients, producer, LONGEST_PAUSE, cxone::pauseUntil, fatal, clock);
        others.set(throttle);
        // Nothing is ours before the group says so: another instance may be using all of the limit.
        cxone.share(0);
        List<String> contextPriority =
                Guestflow.allowedKeys(settings).stream().map(AllowedKey::name).toList();
        commands = new CommandConsumer(
                clients,
                // The first one measures this instance's share.
                List.of(
                        AuthLane.of(new AuthCommandHandler(cxone.guests(), contextPriority, clock)),
                        SessionLane.of(new SessionCommandHandler(cxone.guests(), contextPriority, clock)),
                        QueryLane.of(new QueryCommandHandler(cxone.details(), clock))),
                new EffectsPorts(
                        producer,
                        new DeadLetterTopic(
                                new DeadLetters(
                                        Guestflow.refs(settings.refKeys().orElseThrow())),
                                producer,
                                clock),
                        (assigned, total) -> cxone.share(total == 0 ? 0 : (double) assigned / total),
                        throttle::letsBegin,
                        fatal),
                clock,
                metrics.registry());
    }

    void start() {
        throttle.start();
        commands.start(consumer -> metrics.bind(GROUP, consumer));
    }

    boolean isReady() {
        return throttle.letsBegin() && commands.isAssigned();
    }

    /** Begins nothing more, and lets what runs come to its end. */
    void drain(Duration bound) throws InterruptedException {
        commands.drainAndClose(bound);
    }

    void close() throws InterruptedException {
        throttle.close();
        cxone.close();
        producer.close(CLOSE_BOUND);
    }

    private static HttpSettings http(Settings.CXone tenant) {
        return new HttpSettings(
                tenant.baseUrl(),
                tenant.clientId(),
                tenant.clientSecret().reveal(),
                tenant.scopes(),
                tenant.connectTimeout(),
                tenant.callTimeout(),
                tenant.httpVersion(),
                List.copyOf(tenant.initialQueueIds()),
                switch (tenant.profile()) {
                    case TUTORIAL -> Profile.TUTORIAL;
                    case TUTORIAL_PAGE_NUMBERS -> Profile.TUTORIAL_PAGE_NUMBERS;
                });
    }
}
