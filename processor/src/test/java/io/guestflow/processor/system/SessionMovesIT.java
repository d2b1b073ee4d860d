package io.guestflow.processor.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.Topics;
import io.guestflow.contracts.facts.EndReason;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.contracts.session.Session;
import io.guestflow.contracts.session.SessionRevocation;
import io.guestflow.contracts.session.SessionState;
import io.guestflow.processor.sandbox.broker.KafkaSandbox;
import io.guestflow.processor.sandbox.broker.SharedBroker;
import io.guestflow.processor.sandbox.cxone.Conversation;
import io.guestflow.processor.sandbox.cxone.Extension;
import io.guestflow.processor.sandbox.webhooks.Happening;
import io.guestflow.processor.sandbox.webhooks.Webhook;
import io.guestflow.processor.system.Entries.Entry;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Sessions whose tasks move in the middle of their lives: to the same instance after a restart, to one that joins, and
 * from one that leaves. What is not about time happens while they move.
 */
@Tag("full")
@Timeout(300)
@ExtendWith(SharedBroker.class)
class SessionMovesIT {
    /** Enough of each kind to lie in several partitions. */
    private static final int EACH = 4;

    /** A move begins after a refresh, and so there are 20 s for it until the next is due. */
    private static final Duration LIFETIME = Duration.ofSeconds(30);

    private static final Duration THRESHOLD = LIFETIME.dividedBy(3);
    private static final Duration LATE = Duration.ofSeconds(2);

    private final KafkaSandbox kafka;
    private final ExecutorService guests = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Away> aways = new ArrayList<>();
    private GuestflowSandbox guestflow;

    SessionMovesIT(KafkaSandbox kafka) {
        this.kafka = kafka;
    }

    @BeforeEach
    void start() {
        kafka.deleteAllTopicsAndGroups();
        guestflow = new GuestflowSandbox(kafka.bootstrap(), SessionMovesIT.class);
        guestflow.cxone().conversationLifetime(LIFETIME);
    }

    @AfterEach
    void stop() {
        guests.shutdownNow();
        guestflow.close();
    }

    @Test
    void nothingIsLostOrDoneTwiceByARestartAJoinAndALeave() throws Exception {
        Instance first = guestflow.start("first", Map.of("GUESTFLOW_ON_STOP", "leave"));
        List<Batch> batches = new ArrayList<>();
        List<Chat> sliding = chats();
        Instant later = last(sliding).createdAt().plus(LIFETIME.multipliedBy(3));
        List<Future<?>> writing = new ArrayList<>();
        sliding.forEach(chat -> writing.add(
                guests.submit(() -> chat.writesUntil(() -> Instant.now().isAfter(later)))));

        awaitRefresh(1, sliding);
        batches.add(batch(List.of(first)));
        move(batches.getLast(), () -> assertEquals(0, first.stop()), first::restart);

        awaitRefresh(2, sliding);
        batches.add(batch(List.of(first)));
        Instance second = guestflow.launch("second", Map.of());
        move(batches.getLast(), () -> {}, second::awaitReady);
        List<Instance> both = List.of(first, second);
        for (Instance instance : both) {
            await().atMost(Entries.SOON).until(() -> instance.metric("guestflow_session_marks_total") > 0);
        }

        awaitRefresh(3, sliding);
        batches.add(batch(both));
        move(
                batches.getLast(),
                first.process()::sigterm,
                () -> assertEquals(0, first.process().awaitExit(Entries.SOON)));

        System.out.printf("restarted, joined and left in %s%n", aways);
        batches.forEach(Batch::cameToItsEnd);
        for (Future<?> each : writing) {
            each.get();
        }
        sliding.forEach(chat -> slid(chat, later));
        int sessions = sliding.size() + 4 * EACH * batches.size();
        await().atMost(Entries.SOON).untilAsserted(() -> assertEquals(sessions, SessionBalance.holds(guestflow)));
    }

    private void move(Batch batch, Runnable away, Runnable back) {
        Instant from = Instant.now();
        away.run();
        batch.goesOn();
        back.run();
        aways.add(new Away(from, Instant.now()));
    }

    private Batch batch(List<Instance> running) {
        Batch batch = new Batch();
        batch.begin(running);
        return batch;
    }

    private List<Chat> chats() {
        return IntStream.range(0, EACH).mapToObj(i -> Chat.begin(guestflow)).toList();
    }

    private static Conversation last(List<Chat> chats) {
        return chats.getLast().atCxone();
    }

    private static void awaitRefresh(int number, List<Chat> chats) {
        chats.forEach(chat -> chat.awaitRecord("refresh " + number, session -> session.refreshes() >= number));
    }

    private void slid(Chat chat, Instant later) {
        Conversation conversation = chat.atCxone();
        assertTrue(conversation.openAt(later), () -> "it ended at " + conversation.endsAt() + ", away: " + aways);
        assertEquals(1, guestflow.cxone().guest(chat.guestId()).conversations());
        Instant end = conversation.createdAt().plus(LIFETIME);
        for (Extension extension : conversation.extensions()) {
            Duration before = Duration.between(extension.at(), end);
            assertTrue(before.compareTo(THRESHOLD) <= 0, () -> "refreshed " + before + " before the end");
            end = extension.expiresAt();
        }
        Session session = chat.awaitRecord(
                        "last refresh",
                        it -> it.refreshes() == conversation.extensions().size())
                .value();
        assertEquals(SessionState.ACTIVE, session.state());
        assertEquals(ms(conversation.expiresAt()), session.expiresAt());
    }

