package io.guestflow.processor.auth;

import io.guestflow.contracts.RecordHeaders;
import io.guestflow.contracts.auth.AuthCommand;
import io.guestflow.contracts.auth.GuestAuthResult;
import io.guestflow.contracts.codec.JsonCodec;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.contracts.session.SessionEvent;
import io.guestflow.processor.auth.Decision.Output;
import io.guestflow.processor.auth.Decision.WakeKind;
import io.guestflow.processor.deadletter.UnreadableRecords;
import io.guestflow.processor.timers.DueTimers;
import io.guestflow.processor.timers.FiringTime;
import io.guestflow.processor.timers.GuardedTimers;
import io.guestflow.processor.timers.Timer;
import io.guestflow.processor.wire.CommitPacer;
import io.guestflow.processor.wire.Partitions;
import io.guestflow.processor.wire.Routed;
import io.guestflow.processor.wire.Trace;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntSupplier;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The shell around {@link AuthDecisions}: reads the state, has it decided, writes the state, sends the outputs.
 *
 * <p>Threading: one for a task, on its stream thread.
 */
final class GuestAuthProcessor implements Processor<byte[], Object, byte[], Object> {
    static final String TIMERS = "auth-timers";
    static final Duration PUNCTUATE_EVERY = Duration.ofMillis(200);
    /** Outcomes that had been waiting while the task was down are read before deadlines strike. */
    static final Duration HOLD_OFF = Duration.ofSeconds(1);
    /** Within so long of the start, what had been waiting is read. */
    static final Duration CATCH_UP = Duration.ofSeconds(10);

    private static final int MOST_EARLY = 10_000;

    private final AuthDecisions decisions;
    private final SessionOpenings openings;
    private final IntSupplier partitions;
    private final FiringTime firingTime;
    private final AuthMeters meters;
    private final CommitPacer commits;
    private final UnreadableRecords deadLetters;

    private ProcessorContext<byte[], Object> context;
    private RequestStore requests;
    private DueTimers timers;
    private GuardedTimers guarded;
    private int pendingHere;
    private Instant startedAt;
    private Instant fireFrom;
    /**
     * When ends were told whose attempts are kept. What is told is stored a little later; what was told by another process
     * may not have been.
     */
    private final Map<RequestKey, Instant> toldAt = new HashMap<>();
    /**
     * Outcomes whose requests are not known yet: after a crash under at-least-once a request may be read again after the
     * outcome of its command.
     */
    private final Map<RequestKey, AuthInput.Outcome> early = new LinkedHashMap<>();

    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else.
    GuestAuthProcessor(
            AuthDecisions decisions,
            SessionOpenings openings,
            IntSupplier partitions,
            FiringTime firingTime,
            AuthMeters meters,
            CommitPacer commits,
            UnreadableRecords deadLetters) {
        this.decisions = decisions;
        this.openings = openings;
        this.partitions = partitions;
        this.firingTime = firingTime;
        this.meters = meters;
        this.commits = commits;
        this.deadLetters = deadLetters;
    }

    @Override
    public void init(ProcessorContext<byte[], Object> context) {
        this.context = context;
        KeyValueStore<Bytes, byte[]> pending = context.getStateStore(RequestStore.PENDING);
        KeyValueStore<Bytes, byte[]> ended = context.getStateStore(RequestStore.ENDED);
        KeyValueStore<Bytes, byte[]> timerStore = context.getStateStore(TIMERS);
        requests = new RequestStore(pending, ended, decisions.atLeastOnce());
        timers = new DueTimers(timerStore, firingTime, context.currentSystemTimeMs(), HOLD_OFF);
        guarded = new GuardedTimers(
                timers,
                context,
                deadLetters,
                new GuardedTimers.Owner(
                        TIMERS,
                        meters::timerFailed,
                        meters::timerGivenUp,
                        "its request may stay unanswered, and its entry stays in " + RequestStore.PENDING + " or "
                                + RequestStore.ENDED,
                        "the caller can ask again with a new requestId"));
        startedAt = now();
        fireFrom = startedAt;
        countPending(requests.readAll(this::found));
        context.schedule(PUNCTUATE_EVERY, PunctuationType.WALL_CLOCK_TIME, this::fireTimers);
    }

