package io.guestflow.processor.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.guestflow.contracts.Topics;
import io.guestflow.contracts.audit.ChainCheck;
import io.guestflow.contracts.audit.ChainCheck.Finding;
import io.guestflow.contracts.auth.AuthCommand;
import io.guestflow.contracts.auth.AuthOutcome;
import io.guestflow.contracts.auth.ErrorCode;
import io.guestflow.contracts.facts.Direction;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.contracts.session.ConversationStatus;
import io.guestflow.contracts.session.SessionCommand;
import io.guestflow.contracts.session.SessionEvent;
import io.guestflow.contracts.session.SessionOutcome;
import io.guestflow.processor.facts.FactIds;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Long random histories of authentication and sessions, with restarts, expiries and request ids that are used again after
 * they were forgotten: no two facts share a key of the audit, and whatever is done again brings none that was not there.
 */
class LongHistoriesTest {
    private static final int ROUNDS = 3;
    private static final int STEPS = 70;

    @TempDir
    Path dir;

    private final Map<String, Fact> told = new HashMap<>();
    private final List<Consumer<AllTopologies>> underway = new ArrayList<>();
    private long webhooks;

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void noTwoFactsShareAKeyAndAReplayBringsNoOther(long seed) {
        Random random = new Random(seed);
        try (AllTopologies all = new AllTopologies(dir)) {
            for (int round = 0; round < ROUNDS; round++) {
                play(all, random, new ArrayList<>());
                // What runs in memory only is lost then, the first time and the second.
                AllTopologies.Moment then = all.moment();
                all.restartAt(then);
                List<Consumer<AllTopologies>> steps = new ArrayList<>();
                play(all, random, steps);
                AllTopologies.Moment end = all.moment();
                Set<String> audited = keys(all);
                assertEquals(decisions(), audited, "decisions, and keys of the audit");

                all.restartAt(all.deciding(then));
                steps.forEach(step -> step.accept(all));
                for (Fact fact : all.facts()) {
                    assertEquals(told.get(fact.factId()), fact, "a fact that is decided again");
                }
                all.authCommands();
                all.sessionCommands();
                assertEquals(audited, keys(all), "keys after all was decided again");

                all.restartAt(end);
                List<TestRecord<byte[], byte[]>> lying = List.copyOf(all.factRecords());
                all.readAgain(lying.subList(random.nextInt(lying.size()), lying.size()));
                assertEquals(audited, keys(all), "keys after facts were read again");
            }
            assertEquals(audited(all).size(), all.audits().size(), "keys, and records");
            assertEquals(List.of(), findings(all));
            Set<Class<?>> kinds = told.values().stream().map(Object::getClass).collect(Collectors.toSet());
            assertTrue(kinds.size() >= 7, () -> "the history has too little in it: " + kinds);
            // What the reader of facts relies on, to look for few of them.
            Set<Class<?>> plain = told.values().stream()
                    .filter(fact -> FactIds.of(fact.getClass().getSimpleName(), fact.source(), 0)
                            .equals(fact.factId()))
                    .map(Object::getClass)
                    .collect(Collectors.toSet());
            assertTrue(plain.size() >= 5, () -> "kinds of facts with ids of kind and cause alone: " + plain);
        }
    }

    @Tag("full")
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("moreSeeds")
    void noTwoFactsShareAKeyAndAReplayBringsNoOtherWithMoreSeeds(long seed) {
        noTwoFactsShareAKeyAndAReplayBringsNoOther(seed);
    }

    static LongStream seeds() {
        return LongStream.range(0, 2);
    }

    static LongStream moreSeeds() {
        return LongStream.range(2, 4);
    }

    private void play(AllTopologies all, Random random, List<Consumer<AllTopologies>> steps) {
        for (int i = 0; i < STEPS; i++) {
            Consumer<AllTopologies> step = step(all.now(), random);
            steps.add(step);
            step.accept(all);
            for (AuthCommand command : all.authCommands()) {
                AuthOutcome outcome = outcome(command, all.now(), random);
                underway.add(it -> it.pipe(Topics.CXONE_AUTH_OUTCOMES, AuthOutcome.CODEC.write(outcome), null));
            }
            for (SessionCommand command : all.sessionCommands()) {
                SessionOutcome outcome = outcome(command, all.now(), random);
                underway.add(it -> it.pipe(Topics.CXONE_SESSION_OUTCOMES, SessionOutcome.CODEC.write(outcome), null));
            }
            for (Fact fact : all.facts()) {
                assertNull(told.put(fact.factId(), fact), () -> "a second fact has the id of " + fact);
            }
        }
    }

