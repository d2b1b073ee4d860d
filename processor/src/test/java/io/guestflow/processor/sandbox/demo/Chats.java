package io.guestflow.processor.sandbox.demo;

import io.guestflow.contracts.Topics;
import io.guestflow.processor.sandbox.broker.KafkaSandbox;
import io.guestflow.processor.sandbox.webhooks.Happening;
import io.guestflow.processor.sandbox.webhooks.Shape;
import io.guestflow.processor.sandbox.webhooks.Talk;
import io.guestflow.processor.sandbox.webhooks.Webhook;
import io.guestflow.processor.sandbox.webhooks.WebhookBodies;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Lets CXone's webhooks come of conversations, as their guests write, are silent, or are closed.
 *
 * <p>Threading: one virtual thread for each conversation.
 */
final class Chats implements AutoCloseable {
    /** Between two messages of a guest who chats: several in a lifetime, as long as {@link Stage#LIFETIME}. */
    static final Duration EVERY = Duration.ofSeconds(4);
    /** Well past the second refresh. */
    static final Duration CHATS_FOR = Stage.LIFETIME.multipliedBy(2);
    /** After the first message, before the first refresh is due. */
    static final Duration CLOSED_AFTER = Duration.ofSeconds(6);

    private final KafkaSandbox kafka;
    private final WebhookBodies bodies;
    private final InstantSource clock;
    private final Screen screen;
    private final AtomicInteger numbered = new AtomicInteger();
    private final ExecutorService guests = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

    Chats(KafkaSandbox kafka, WebhookBodies bodies, InstantSource clock, Screen screen) {
        this.kafka = kafka;
        this.bodies = bodies;
        this.clock = clock;
        this.screen = screen;
    }

    /** The guest's conversation goes on as that kind's do. */
    void begin(SessionKind kind, String conversationId) {
        guests.execute(() -> {
            try {
                play(kind, new Talk(conversationId, Messages.CHANNEL, null));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (ExecutionException | RuntimeException e) {
                failure.compareAndSet(null, e);
            }
        });
    }

    /** @throws IllegalStateException when a webhook could not be sent */
    void check() {
        Exception e = failure.get();
        if (e != null) {
            throw new IllegalStateException("a webhook could not be sent: " + e.getMessage(), e);
        }
    }

    /** Silence. */
    @Override
    public void close() {
        guests.shutdownNow();
        guests.close();
    }

    private void play(SessionKind kind, Talk talk) throws InterruptedException, ExecutionException {
        switch (kind) {
            case NEVER_WRITES -> {}
            case GOES_QUIET -> tell(kind, talk, Happening.INBOUND);
            case IS_CLOSED -> {
                tell(kind, talk, Happening.INBOUND);
                Thread.sleep(CLOSED_AFTER);
                tell(kind, talk, Happening.CLOSED);
            }
            case CHATS -> {
                for (Duration passed = Duration.ZERO; passed.compareTo(CHATS_FOR) < 0; passed = passed.plus(EVERY)) {
                    tell(kind, talk, Happening.INBOUND);
                    Thread.sleep(EVERY);
                }
            }
        }
    }

    private void tell(SessionKind kind, Talk talk, Happening happening)
            throws InterruptedException, ExecutionException {
        int number = numbered.incrementAndGet();
        Shape shape = number % 2 == 0 ? Shape.FLAT : Shape.DIGITAL;
        var webhook = new Webhook(
                talk,
                happening,
                "event-" + number,
                happening == Happening.INBOUND ? "message-" + number : null,
                clock.instant());
        screen.webhook(kind, talk.conversationId(), shape, happening, System.nanoTime());
        kafka.send(new ProducerRecord<>(Topics.CXONE_EVENTS.name(), bodies.write(shape, webhook)))
                .get();
    }
}
