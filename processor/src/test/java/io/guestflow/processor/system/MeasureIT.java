package io.guestflow.processor.system;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.analytics.ConversationMetrics;
import io.guestflow.contracts.facts.Direction;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.contracts.facts.Measurement;
import io.guestflow.processor.sandbox.broker.KafkaSandbox;
import io.guestflow.processor.sandbox.broker.SharedBroker;
import io.guestflow.processor.sandbox.cxone.Conversation;
import io.guestflow.processor.sandbox.cxone.DetailsFault;
import io.guestflow.processor.sandbox.cxone.Endpoint;
import io.guestflow.processor.sandbox.webhooks.Happening;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sessions that have ended are measured: the whole process, a real broker, and analytics that are late or broken. */
@Timeout(180)
@ExtendWith(SharedBroker.class)
class MeasureIT {
    private static final Duration LONG = Duration.ofSeconds(90);
    private static final int TIMES = 4;

    private static GuestflowSandbox guestflow;
    private static Instance processor;

    @BeforeAll
    static void start(KafkaSandbox kafka) {
        guestflow = new GuestflowSandbox(kafka.bootstrap(), MeasureIT.class);
        processor = guestflow.start(
                "processor",
                Map.of(
                        "GUESTFLOW_MEASURE_BATCH_WAIT", "1s",
                        "GUESTFLOW_MEASURE_RETRY_AFTER", "1s,2s,3s"));
    }

    @AfterAll
    static void stop() {
        guestflow.close();
    }

    @AfterEach
    void heal() {
        guestflow.cxone().detailsFault(DetailsFault.NONE).detailsPageSize(100);
        guestflow.cxone().detailsNever(List.of()).detailsAfter(Duration.ZERO);
    }

    @Test
    void whatHasEndedIsMeasuredWithTheDifferenceToOurs() {
        Chat chat = ended(1);
        ConversationMetrics told = measured(chat, Measurement.MEASURED);

        Conversation truth = chat.atCxone();
        Fact.SessionEnded end = chat.awaitFact(Fact.SessionEnded.class, any -> true);
        assertNotNull(told.cxone());
        assertNotNull(told.difference());
        assertEquals(
                Duration.between(truth.createdAt(), truth.endsAt()).toMillis(),
                told.cxone().durationMs());
        assertEquals(end.durationMs(), told.own().durationMs());
        assertEquals(
                told.cxone().durationMs() - end.durationMs(), told.difference().durationMs());
        assertEquals(2, told.cxone().messages());
        assertEquals(1, told.own().inbound());
        assertEquals(1, told.difference().messages());
        Fact.ConversationMeasured fact = chat.awaitFact(Fact.ConversationMeasured.class, any -> true);
        assertEquals(Measurement.MEASURED, fact.state());
        assertEquals(end.guestRef(), fact.guestRef());
        assertEquals(told.difference().durationMs(), fact.durationDifferenceMs());
        assertEquals(
                partition(chat, Fact.SessionEnded.class),
                partition(chat, Fact.ConversationMeasured.class),
                "a guest's facts lie in one partition");
    }

    @Test
    void whatComesLateIsAskedForAgain() {
        guestflow.cxone().detailsAfter(Duration.ofSeconds(3));
        Chat chat = ended(0);
        ConversationMetrics told = measured(chat, Measurement.MEASURED);
        assertTrue(told.asked() > 1, () -> "asked " + told.asked() + " times");
    }

    @Test
    void whatNeverComesIsMissing() {
        Chat chat = begun(0);
        guestflow.cxone().detailsNever(List.of(chat.id()));
        end(chat);
        ConversationMetrics told = measured(chat, Measurement.MISSING);
        assertEquals(TIMES, told.asked());
        assertNull(told.cxone());
        assertEquals(
                Measurement.MISSING,
                chat.awaitFact(Fact.ConversationMeasured.class, any -> true).state());
    }

    /** While pages do not fit, what can be read is measured, and the rest when they fit again. */
    @ParameterizedTest
    @EnumSource(
            value = DetailsFault.class,
            names = {"SAME_PAGE", "EMPTY_PAGE", "FORGETS_TOKENS", "FORGETS_ONE_TOKEN", "ACCESS_EXPIRES", "FAILS_LATER"})
    void everyFaultOfPagesIsOvercome(DetailsFault fault) {
        guestflow.cxone().detailsPageSize(1).detailsFault(fault);
        List<Chat> chats = new ArrayList<>();
        for (int i = 0; i < 3 * GuestflowSandbox.PARTITIONS; i++) {
            chats.add(begun(0));
        }
        long before = guestflow.cxone().calls(Endpoint.QUERY);
        chats.forEach(MeasureIT::end);
        await().atMost(LONG).until(() -> guestflow.cxone().calls(Endpoint.QUERY) >= before + 4);
        guestflow.cxone().detailsFault(DetailsFault.NONE);
        chats.forEach(chat -> assertNotNull(measured(chat, Measurement.MEASURED)));
    }

    @Test
    void everythingIsToldOnce() {
        List<String> facts = guestflow.facts().all(Fact.ConversationMeasured.class::isInstance).stream()
                .map(entry -> entry.value().factId())
                .toList();
        assertEquals(facts.size(), new HashSet<>(facts).size());
        assertEquals(0, processor.metric("guestflow_effects_failures_total", "topic=\"cxone-query-commands\""));
    }

    private static Chat begun(int unseen) {
        Chat chat = Chat.begin(guestflow);
        chat.tell(Happening.INBOUND);
        chat.awaitFact(Fact.MessageSeen.class, seen -> seen.direction() == Direction.INBOUND);
        guestflow.cxone().wrote(chat.id(), 1 + unseen);
        return chat;
    }

    /** @param unseen messages that no webhook told us of */
    private static Chat ended(int unseen) {
        Chat chat = begun(unseen);
        end(chat);
        return chat;
    }

    private static void end(Chat chat) {
        guestflow.cxone().closeConversation(chat.id());
        chat.tell(Happening.CLOSED);
    }

    private static ConversationMetrics measured(Chat chat, Measurement state) {
        ConversationMetrics told = guestflow
                .conversationMetrics()
                .awaitOne(
                        "metrics of " + chat.id(),
                        metrics -> metrics.conversationId().equals(chat.id()))
                .value();
        assertEquals(state, told.state());
        return told;
    }

    private static int partition(Chat chat, Class<? extends Fact> kind) {
        return guestflow
                .facts()
                .all(fact -> kind.isInstance(fact) && chat.id().equals(SessionBalance.conversation(fact)))
                .stream()
                .map(entry -> entry.record().partition())
                .findFirst()
                .orElseThrow();
    }
}
