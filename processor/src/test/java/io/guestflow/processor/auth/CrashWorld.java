package io.guestflow.processor.auth;

import io.guestflow.contracts.Topics;
import io.guestflow.contracts.auth.AuthCommand;
import io.guestflow.contracts.auth.AuthOutcome;
import io.guestflow.contracts.auth.GuestAuthResult;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.contracts.facts.Source;
import io.guestflow.processor.context.AllowedKeys;
import io.guestflow.processor.context.ContextPolicy;
import io.guestflow.processor.deadletter.DeadLetters;
import io.guestflow.processor.deadletter.UnreadableRecords;
import io.guestflow.processor.wire.CommitPacer;
import io.guestflow.processor.wire.Routed;
import io.guestflow.processor.wire.Trace;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.Punctuator;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/**
 * One task under at-least-once and what is around it, in steps: a record or a punctuation, and a commit. What a step
 * writes is told apart by where it goes, so that a crash can leave any prefix of each: a partition keeps its order, but
 * partitions do not wait for each other.
 */
final class CrashWorld {
    static final List<String> STORES = List.of(RequestStore.PENDING, RequestStore.ENDED, GuestAuthProcessor.TIMERS);

    private static final Duration TICK = GuestAuthProcessor.PUNCTUATE_EVERY;

    /** Who asks, and what effects do about it. */
    interface Around {
        AuthRules rules();

        /** The guest's requests, as JSON. */
        List<String> requests();

        /** Whether a failure that may be retried is, once for each request. */
        boolean retries();

        /** What effects answer and when, if ever. */
        @Nullable
        Answer answer(AuthCommand command);
    }

    /** An outcome, not before that time. */
    record Answer(Instant from, AuthOutcome outcome) {}

    /** Something written: by a store under its key, to a topic without. */
    record Write(@Nullable Bytes key, byte @Nullable [] value) {}

    private final Around around;
    private final boolean outcomesFirst;
    /** One for all that comes of this world: making it takes long. */
    private final MockProcessorContext<byte[], Object> context;

    /** What is stored, by store. */
    private final Map<String, TreeMap<Bytes, byte[]>> stores = new TreeMap<>();
    /** What is written, by sink. */
    private final Map<String, List<byte[]>> topics = new TreeMap<>();

    private final List<AuthInput.Request> requests = new ArrayList<>();
    private final List<AuthInput.Outcome> outcomes = new ArrayList<>();
    private final Set<String> answered = new HashSet<>();
    private final Set<String> retried = new HashSet<>();
    private int requestsRead;
    private int outcomesRead;
    private Instant now = AuthHarness.START;
    private @Nullable Life life;

    private CrashWorld(Around around, boolean outcomesFirst, MockProcessorContext<byte[], Object> context) {
        this.around = around;
        this.outcomesFirst = outcomesFirst;
        this.context = context;
    }

    static CrashWorld of(Around around, boolean outcomesFirst) {
        CrashWorld world = new CrashWorld(around, outcomesFirst, new MockProcessorContext<>());
        STORES.forEach(name -> world.stores.put(name, new TreeMap<>()));
        around.requests().forEach(world::ask);
        return world;
    }

    /** The same world with nothing running. */
    CrashWorld copy() {
        CrashWorld copy = new CrashWorld(around, outcomesFirst, context);
        stores.forEach((name, entries) -> copy.stores.put(name, new TreeMap<>(entries)));
        topics.forEach((name, records) -> copy.topics.put(name, new ArrayList<>(records)));
        copy.requests.addAll(requests);
        copy.outcomes.addAll(outcomes);
        copy.answered.addAll(answered);
        copy.retried.addAll(retried);
        copy.requestsRead = requestsRead;
        copy.outcomesRead = outcomesRead;
        copy.now = now;
        return copy;
    }

    /** This world with what was stored and read in an earlier one: a crash comes before the commit. */
    CrashWorld crashedTo(CrashWorld earlier, Duration downtime) {
        CrashWorld crashed = copy();
        crashed.stores.clear();
        crashed.topics.clear();
        earlier.stores.forEach((name, entries) -> crashed.stores.put(name, new TreeMap<>(entries)));
        earlier.topics.forEach((name, records) -> crashed.topics.put(name, new ArrayList<>(records)));
        crashed.requestsRead = earlier.requestsRead;
        crashed.outcomesRead = earlier.outcomesRead;
        crashed.now = now.plus(downtime);
        return crashed;
    }

    /**
     * The next thing that happens.
     *
     * @return what it wrote, not stored yet; null when nothing will happen any more
     */
    @Nullable
    Map<String, List<Write>> step() {
        if (life == null) {
            life = new Life();
        }
        react();
        boolean outcomesWait = outcomesRead < outcomes.size();
        if (requestsRead < requests.size() && !(outcomesFirst && outcomesWait)) {
            return life.process(requests.get(requestsRead++), now);
        }
        if (outcomesWait) {
            return life.process(outcomes.get(outcomesRead++), now);
        }
        Long due = nextDue();
        if (due == null) {
            return null;
        }
        now = now.plus(TICK);
        now = now.toEpochMilli() < due ? Instant.ofEpochMilli(due) : now;
        return life.punctuate();
    }

