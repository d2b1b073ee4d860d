package io.guestflow.processor.system;

import static io.guestflow.processor.system.GuestflowSandbox.PARTITIONS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.Topics;
import io.guestflow.contracts.facts.EndReason;
import io.guestflow.contracts.session.Session;
import io.guestflow.contracts.session.SessionCommand;
import io.guestflow.processor.sandbox.broker.KafkaSandbox;
import io.guestflow.processor.sandbox.broker.SharedBroker;
import io.guestflow.processor.sandbox.cxone.Conversation;
import io.guestflow.processor.sandbox.webhooks.WebhookBodies;
import io.guestflow.processor.sandbox.webhooks.WebhookLoad;
import io.guestflow.processor.sandbox.webhooks.WebhookPlan;
import io.guestflow.processor.system.Entries.Entry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A processor that is killed while sessions are refreshed and run out. */
@Tag("full")
@Tag("alone")
@Timeout(600)
@ExtendWith(SharedBroker.class)
class SessionKillsIT {
    private static final int SESSIONS = 5_000;
    private static final Duration LIFETIME = Duration.ofSeconds(60);

    /**
     * The most that this lifetime allows. A refresh can be asked for until 7.5 s before the end, so a processor that is
     * killed when a refresh is due has 12.5 s to be back and to have read what had waited.
     */
    private static final String THRESHOLD = "20s";

    /** They are opened over so long, and so their ends are spread. */
    private static final Duration OPENING = Duration.ofSeconds(20);

    /** Each guest who writes does so about every 8 s, with two webhooks on the average. */
    private static final int WEBHOOKS_PER_SECOND = 600;

    /** After the first opening: while the first refreshes, the first ends, and the second refreshes are due. */
    private static final List<Duration> KILLS_AT =
            List.of(Duration.ofSeconds(45), Duration.ofSeconds(70), Duration.ofSeconds(95));

    private static final Duration LENGTH = Duration.ofSeconds(150);
    private static final Duration LATE = Duration.ofSeconds(2);

    /** Commands of one partition at or above its committed offset: what a kill can repeat of it. */
    private static final int WINDOW = 256;

    private final KafkaSandbox kafka;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Away> aways = new ArrayList<>();
    private GuestflowSandbox guestflow;

    SessionKillsIT(KafkaSandbox kafka) {
        this.kafka = kafka;
    }

    @BeforeEach
    void start() {
        kafka.deleteAllTopicsAndGroups();
        guestflow = new GuestflowSandbox(kafka.bootstrap(), SessionKillsIT.class);
        // Longer than commits are apart, which refreshes come by: so there are calls under way whenever the kill comes.
        guestflow.cxone().conversationLifetime(LIFETIME).latency(Duration.ofMillis(400));
    }

    @AfterEach
    void stop() {
        threads.shutdownNow();
        guestflow.close();
    }

    @Test
    void threeKillsEndNobodyWhoWritesAndKeepNobodyWhoIsSilent() throws Exception {
        Instance processor = guestflow.start("processor", Map.of("GUESTFLOW_SESSION_REFRESH_THRESHOLD", THRESHOLD));
        guestflow.sessions();
        guestflow.facts();
        guestflow.sessionCommands();
        double redelivered = 0;
        try (var sessions = new ManySessions(guestflow, "life", SESSIONS);
                var webhooks = new WebhookLoad(
                        kafka.bootstrap(), Topics.CXONE_EVENTS.name(), WebhookBodies.asIntakeReadsThem())) {
            Instant start = Instant.now();
            WebhookPlan plan = WebhookPlan.chat(20261122, sessions.writers(), WEBHOOKS_PER_SECOND, LENGTH);
            Future<WebhookLoad.Report> chatting =
                    threads.submit(() -> webhooks.run(plan, "kills", start, sessions::writer));
            open(sessions, start);
            for (Duration at : KILLS_AT) {
                awaitTime(start.plus(at));
                // What it repeated of the kill before, it repeated at its start, and it is long past that.
                redelivered += redelivered(processor);
                Instant killed = Instant.now();
                processor.kill();
                processor.restart();
                aways.add(new Away(killed, Instant.now()));
                System.out.printf(
                        "killed after %d s, away for %s%n",
                        Duration.between(start, killed).toSeconds(), aways.getLast());
            }
            chatting.get();
            Instant over = start.plus(LENGTH);

            nobodyDied(sessions, over);
            silentOnesEndedInTime(sessions);
            redelivered += redelivered(processor);
            repeatedRefreshesAreBoundedAndCounted(sessions, redelivered);
        }
        await().atMost(Entries.SOON).untilAsserted(() -> assertEquals(SESSIONS, SessionBalance.holds(guestflow)));
    }