    /** A crash may have left the attempt without its timer: under at-least-once, or before the guarantee was changed. */
    private void found(RequestKey key, Pending attempt, boolean kept) {
        if (kept || decisions.atLeastOnce()) {
            arm(key, Openings.life(attempt));
        }
    }

    @Override
    public void process(Record<byte[], Object> record) {
        switch ((AuthInput) record.value()) {
            case AuthInput.Request request -> onRequest(request);
            case AuthInput.Outcome outcome -> {
                if (record.timestamp() < startedAt.toEpochMilli() && catchingUp()) {
                    // There may be more of those that had been waiting.
                    fireFrom = now().plus(HOLD_OFF);
                }
                onOutcome(outcome);
            }
        }
    }

    private void onRequest(AuthInput.Request request) {
        RequestKey key =
                new RequestKey(request.reading().guestId(), request.reading().requestId());
        GuestPending guest = requests.pendingOf(key);
        RequestState state = requests.read(key, guest);
        carryOut(
                key,
                guest,
                state,
                decisions.onRequest(state, request, guest.with(key.requestId(), null), toldAt.get(key), now()),
                request.source().topic());
        AuthInput.Outcome waiting = early.remove(key);
        if (waiting != null) {
            carryOut(key, waiting);
        }
    }

    private void onOutcome(AuthInput.Outcome outcome) {
        RequestKey key =
                new RequestKey(outcome.outcome().guestId(), outcome.outcome().requestId());
        boolean mayBeEarly = decisions.atLeastOnce() && catchingUp() && early.size() < MOST_EARLY;
        if (mayBeEarly
                && requests.read(key, requests.pendingOf(key)).equals(RequestState.UNKNOWN)
                && early.putIfAbsent(key, outcome) == null) {
            return;
        }
        carryOut(key, outcome);
    }

    private void carryOut(RequestKey key, AuthInput.Outcome outcome) {
        GuestPending guest = requests.pendingOf(key);
        RequestState state = requests.read(key, guest);
        carryOut(
                key,
                guest,
                state,
                decisions.onOutcome(state, outcome, now()),
                outcome.source().topic());
    }

    private boolean catchingUp() {
        return now().isBefore(startedAt.plus(CATCH_UP));
    }

    @Override
    public void close() {
        countPending(-pendingHere);
        meters.timersGone(context.taskId().toString());
    }

    private void fireTimers(long timestamp) {
        if (!early.isEmpty() && !catchingUp()) {
            Map<RequestKey, AuthInput.Outcome> unknown = new LinkedHashMap<>(early);
            early.clear();
            unknown.forEach(this::carryOut);
        }
        if (now().isBefore(fireFrom)) {
            return;
        }
        // The clock may have gone on since the punctuation was due.
        meters.timersFired(guarded.fire(context.currentSystemTimeMs(), this::fire));
        meters.timersLate(context.taskId().toString(), timers.lagMs(context.currentSystemTimeMs()));
    }

    private void fire(Timer timer) {
        RequestKey key = RequestKey.of(timer.entity());
        GuestPending guest = requests.pendingOf(key);
        RequestState state = requests.read(key, guest);
        int attempt = Math.toIntExact(timer.generation());
        carryOut(
                key,
                guest,
                state,
                decisions.onWake(state, key, WakeKind.of(timer.kind()), attempt, toldAt.get(key), now()),
                "timer");
    }

