package io.guestflow.processor.system;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.guestflow.contracts.Topics;
import io.guestflow.contracts.auth.GuestAuthResult.Authenticated;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.contracts.session.Session;
import io.guestflow.processor.sandbox.cxone.Conversation;
import io.guestflow.processor.sandbox.webhooks.Happening;
import io.guestflow.processor.sandbox.webhooks.Shape;
import io.guestflow.processor.sandbox.webhooks.Talk;
import io.guestflow.processor.sandbox.webhooks.Webhook;
import io.guestflow.processor.sandbox.webhooks.WebhookBodies;
import io.guestflow.processor.system.Entries.Entry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * The conversation of one guest, the webhooks that come of it, and what is published of its session.
 *
 * <p>Threading: one thread at a time.
 */
final class Chat {
    /** Between two messages of a guest who writes. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private static final Duration LONGEST = Duration.ofSeconds(120);
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final WebhookBodies BODIES = WebhookBodies.asIntakeReadsThem();

    private final GuestflowSandbox guestflow;
    private final String guestId;
    private final Talk talk;
    /** One tenant has one. */
    private final Shape shape = NUMBER.incrementAndGet() % 2 == 0 ? Shape.DIGITAL : Shape.FLAT;

    private Chat(GuestflowSandbox guestflow, String guestId, String conversationId, String channelId) {
        this.guestflow = guestflow;
        this.guestId = guestId;
        this.talk = new Talk(conversationId, channelId, guestId);
    }

    /** Of a new guest, who is authenticated when this returns. */
    static Chat begin(GuestflowSandbox guestflow) {
        return begin(guestflow, GuestRequest.CHANNEL);
    }

    static Chat begin(GuestflowSandbox guestflow, String channelId) {
        GuestRequest request = GuestRequest.ofNewGuest().with("channelId", channelId);
        Authenticated result = assertInstanceOf(Authenticated.class, guestflow.answerTo(request));
        return new Chat(guestflow, request.guestId(), result.conversationId(), channelId);
    }

    /** Of a guest whose conversation is known at CXone, and nowhere else yet. */
    static Chat at(GuestflowSandbox guestflow, Conversation conversation) {
        return new Chat(guestflow, conversation.guestId(), conversation.id(), conversation.channelId());
    }

    String id() {
        return talk.conversationId();
    }

    String guestId() {
        return guestId;
    }

    /** As CXone has it. */
    Conversation atCxone() {
        Conversation conversation = guestflow.cxone().conversation(id());
        assertNotNull(conversation);
        return conversation;
    }

    /** Something new happens now, and its webhook is delivered. */
    Webhook tell(Happening happening) {
        return tell(happening, "message-" + NUMBER.incrementAndGet());
    }

    /** The same about that message, if it is about one. */
    Webhook tell(Happening happening, String messageId) {
        int number = NUMBER.incrementAndGet();
        boolean about = happening == Happening.INBOUND
                || happening == Happening.OUTBOUND_SENT
                || happening == Happening.OUTBOUND_CREATED;
        Webhook webhook = new Webhook(talk, happening, "event-" + number, about ? messageId : null, Instant.now());
        deliver(webhook);
        return webhook;
    }

    /** The same as another channel's. */
    void tellOn(String channelId, Happening happening) {
        int number = NUMBER.incrementAndGet();
        Talk foreign = new Talk(id(), channelId, null);
        deliver(new Webhook(foreign, happening, "event-" + number, "message-" + number, Instant.now()));
    }

    void deliver(Webhook webhook) {
        GuestflowSandbox.sent(
                guestflow.kafka().send(new ProducerRecord<>(Topics.CXONE_EVENTS.name(), BODIES.write(shape, webhook))));
    }

    /** The guest writes again and again until that is so. */
    void writesUntil(BooleanSupplier over) {
        writesUntil(PAUSE, over);
    }

    void writesUntil(Duration pause, BooleanSupplier over) {
        await().pollDelay(Duration.ZERO).pollInterval(pause).atMost(LONGEST).until(() -> {
            tell(Happening.INBOUND);
            return over.getAsBoolean();
        });
    }

    /** All that was published of its session by now. */
    List<Entry<Session>> published() {
        return guestflow.sessions().all(session -> session.conversationId().equals(id()));
    }

    /** Waits for the first such record of its session. */
    Entry<Session> awaitRecord(String what, Predicate<? super Session> matches) {
        return guestflow
                .sessions()
                .awaitOne(
                        what + " of " + id(),
                        session -> session.conversationId().equals(id()) && matches.test(session));
    }

    /** Waits for its end. */
    Entry<Session> awaitEnd() {
        return awaitRecord("end", session -> session.endedAt() != null);
    }

    /** Waits for the first such fact of it. */
    <F extends Fact> F awaitFact(Class<F> kind, Predicate<? super F> matches) {
        return kind.cast(guestflow
                .facts()
                .awaitOne(
                        kind.getSimpleName() + " of " + id(),
                        fact -> kind.isInstance(fact)
                                && id().equals(SessionBalance.conversation(fact))
                                && matches.test(kind.cast(fact)))
                .value());
    }
}