    /** Some sessions of each kind that are begun before one move, and what they come to. */
    private final class Batch {
        private final List<Chat> idle = new ArrayList<>();
        private final List<Chat> closed = new ArrayList<>();
        private final List<Chat> revoked = new ArrayList<>();
        private final List<Chat> overtaken = new ArrayList<>();
        private final List<Webhook> closes = new ArrayList<>();

        /** All but the overtaken ones are open then, whose webhooks have been read and are held. */
        void begin(List<Instance> running) {
            double held = held(running);
            for (int i = 0; i < EACH; i++) {
                overtaken.add(overtaken());
            }
            overtaken.forEach(chat -> {
                chat.tell(Happening.INBOUND);
                chat.tell(Happening.CLOSED);
            });
            await().atMost(Entries.SOON).until(() -> held(running) >= held + 2 * EACH);
            closed.addAll(chats());
            revoked.addAll(chats());
            idle.addAll(chats());
            Stream.of(closed, revoked).flatMap(List::stream).forEach(chat -> chat.tell(Happening.INBOUND));
            Stream.of(closed, revoked)
                    .flatMap(List::stream)
                    .forEach(chat -> chat.awaitFact(Fact.MessageSeen.class, any -> true));
            idle.forEach(chat -> chat.awaitRecord("opening", any -> true));
        }

        /** The guest has a conversation that nobody here knows: to be authenticated will find it. */
        private Chat overtaken() {
            String guestId = GuestRequest.ofNewGuest().guestId();
            Instant now = Instant.now();
            var conversation = new Conversation(
                    "conv-overtaken" + guestId.substring(guestId.lastIndexOf('-')),
                    guestId,
                    GuestRequest.CHANNEL,
                    now,
                    now.plus(LIFETIME),
                    null,
                    List.of(),
                    0,
                    Map.of());
            guestflow.cxone().adopt(conversation);
            return Chat.at(guestflow, conversation);
        }

        /** While the tasks are on their way. */
        void goesOn() {
            closed.forEach(chat -> closes.add(chat.tell(Happening.CLOSED)));
            revoked.forEach(chat -> guestflow
                    .kafka()
                    .produce(
                            Topics.GUEST_SESSION_REVOCATIONS.name(),
                            chat.id(),
                            new String(
                                    SessionRevocation.CODEC.write(
                                            new SessionRevocation(chat.id(), "CONSENT_WITHDRAWN", "consent-desk")),
                                    UTF_8)));
            overtaken.forEach(
                    chat -> guestflow.send(GuestRequest.of(chat.guestId()).timeoutMs(60_000)));
        }

        void cameToItsEnd() {
            idle.forEach(this::ranOut);
            for (int i = 0; i < EACH; i++) {
                wasClosed(closed.get(i), closes.get(i));
            }
            revoked.forEach(this::wasRevoked);
            overtaken.forEach(this::endedAtOnce);
        }

        private void ranOut(Chat chat) {
            Entry<Session> end = chat.awaitEnd();
            Session session = end.value();
            assertEquals(EndReason.IDLE, session.endReason());
            assertEquals(session.expiresAt(), session.endedAt());
            assertEquals(ms(chat.atCxone().expiresAt()), session.endedAt());
            Instant ended = Instant.ofEpochMilli(end.record().timestamp());
            assertFalse(ended.isBefore(session.expiresAt()), () -> "ended too early, at " + ended);
            Instant latest = Away.latest(aways, session.expiresAt(), LATE);
            assertFalse(
                    ended.isAfter(latest), () -> "ended at " + ended + " and not by " + latest + ", away: " + aways);
            // While nobody knows how far webhooks are read, one that seems idle is in doubt.
            assertTrue(session.refreshes() <= 1, session::toString);
        }

        private void wasClosed(Chat chat, Webhook close) {
            Session end = chat.awaitEnd().value();
            assertEquals(EndReason.CLOSED_UPSTREAM, end.endReason());
            assertEquals(ms(close.at()), end.endedAt());
            assertEquals(1, chat.awaitFact(Fact.SessionEnded.class, any -> true).inbound());
            assertEquals(List.of(), chat.atCxone().extensions());
        }

        private void wasRevoked(Chat chat) {
            Session end = chat.awaitEnd().value();
            assertEquals(EndReason.REVOKED, end.endReason());
            assertEquals(ms(chat.atCxone().expiresAt()), end.upstreamUntil());
            assertEquals(List.of(), chat.atCxone().extensions());
        }

        private void endedAtOnce(Chat chat) {
            Session end = chat.awaitEnd().value();
            assertEquals(EndReason.CLOSED_UPSTREAM, end.endReason());
            assertEquals(1, chat.published().size());
            assertEquals(2, chat.awaitFact(Fact.GuestLinked.class, any -> true).heldEvents());
            assertEquals(1, chat.awaitFact(Fact.SessionEnded.class, any -> true).inbound());
            assertEquals(1, chat.atCxone().extensions().size(), "the authentication's own");
        }

        private static double held(List<Instance> running) {
            return running.stream()
                    .mapToDouble(instance -> instance.metric("guestflow_session_events_total", "fate=\"HELD\""))
                    .sum();
        }
    }

    private static Instant ms(Instant time) {
        return time.truncatedTo(ChronoUnit.MILLIS);
    }
}