    /** A few more each time, until all are open. */
    private static void open(ManySessions sessions, Instant start) {
        int[] opened = {0};
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(100))
                .atMost(OPENING.multipliedBy(2))
                .until(() -> {
                    Instant now = Instant.now();
                    long due = SESSIONS * Duration.between(start, now).toMillis() / OPENING.toMillis();
                    for (; opened[0] < Math.min(due, SESSIONS); opened[0]++) {
                        sessions.open(opened[0], now, now.plus(LIFETIME));
                    }
                    return opened[0] == SESSIONS;
                });
        sessions.flush();
    }

    private void nobodyDied(ManySessions sessions, Instant over) {
        List<Conversation> died = sessions.written().stream()
                .filter(conversation -> !conversation.openAt(over))
                .toList();
        assertEquals(
                List.of(),
                died.stream().limit(5).toList(),
                died.size() + " of those who write are not open any more; the processor was away for " + aways);
        assertEquals(0, guestflow.cxone().opened(), "conversations that a refresh opened");
    }

    private void silentOnesEndedInTime(ManySessions sessions) {
        await().atMost(LIFETIME.multipliedBy(2))
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> sessions.silent().values().stream()
                        .allMatch(entry -> entry.value().endedAt() != null));
        List<String> wrong = new ArrayList<>();
        long latestMs = 0;
        long latestOfAwayMs = 0;
        int inDoubt = 0;
        Map<String, Entry<Session>> silent = sessions.silent();
        for (Entry<Session> entry : silent.values()) {
            Session session = entry.value();
            inDoubt += session.refreshes() > 0 ? 1 : 0;
            Instant due = session.expiresAt();
            Instant ended = Instant.ofEpochMilli(entry.record().timestamp());
            Instant latest = Away.latest(aways, due, LATE);
            boolean inTime = !ended.isBefore(due) && !ended.isAfter(latest);
            if (session.endReason() != EndReason.IDLE || !due.equals(session.endedAt()) || !inTime) {
                wrong.add("ended at " + ended + ", not from its time until " + latest + ": " + session);
            }
            long lateMs = Duration.between(due, ended).toMillis();
            if (latest.equals(due.plus(LATE))) {
                latestMs = Math.max(latestMs, lateMs);
            } else {
                latestOfAwayMs = Math.max(latestOfAwayMs, lateMs);
            }
        }
        System.out.printf(
                "%d silent ones, %d refreshed in doubt; latest end %d ms, in and after a restart %d ms%n",
                silent.size(), inDoubt, latestMs, latestOfAwayMs);
        assertEquals(SESSIONS / 2, silent.size());
        assertEquals(List.of(), wrong.stream().limit(5).toList(), wrong.size() + " did not end in time");
    }

    /**
     * For each refresh that was due there is one key, and one call with it but for what the kills repeat. Only those of
     * silent ones, asked for in doubt after a restart, may have come too late to be called.
     */
    private void repeatedRefreshesAreBoundedAndCounted(ManySessions sessions, double redelivered) {
        // Those who wrote last are being refreshed still.
        await().atMost(Entries.SOON).untilAsserted(() -> {
            List<SessionCommand.Refresh> due = refreshesDue();
            Set<String> called = guestflow.cxone().callsByKey().keySet();
            assertEquals(due.size(), keys(due).size(), "a refresh that was asked for again");
            assertEquals(Set.of(), without(called, keys(due)), "calls that nobody asked for");
            List<SessionCommand.Refresh> ofWriters = due.stream()
                    .filter(refresh -> sessions.writes(refresh.conversationId()))
                    .toList();
            assertEquals(Set.of(), without(keys(ofWriters), called), "refreshes of those who write, not called");
            assertEquals(
                    called.size(), guestflow.cxone().extended(), "a repeated call extends nothing, any other once");
        });
        int due = 0;
        int repeated = 0;
        int most = 0;
        for (int calls : guestflow.cxone().callsByKey().values()) {
            due++;
            repeated += calls - 1;
            most = Math.max(most, calls);
        }
        System.out.printf(
                "%d refreshes due, %d calls repeated, at most %d for one, %.0f counted as perhaps repeated%n",
                due, repeated, most, redelivered);
        assertTrue(most <= 1 + KILLS_AT.size(), most + " calls for one refresh");
        assertTrue(repeated <= KILLS_AT.size() * PARTITIONS * WINDOW, repeated + " calls repeated");
        assertTrue(repeated <= redelivered, repeated + " calls repeated, " + redelivered + " counted");
        assertTrue(repeated > 0, "no kill met a call under way: the test shows nothing");
    }

    private List<SessionCommand.Refresh> refreshesDue() {
        return guestflow.sessionCommands().all().stream()
                .map(entry -> (SessionCommand.Refresh) entry.value())
                .toList();
    }

    private static Set<String> keys(List<SessionCommand.Refresh> refreshes) {
        return refreshes.stream().map(SessionCommand.Refresh::idempotencyKey).collect(Collectors.toSet());
    }

    private static Set<String> without(Set<String> these, Set<String> those) {
        return these.stream().filter(key -> !those.contains(key)).collect(Collectors.toSet());
    }

    private static double redelivered(Instance processor) {
        return processor.metric("guestflow_effects_redelivered_total");
    }

    private static void awaitTime(Instant time) {
        await().atMost(Duration.ofSeconds(120))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> !Instant.now().isBefore(time));
    }
}