    private void carryOut(RequestKey key, GuestPending guest, RequestState before, Decision decision, String cause) {
        countPending(requests.write(key, guest, before, decision.state()));
        if (!Objects.equals(before.kept(), decision.state().kept())) {
            toldAt.remove(key);
        }
        Trace trace = decision.trace();
        for (Output output : decision.outputs()) {
            switch (output) {
                case Output.Answer answer -> {
                    send(key, GuestAuthResult.CODEC, answer.result(), trace, AuthTopology.RESULTS_SINK);
                    told(key, decision.state());
                    meters.answered(answer.result());
                }
                case Output.AnswerAgain again -> {
                    send(key, GuestAuthResult.CODEC, again.result(), trace, AuthTopology.RESULTS_SINK);
                    told(key, decision.state());
                }
                case Output.Replay replay -> {
                    Headers headers = headers(GuestAuthResult.CODEC, trace);
                    headers.add(RecordHeaders.REPLAYED, "true".getBytes(StandardCharsets.UTF_8));
                    send(key, GuestAuthResult.CODEC.write(replay.result()), headers, AuthTopology.RESULTS_SINK);
                    meters.replayed();
                }
                case Output.Issue issue ->
                    send(key, AuthCommand.CODEC, issue.command(), trace, AuthTopology.COMMANDS_SINK);
                case Output.Tell tell -> tell(key, tell.fact(), trace);
                case Output.Store ignored -> context.commit();
                case Output.Wake wake -> arm(key, wake);
                case Output.Suppressed ignored -> meters.suppressed();
                case Output.Redelivered ignored -> meters.redelivered(cause);
                case Output.Stray stray -> meters.stray(stray.kind());
            }
        }
    }

    private void arm(RequestKey key, Output.Wake wake) {
        timers.arm(new Timer(wake.at().toEpochMilli(), wake.kind().code(), key.bytes(), wake.attempt()));
    }

    private void told(RequestKey key, RequestState state) {
        if (state.kept() != null) {
            toldAt.put(key, now());
        }
    }

    private <T> void send(RequestKey key, JsonCodec<T> codec, T value, Trace trace, String sink) {
        send(key, codec.write(value), headers(codec, trace), sink);
    }

    private void send(RequestKey key, byte[] value, Headers headers, String sink) {
        forward(key.guestId().getBytes(StandardCharsets.UTF_8), value, headers, sink);
        // Somebody waits for a result, and for what a command leads to.
        commits.request(context);
    }

    private void tell(RequestKey key, Fact fact, Trace trace) {
        forward(
                fact.guestRef().getBytes(StandardCharsets.UTF_8),
                Fact.CODEC.write(fact),
                headers(Fact.CODEC, trace),
                AuthTopology.FACTS_SINK);
        meters.fact(fact.getClass().getSimpleName());
        if (fact instanceof Fact.AuthSucceeded success) {
            open(openings.of(success, key.guestId(), context.taskId().partition()), trace);
        }
    }

    private void open(SessionEvent.Opened opened, Trace trace) {
        byte[] conversation = opened.conversationId().getBytes(StandardCharsets.UTF_8);
        context.forward(
                new Record<>(
                        conversation,
                        new Routed(
                                Partitions.of(conversation, partitions.getAsInt()), SessionEvent.CODEC.write(opened)),
                        context.currentSystemTimeMs(),
                        headers(SessionEvent.CODEC, trace)),
                AuthTopology.SESSION_EVENTS_SINK);
    }

    private void forward(byte[] key, byte[] value, Headers headers, String sink) {
        context.forward(
                new Record<>(
                        key, new Routed(context.taskId().partition(), value), context.currentSystemTimeMs(), headers),
                sink);
    }

    private static Headers headers(JsonCodec<?> codec, Trace trace) {
        Headers headers = new org.apache.kafka.common.header.internals.RecordHeaders();
        headers.add(RecordHeaders.SCHEMA, codec.schema().getBytes(StandardCharsets.UTF_8));
        trace.addTo(headers);
        return headers;
    }

    private void countPending(int by) {
        pendingHere += by;
        meters.pendingChanged(by);
    }

    private Instant now() {
        return Instant.ofEpochMilli(context.currentSystemTimeMs());
    }
}