    private Consumer<AllTopologies> step(Instant now, Random random) {
        return switch (random.nextInt(14)) {
            case 0, 1, 2 -> {
                String json =
                        "{\"requestId\":\"r%d\",\"guestId\":\"g%d\",\"channelId\":\"c\",\"consent\":{\"accepted\":%b},\"context\":{\"segment\":\"anonymous\"}}"
                                .formatted(random.nextInt(6), random.nextInt(4), random.nextInt(6) > 0);
                yield all -> all.pipe(Topics.GUEST_AUTH_REQUESTS, json.getBytes(UTF_8), null);
            }
            // Left in place one time in four: the same outcome comes again.
            case 3, 4, 5, 6 ->
                underway.isEmpty()
                        ? all -> {}
                        : random.nextInt(4) == 0
                                ? underway.get(random.nextInt(underway.size()))
                                : underway.remove(random.nextInt(underway.size()));
            case 7, 8 ->
                event(new SessionEvent.MessageSeen(
                        conversation(random),
                        now,
                        "e" + webhooks,
                        null,
                        random.nextBoolean() ? Direction.INBOUND : Direction.OUTBOUND,
                        "c",
                        "content-" + webhooks,
                        null));
            case 9 ->
                random.nextBoolean()
                        ? event(new SessionEvent.StatusChanged(
                                conversation(random),
                                now,
                                "e" + webhooks,
                                ConversationStatus.CLOSED,
                                now,
                                "c",
                                "content-" + webhooks,
                                null))
                        : event(new SessionEvent.Revoked(conversation(random), now, "CONSENT_WITHDRAWN", "somebody"));
            case 10 -> {
                Duration by = Duration.ofMinutes(1 + random.nextInt(20));
                yield all -> all.advance(by);
            }
            default -> {
                Duration by = Duration.ofMillis(random.nextInt(4_000));
                yield all -> {
                    all.advance(by);
                    all.pipe(
                            Topics.SESSION_EVENTS,
                            SessionEvent.CODEC.write(new SessionEvent.Mark(all.now(), 0, 1, all.now())),
                            null);
                };
            }
        };
    }

    private Consumer<AllTopologies> event(SessionEvent event) {
        String origin = "cxone-events/0/" + webhooks++;
        return all -> all.pipe(Topics.SESSION_EVENTS, SessionEvent.CODEC.write(event), origin);
    }

    private static String conversation(Random random) {
        return "conv-g" + random.nextInt(4) + "-" + random.nextInt(2);
    }

    private static AuthOutcome outcome(AuthCommand command, Instant now, Random random) {
        return switch (command) {
            case AuthCommand.Authenticate it
            when random.nextInt(4) > 0 ->
                new AuthOutcome.ConversationCreated(
                        it.commandId(),
                        it.requestId(),
                        it.guestId(),
                        "conv-" + it.guestId() + "-" + random.nextInt(2),
                        now.plus(Duration.ofMinutes(15)),
                        201,
                        random.nextBoolean(),
                        2,
                        now);
            case AuthCommand.InjectContext it
            when random.nextBoolean() ->
                new AuthOutcome.ContextInjected(
                        it.commandId(), it.requestId(), it.guestId(), it.conversationId(), 200, 1, now);
            default ->
                new AuthOutcome.CallFailed(
                        command.commandId(),
                        command.requestId(),
                        command.guestId(),
                        random.nextBoolean() ? ErrorCode.UPSTREAM_ERROR : ErrorCode.UPSTREAM_REJECTED,
                        503,
                        "CXone answered 503",
                        null,
                        3,
                        now);
        };
    }

    private static SessionOutcome outcome(SessionCommand command, Instant now, Random random) {
        return switch (command) {
            case SessionCommand.Refresh it ->
                new SessionOutcome.Extended(
                        it.commandId(),
                        it.conversationId(),
                        random.nextInt(5) == 0 ? "conv-another" : it.conversationId(),
                        now.plus(Duration.ofMinutes(15)),
                        200,
                        1,
                        now);
            case SessionCommand.InjectContext it ->
                new SessionOutcome.ContextAccepted(it.commandId(), it.conversationId(), 200, 1, now);
            case SessionCommand.Close it ->
                new SessionOutcome.ConversationClosed(it.commandId(), it.conversationId(), 200, 1, now);
        };
    }

    private Set<String> decisions() {
        return told.values().stream()
                .filter(fact -> !(fact instanceof Fact.MessageSeen))
                .map(Fact::factId)
                .collect(Collectors.toSet());
    }

    private static Set<String> keys(AllTopologies all) {
        return new HashSet<>(audited(all));
    }

    private static Set<String> audited(AllTopologies all) {
        return all.audits().stream()
                .map(record -> new String(record.key(), UTF_8))
                .collect(Collectors.toSet());
    }

    private static List<Finding> findings(AllTopologies all) {
        ChainCheck check = new ChainCheck(0);
        List<Finding> findings = new ArrayList<>();
        long offset = 0;
        for (TestRecord<byte[], byte[]> record : all.audits()) {
            findings.addAll(check.accept(offset++, record.key(), record.value()));
        }
        findings.addAll(check.end());
        return findings;
    }
}