    /** Effects and the caller see what is written. */
    void react() {
        for (AuthCommand command : written(AuthTopology.COMMANDS_SINK).stream()
                .map(AuthCommand.CODEC::read)
                .toList()) {
            Answer answer = around.answer(command);
            if (answer != null && !now.isBefore(answer.from()) && answered.add(command.commandId())) {
                outcomes.add(new AuthInput.Outcome(
                        answer.outcome(),
                        new Source(Topics.CXONE_AUTH_OUTCOMES.name(), 0, outcomes.size()),
                        Trace.NONE));
            }
        }
        for (GuestAuthResult result : results()) {
            if (around.retries()
                    && result.attempt() == 1
                    && result instanceof GuestAuthResult.NotAuthenticated refused
                    && refused.retryable()
                    && retried.add(result.requestId())) {
                now = now.plusMillis(5);
                ask(around.requests().stream()
                        .filter(json -> json.contains("\"" + result.requestId() + "\""))
                        .findFirst()
                        .orElseThrow());
            }
        }
    }

    /** What was written is stored. */
    void store(String where, List<Write> writes) {
        TreeMap<Bytes, byte[]> entries = stores.get(where);
        for (Write write : writes) {
            if (entries == null) {
                topics.computeIfAbsent(where, w -> new ArrayList<>()).add(write.value());
            } else if (write.value() == null) {
                entries.remove(write.key());
            } else {
                entries.put(write.key(), write.value());
            }
        }
    }

    Around around() {
        return around;
    }

    List<GuestAuthResult> results() {
        return written(AuthTopology.RESULTS_SINK).stream()
                .map(GuestAuthResult.CODEC::read)
                .toList();
    }

    List<Fact> facts() {
        return written(AuthTopology.FACTS_SINK).stream().map(Fact.CODEC::read).toList();
    }

    int outcomesRead() {
        return outcomesRead;
    }

    double pending() {
        return life == null
                ? 0
                : life.meters.get("guestflow.auth.pending").gauge().value();
    }

    /** Entries of all stores, the timers' cursor aside. */
    long stored() {
        return stores.values().stream()
                .flatMap(entries -> entries.keySet().stream())
                .filter(key -> key.get().length > Long.BYTES)
                .count();
    }

    private List<byte[]> written(String sink) {
        return topics.getOrDefault(sink, List.of());
    }

    private void ask(String json) {
        requests.add(new AuthInput.Request(
                RequestReading.of(json.getBytes(StandardCharsets.UTF_8)),
                now,
                new Source(Topics.GUEST_AUTH_REQUESTS.name(), 0, requests.size()),
                Trace.NONE));
    }

    private @Nullable Long nextDue() {
        return stores.get(GuestAuthProcessor.TIMERS).keySet().stream()
                .filter(key -> key.get().length > Long.BYTES)
                .map(key -> ByteBuffer.wrap(key.get()).getLong())
                .min(Long::compare)
                .orElse(null);
    }

    /** The processor from a start to the crash. */
    private final class Life {
        final SimpleMeterRegistry meters = new SimpleMeterRegistry();
        private final Map<String, List<Write>> written = new TreeMap<>();
        private final GuestAuthProcessor processor;
        private final Punctuator timers;

        Life() {
            AuthDecisions decisions =
                    new AuthDecisions(around.rules(), new ContextPolicy(AllowedKeys.DEFAULTS), AuthHarness.REFS);
            processor = new GuestAuthProcessor(
                    decisions,
                    new SessionOpenings(AuthHarness.REFS),
                    () -> 1,
                    AuthHarness.ENDLESS,
                    new AuthMeters(meters),
                    new CommitPacer(System::nanoTime),
                    new UnreadableRecords(new DeadLetters(AuthHarness.REFS), meters, AuthTopology.DEAD_LETTERS_SINK));
            context.setCurrentSystemTimeMs(now.toEpochMilli());
            stores.forEach((name, entries) -> context.addStateStore(journalled(name, entries)));
            processor.init(context);
            timers = context.scheduledPunctuators().getLast().getPunctuator();
            // Timers that the start arms are stored with its first commit.
            written.forEach(CrashWorld.this::store);
        }

        Map<String, List<Write>> process(AuthInput input, Instant at) {
            begin();
            processor.process(new Record<>(null, input, at.toEpochMilli()));
            return end();
        }

        Map<String, List<Write>> punctuate() {
            begin();
            timers.punctuate(now.toEpochMilli());
            return end();
        }

        private void begin() {
            context.setCurrentSystemTimeMs(now.toEpochMilli());
            written.clear();
            context.resetForwards();
        }

        private Map<String, List<Write>> end() {
            context.forwarded()
                    .forEach(forward -> written.computeIfAbsent(
                                    forward.childName().orElseThrow(), sink -> new ArrayList<>())
                            .add(new Write(null, ((Routed) forward.record().value()).value())));
            return new TreeMap<>(written);
        }

        @SuppressWarnings("unchecked")
        private KeyValueStore<Bytes, byte[]> journalled(String name, Map<Bytes, byte[]> entries) {
            KeyValueStore<Bytes, byte[]> store =
                    Stores.inMemoryKeyValueStore(name).get();
            store.init(context.getStateStoreContext(), store);
            entries.forEach(store::put);
            return (KeyValueStore<Bytes, byte[]>) Proxy.newProxyInstance(
                    CrashWorld.class.getClassLoader(),
                    new Class<?>[] {KeyValueStore.class},
                    (proxy, method, arguments) -> {
                        switch (method.getName()) {
                            case "put" -> wrote(name, (Bytes) arguments[0], (byte[]) arguments[1]);
                            case "delete" -> wrote(name, (Bytes) arguments[0], null);
                            default -> {
                                // Reads.
                            }
                        }
                        try {
                            return method.invoke(store, arguments);
                        } catch (InvocationTargetException thrown) {
                            throw thrown.getCause();
                        }
                    });
        }

        private void wrote(String name, Bytes key, byte @Nullable [] value) {
            written.computeIfAbsent(name, n -> new ArrayList<>()).add(new Write(key, value));
        }
    }
}
