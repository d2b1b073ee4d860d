package io.guestflow.processor.system;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.guestflow.contracts.Topics;
import io.guestflow.contracts.facts.EndReason;
import io.guestflow.contracts.session.Session;
import io.guestflow.processor.sandbox.broker.KafkaSandbox;
import io.guestflow.processor.sandbox.broker.SharedBroker;
import io.guestflow.processor.sandbox.cxone.Conversation;
import io.guestflow.processor.sandbox.cxone.Extension;
import io.guestflow.processor.sandbox.webhooks.Talk;
import io.guestflow.processor.sandbox.webhooks.WebhookBodies;
import io.guestflow.processor.sandbox.webhooks.WebhookLoad;
import io.guestflow.processor.sandbox.webhooks.WebhookPlan;
import io.guestflow.processor.system.Entries.Entry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Webhooks wait unread for minutes while sessions come due: whoever wrote must not die of that. */
@Tag("full")
@Tag("alone")
@Timeout(600)
@ExtendWith(SharedBroker.class)
class SessionBacklogIT {
    private static final int SESSIONS = 1_000;

    /** Nobody reads for so long. */
    private static final Duration AWAY = Duration.ofMinutes(2);

    /** All are opened as so long ago, which makes the time before their ends in which they are due long. */
    private static final Duration OPENED_BEFORE = Duration.ofMinutes(4);

    /** So long before its end a session that seems idle is looked at once more: skew, call time and 2 s for it. */
    private static final Duration LAST_MOMENT = Duration.ofSeconds(12);

    /** After somebody reads again: two JVMs start, and timers are held off for at most 10 s after that. */
    private static final Duration FIRST_END = Duration.ofSeconds(45);

    private static final Duration SPREAD = Duration.ofSeconds(40);

    /** What a refresh brings. */
    private static final Duration LIFETIME = Duration.ofMinutes(2);

    /** Of conversations that are none of ours, before anything of those who write: who ends first is in doubt. */
    private static final int STRANGERS_WEBHOOKS = 600_000;

    private static final int STRANGERS = 2_000;

    private final KafkaSandbox kafka;
    private GuestflowSandbox guestflow;

    SessionBacklogIT(KafkaSandbox kafka) {
        this.kafka = kafka;
    }

    @BeforeEach
    void start() {
        kafka.deleteAllTopicsAndGroups();
        guestflow = new GuestflowSandbox(kafka.bootstrap(), SessionBacklogIT.class);
        guestflow.cxone().conversationLifetime(LIFETIME);
    }

    @AfterEach
    void stop() {
        guestflow.close();
    }

    @Test
    void whoWroteWhileNobodyReadLivesOnThroughARestartAndARebalance() throws Exception {
        Instance first = guestflow.start("first", Map.of());
        guestflow.sessions();
        guestflow.facts();
        try (var sessions = new ManySessions(guestflow, "life", SESSIONS);
                var webhooks = new WebhookLoad(
                        kafka.bootstrap(), Topics.CXONE_EVENTS.name(), WebhookBodies.asIntakeReadsThem())) {
            Instant start = Instant.now();
            Instant back = start.plus(AWAY);
            Instant lastEnd = back.plus(FIRST_END).plus(SPREAD);
            for (int number = 0; number < SESSIONS; number++) {
                Instant end =
                        back.plus(FIRST_END).plus(SPREAD.multipliedBy(number).dividedBy(SESSIONS));
                sessions.open(number, start.minus(OPENED_BEFORE), end);
            }
            sessions.flush();
            await().atMost(Duration.ofSeconds(20)).until(() -> sessions.published() == SESSIONS);
            assertEquals(0, first.stop());

            long waiting = strangersWrite(webhooks, start) + guestsWrite(webhooks, sessions, back);
            awaitTime(back);
            Instance second = guestflow.launch("second", Map.of());
            Duration ready = first.restart();
            second.awaitReady();
            Duration bothReady = Duration.between(back, Instant.now());
            awaitTime(back.plus(FIRST_END).minus(LAST_MOMENT));
            System.out.printf(
                    "%d webhooks waited; ready in %d ms, both in %d ms; %.0f s behind at the first one's last moment%n",
                    waiting, ready.toMillis(), bothReady.toMillis(), Math.max(webhooksLag(first), webhooksLag(second)));

            awaitTime(lastEnd);
            nobodyDied(sessions);
            double inDoubt = inDoubt(first) + inDoubt(second);
            System.out.printf(
                    "%.0f s behind at the last end; %.0f refreshed in doubt; of %.0f refreshes %.0f by the second instance%n",
                    Math.max(webhooksLag(first), webhooksLag(second)),
                    inDoubt,
                    refreshes(first) + refreshes(second),
                    refreshes(second));
            silentOnesRanOutOrWereInDoubt(sessions);
            await().atMost(Entries.SOON).untilAsserted(() -> assertEquals(SESSIONS, SessionBalance.holds(guestflow)));
            assumeTrue(inDoubt > 0, "so quick a machine reads all before anybody's last moment: nobody was in doubt");
        }
    }

