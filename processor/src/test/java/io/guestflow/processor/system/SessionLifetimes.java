package io.guestflow.processor.system;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.auth.GuestAuthResult.Authenticated;
import io.guestflow.contracts.facts.EndReason;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.contracts.session.Session;
import io.guestflow.contracts.session.SessionState;
import io.guestflow.processor.sandbox.cxone.Conversation;
import io.guestflow.processor.sandbox.cxone.Extension;
import io.guestflow.processor.sandbox.webhooks.Happening;
import io.guestflow.processor.system.Entries.Entry;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** How long sessions live when nobody ends them: the cases of {@link SessionsIT} that time decides. */
final class SessionLifetimes {
    /** Short, and yet long enough for a busy machine to find the moments between threshold and end. */
    static final Duration LIFETIME = Duration.ofSeconds(7);

    static final String CHANNEL_NONE_TOLD = "channel-none-told";
    static final String CHANNEL_PAST_TOLD = "channel-past-told";

    private static final String CHANNEL_NOT_OURS = "channel-not-ours";
    private static final Duration THRESHOLD = LIFETIME.dividedBy(3);
    /** How late a session may end. */
    private static final Duration LATE = Duration.ofSeconds(2);

    private final GuestflowSandbox guestflow;
    private final Instance processor;

    SessionLifetimes(GuestflowSandbox guestflow, Instance processor) {
        this.guestflow = guestflow;
        this.processor = processor;
    }

    void slides() {
        Chat chat = Chat.begin(guestflow);
        Instant later = chat.atCxone().createdAt().plus(LIFETIME.multipliedBy(3));

        chat.writesUntil(() -> Instant.now().isAfter(later));

        Conversation conversation = chat.atCxone();
        assertTrue(conversation.openAt(later), () -> "it ended at " + conversation.endsAt());
        assertEquals(1, guestflow.cxone().guest(chat.guestId()).conversations());
        assertTrue(conversation.extensions().size() >= 3, () -> conversation.extensions() + " extensions");
        Instant end = conversation.createdAt().plus(LIFETIME);
        for (Extension extension : conversation.extensions()) {
            Duration before = Duration.between(extension.at(), end);
            assertTrue(before.compareTo(THRESHOLD) <= 0, () -> "refreshed " + before + " before the end");
            end = extension.expiresAt();
        }
        Session session = chat.awaitRecord(
                        "third refresh",
                        it -> it.refreshes() == conversation.extensions().size())
                .value();
        assertEquals(SessionState.ACTIVE, session.state());
        assertEquals(ms(conversation.expiresAt()), session.expiresAt());
    }

    void runsOut() {
        Chat chat = Chat.begin(guestflow);
        double ignored = processor.metric("guestflow_intake_events_total", "reason=\"CHANNEL\"");
        chat.tellOn(CHANNEL_NOT_OURS, Happening.INBOUND);
        chat.tellOn(CHANNEL_NOT_OURS, Happening.CLOSED);
        await().atMost(Entries.SOON)
                .until(() -> processor.metric("guestflow_intake_events_total", "reason=\"CHANNEL\"") == ignored + 2);

        Entry<Session> end = chat.awaitEnd();

        endedInTime(end, SessionState.EXPIRED, EndReason.IDLE);
        Conversation conversation = chat.atCxone();
        assertEquals(ms(conversation.expiresAt()), end.value().endedAt());
        assertEquals(List.of(), conversation.extensions());
        assertNull(end.value().lastActivityAt(), "a channel that is not ours tells nothing");
        assertEquals(
                List.of(SessionState.ACTIVE, SessionState.EXPIRING, SessionState.EXPIRED),
                chat.published().stream().map(entry -> entry.value().state()).toList());
        Entry<Session> expiring = chat.published().get(1);
        assertTrue(Duration.ofMillis(end.value().expiresAt().toEpochMilli()
                                - expiring.record().timestamp())
                        .compareTo(THRESHOLD)
                <= 0);
        assertEquals(
                end.value().endedAt(),
                chat.awaitFact(Fact.SessionExpiring.class, any -> true).expiresAt());
    }

    void isRefreshedOnce() {
        Chat chat = Chat.begin(guestflow);
        chat.tell(Happening.INBOUND);

        Entry<Session> end = chat.awaitEnd();

        endedInTime(end, SessionState.EXPIRED, EndReason.IDLE);
        Conversation conversation = chat.atCxone();
        assertEquals(1, conversation.extensions().size());
        assertEquals(ms(conversation.expiresAt()), end.value().endedAt());
        assertEquals(1, end.value().refreshes());
    }

    void isAuthenticatedAgain() {
        Chat chat = Chat.begin(guestflow);
        Authenticated again = (Authenticated) guestflow.answerTo(GuestRequest.of(chat.guestId()));
        assertEquals(chat.id(), again.conversationId());

        Session refreshed =
                chat.awaitRecord("refresh", session -> session.refreshes() == 1).value();

        assertEquals(ms(again.expiresAt()), refreshed.expiresAt());
        Fact.SessionRefreshed told = chat.awaitFact(Fact.SessionRefreshed.class, any -> true);
        assertTrue(told.byAuthentication());
        assertTrue(told.expiresAtTold());
        endedInTime(chat.awaitEnd(), SessionState.EXPIRED, EndReason.IDLE);
    }

    void keepsItsTruthWhenNoneIsTold() {
        Chat chat = Chat.begin(guestflow, CHANNEL_NONE_TOLD);
        Instant truth = ms(chat.atCxone().expiresAt());
        chat.tell(Happening.INBOUND);

        Entry<Session> end = chat.awaitEnd();

        endedInTime(end, SessionState.EXPIRED, EndReason.IDLE);
        assertEquals(truth, end.value().endedAt());
        Fact.SessionRefreshed told = chat.awaitFact(Fact.SessionRefreshed.class, any -> true);
        assertFalse(told.expiresAtTold());
        assertEquals(truth, told.expiresAt());
        assertEquals(1, chat.atCxone().extensions().size());
        assertTrue(processor.metric("guestflow_session_remarks_total", "what=\"END_NOT_TOLD\"") >= 1);
    }

    void keepsItsTruthWhenThePastIsTold() {
        Chat chat = Chat.begin(guestflow, CHANNEL_PAST_TOLD);
        Instant truth = ms(chat.atCxone().expiresAt());

        chat.writesUntil(Duration.ofMillis(300), () -> !Instant.now().isBefore(truth));
        Entry<Session> end = chat.awaitEnd();

        endedInTime(end, SessionState.EXPIRED, EndReason.REFRESH_FAILED);
        assertEquals(truth, end.value().endedAt());
        Fact.SessionEnded told = chat.awaitFact(Fact.SessionEnded.class, any -> true);
        assertEquals("END_NOT_TOLD", told.detail());
        assertEquals(told.refreshes(), chat.atCxone().extensions().size());
    }

    private static void endedInTime(Entry<Session> end, SessionState state, EndReason reason) {
        Session session = end.value();
        assertEquals(state, session.state());
        assertEquals(reason, session.endReason());
        assertEquals(session.expiresAt(), session.endedAt());
        Duration late =
                Duration.ofMillis(end.record().timestamp() - session.expiresAt().toEpochMilli());
        assertFalse(late.isNegative(), () -> "ended " + late + " too early");
        assertTrue(late.compareTo(LATE) <= 0, () -> "ended " + late + " too late");
    }

    private static Instant ms(Instant time) {
        return time.truncatedTo(ChronoUnit.MILLIS);
    }
}