    private static long strangersWrite(WebhookLoad webhooks, Instant at) throws InterruptedException {
        WebhookPlan plan = WebhookPlan.chat(1, STRANGERS, STRANGERS_WEBHOOKS, Duration.ofSeconds(1))
                .withFlat(1);
        return webhooks.runUnpaced(
                        plan, "strangers", at, number -> new Talk("stranger-" + number, GuestRequest.CHANNEL, null))
                .deliveries();
    }

    /** Each of them at least once, over most of the time that is left. */
    private static long guestsWrite(WebhookLoad webhooks, ManySessions sessions, Instant until)
            throws InterruptedException {
        Instant now = Instant.now();
        Duration length = Duration.between(now, until).multipliedBy(9).dividedBy(10);
        double perSecond = sessions.writers() * 5_000.0 / length.toMillis();
        return webhooks.run(WebhookPlan.chat(2, sessions.writers(), perSecond, length), "life", now, sessions::writer)
                .deliveries();
    }

    private void nobodyDied(ManySessions sessions) {
        List<Conversation> died = sessions.written().stream()
                .filter(conversation -> conversation.extensions().isEmpty())
                .toList();
        assertEquals(
                List.of(), died.stream().limit(5).toList(), died.size() + " of those who wrote were not refreshed");
        assertEquals(0, guestflow.cxone().opened(), "conversations that a refresh opened");
    }

    /** Each at its time, unless it only seemed to be silent, once. */
    private void silentOnesRanOutOrWereInDoubt(ManySessions sessions) {
        List<String> wrong = new ArrayList<>();
        await().atMost(Entries.SOON)
                .until(() -> sessions.silent().values().stream()
                        .allMatch(entry ->
                                entry.value().endedAt() != null || entry.value().refreshes() > 0));
        Map<String, Entry<Session>> silent = sessions.silent();
        for (Entry<Session> entry : silent.values()) {
            Session session = entry.value();
            List<Extension> extensions =
                    guestflow.cxone().conversation(session.conversationId()).extensions();
            boolean ranOut = session.endReason() == EndReason.IDLE
                    && session.expiresAt().equals(session.endedAt())
                    && session.refreshes() == 0
                    && extensions.isEmpty();
            boolean inDoubt = session.endedAt() == null && session.refreshes() == 1 && extensions.size() == 1;
            if (!ranOut && !inDoubt) {
                wrong.add(session + " " + extensions);
            }
        }
        assertEquals(SESSIONS / 2, silent.size());
        assertEquals(List.of(), wrong.stream().limit(5).toList(), wrong.size() + " silent ones");
    }

    private static double inDoubt(Instance instance) {
        return instance.metric("guestflow_session_remarks_total", "what=\"REFRESHED_IN_DOUBT\"");
    }

    private static double refreshes(Instance instance) {
        return instance.metric("guestflow_session_commands_total", "kind=\"Refresh\"");
    }

    private static double webhooksLag(Instance instance) {
        return instance.metric("guestflow_session_webhooks_lag_seconds");
    }

    private static void awaitTime(Instant time) {
        await().atMost(Duration.ofMinutes(5))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> !Instant.now().isBefore(time));
    }
}
