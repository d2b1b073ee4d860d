package io.guestflow.processor.session;

import io.guestflow.contracts.RecordHeaders;
import io.guestflow.contracts.codec.JsonCodec;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.contracts.session.Session;
import io.guestflow.contracts.session.SessionCommand;
import io.guestflow.contracts.session.SessionEvent;
import io.guestflow.contracts.session.SessionEvent.Mark;
import io.guestflow.processor.deadletter.UnreadableRecords;
import io.guestflow.processor.facts.RefreshAnswer;
import io.guestflow.processor.timers.DueTimers;
import io.guestflow.processor.timers.FiringTime;
import io.guestflow.processor.timers.GuardedTimers;
import io.guestflow.processor.timers.Timer;
import io.guestflow.processor.wire.MarkedPartition;
import io.guestflow.processor.wire.Routed;
import io.guestflow.processor.wire.Trace;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The shell around {@link SessionDecisions}: reads the conversation, has it decided, sends the outputs, writes the
 * conversation. Timers and outputs come first: without transactions a crash in between repeats what has the same ids,
 * where the other order would lose it.
 *
 * <p>Threading: one for a task, on its stream thread.
 */
final class SessionProcessor implements Processor<byte[], Object, byte[], Object> {
    static final String TIMERS = "session-timers";
    private static final byte[] MARK_KEY = "mark/all".getBytes(StandardCharsets.UTF_8);
    static final Duration PUNCTUATE_EVERY = Duration.ofMillis(200);
    /** Webhooks and outcomes that had been waiting while the task was down are read before anybody's time is over. */
    static final Duration HOLD_OFF = Duration.ofSeconds(10);
    /** Marks tell when webhooks are read; that outcomes are is told by no more of the old ones coming. */
    static final Duration LEAST_HOLD_OFF = Duration.ofSeconds(1);

    private final SessionRules rules;
    private final SessionDecisions decisions;
    private final FiringTime firingTime;
    private final SessionMeters meters;
    private final UnreadableRecords deadLetters;

    private ProcessorContext<byte[], Object> context;
    private Marks marks;
    private MarkRelay relay;
    private ConversationStore conversations;
    private DueTimers timers;
    private GuardedTimers guarded;
    private Instant startedAt;
    private Instant lastOldAt;
    private boolean caughtUp;
    private int heldHere;

    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else.
    SessionProcessor(
            SessionRules rules,
            SessionDecisions decisions,
            FiringTime firingTime,
            SessionMeters meters,
            UnreadableRecords deadLetters) {
        this.rules = rules;
        this.decisions = decisions;
        this.firingTime = firingTime;
        this.meters = meters;
        this.deadLetters = deadLetters;
    }

    @Override
    public void init(ProcessorContext<byte[], Object> context) {
        this.context = context;
        KeyValueStore<Bytes, byte[]> live = context.getStateStore(ConversationStore.LIVE);
        KeyValueStore<Bytes, byte[]> held = context.getStateStore(ConversationStore.HELD);
        KeyValueStore<Bytes, byte[]> timerStore = context.getStateStore(TIMERS);
        conversations = new ConversationStore(live, held);
        // A task that Kafka Streams revives is initialised again: what it knew of webhooks is of its life before.
        marks = new Marks();
        relay = new MarkRelay();
        caughtUp = false;
        startedAt = now();
        lastOldAt = startedAt;
        timers = new DueTimers(timerStore, firingTime, startedAt.toEpochMilli(), HOLD_OFF);
        guarded = new GuardedTimers(
                timers,
                context,
                deadLetters,
                new GuardedTimers.Owner(
                        TIMERS,
                        meters::timerFailed,
                        meters::timerGivenUp,
                        "its session is neither refreshed nor ended any more, and its entry stays in "
                                + ConversationStore.LIVE + " or " + ConversationStore.HELD,
                        "revoking the session ends it"));
        countHeld();
        context.schedule(PUNCTUATE_EVERY, PunctuationType.WALL_CLOCK_TIME, this::fireTimers);
    }

    @Override
    public void process(Record<byte[], Object> record) {
        if (!caughtUp && record.timestamp() < startedAt.toEpochMilli()) {
            // There may be more of what had been waiting.
            lastOldAt = now();
        }
        switch ((Arrival) record.value()) {
            case Arrival.OfMark mark -> {
                marks.observe(mark.mark());
                meters.mark();
            }
            case Arrival.OfConversation arrival -> decide(arrival.input(), arrival.trace());
        }
    }

    @Override
    public void close() {
        meters.heldChanged(-heldHere);
        heldHere = 0;
        meters.gone(context.taskId().toString());
    }

    private void fireTimers(long timestamp) {
        // The clock may have gone on since the punctuation was due.
        Instant now = now();
        tellOthers(now);
        if (!caughtUp && !now.isBefore(lastOldAt.plus(LEAST_HOLD_OFF))) {
            caughtUp = !marks.readUntil().isBefore(startedAt);
            if (caughtUp) {
                timers.backlogRead();
            }
        }
        guarded.foresee(now.toEpochMilli(), this::foresee);
        meters.timersFired(guarded.fire(now.toEpochMilli(), this::fire));
        Instant readUntil = marks.readUntil();
        // What is not known lags by the time since the start at least: an operator must not read 0 where nobody knows.
        Instant heardAt = readUntil.equals(Instant.MIN) ? startedAt : readUntil;
        long webhooksMs = Math.max(0, Duration.between(heardAt, now).toMillis());
        meters.late(context.taskId().toString(), timers.lagMs(now().toEpochMilli()), webhooksMs);
    }

    private void tellOthers(Instant now) {
        Mark mark = ownPartition() == MarkedPartition.NUMBER ? relay.next(marks, now) : null;
        if (mark == null) {
            return;
        }
        byte[] value = SessionEvent.CODEC.write(mark);
        for (int partition = 0; partition < marks.partitions(); partition++) {
            if (partition != MarkedPartition.NUMBER) {
                forward(
                        MARK_KEY,
                        value,
                        partition,
                        headers(SessionEvent.CODEC, Trace.NONE),
                        SessionTopology.MARKS_SINK);
            }
        }
    }

    /** Nobody may die because of a restart: what would be too late after the hold-off is done in it. */
    private void foresee(Timer timer) {
        if (timer.kind() == WakeKind.LOOK.code()) {
            Instant heldOffUntil = Instant.ofEpochMilli(timers.heldOffUntilMs());
            decide(new SessionInput.Foreseen(conversationId(timer), timer.generation(), heldOffUntil), Trace.NONE);
        }
    }

    private void fire(Timer timer) {
        decide(
                new SessionInput.Woken(conversationId(timer), WakeKind.of(timer.kind()), timer.generation()),
                Trace.NONE);
    }

    private static String conversationId(Timer timer) {
        return new String(timer.entity().get(), StandardCharsets.UTF_8);
    }

    private void decide(SessionInput input, Trace trace) {
        Bytes key = ConversationStore.key(input.conversationId());
        Conversation before = conversations.read(key);
        Decision decision = decisions.decide(
                before,
                input,
                new Turn.Surroundings(
                        marks.readUntil(),
                        conversations.heldCount() < rules.heldMost(),
                        conversations.heldCount() < rules.heldMostWithRevocations()),
                now());
        for (Output output : decision.outputs()) {
            carryOut(key, output, trace);
        }
        conversations.write(key, before, decision.state());
        countHeld();
    }

    private void carryOut(Bytes key, Output output, Trace trace) {
        switch (output) {
            case Output.Accounted accounted -> meters.event(accounted.fate());
            case Output.Remarked remarked -> meters.remark(remarked.remark());
            case Output.Wake wake ->
                timers.arm(new Timer(
                        Math.max(1, wake.at().toEpochMilli()), wake.kind().code(), key, wake.generation()));
            case Output.Tell tell -> tell(tell, trace);
            case Output.Issue issue -> {
                send(key.get(), SessionCommand.CODEC, issue.command(), trace, SessionTopology.COMMANDS_SINK);
                meters.command(issue.command().getClass().getSimpleName());
            }
            case Output.Publish publish ->
                send(key.get(), Session.CODEC, publish.session(), trace, SessionTopology.SESSIONS_SINK);
            case Output.Retract ignored ->
                forward(key.get(), null, ownPartition(), headers(Session.CODEC, trace), SessionTopology.SESSIONS_SINK);
        }
    }

    private void tell(Output.Tell tell, Trace trace) {
        Fact fact = tell.fact();
        Integer guests = tell.guestPartition();
        forward(
                fact.guestRef().getBytes(StandardCharsets.UTF_8),
                Fact.CODEC.write(fact),
                guests == null ? ownPartition() : guests,
                headers(Fact.CODEC, trace),
                SessionTopology.FACTS_SINK);
        meters.fact(fact.getClass().getSimpleName());
        switch (fact) {
            case Fact.SessionOpened ignored -> meters.opened();
            case Fact.SessionEnded ended -> meters.ended(ended.endReason());
            default -> {}
        }
        RefreshAnswer answer = RefreshAnswer.of(fact);
        if (answer != null) {
            meters.refresh(answer);
        }
    }

    private <T> void send(byte[] key, JsonCodec<T> codec, T value, Trace trace, String sink) {
        forward(key, codec.write(value), ownPartition(), headers(codec, trace), sink);
    }

    private void forward(byte[] key, byte @Nullable [] value, int partition, Headers headers, String sink) {
        context.forward(new Record<>(key, new Routed(partition, value), context.currentSystemTimeMs(), headers), sink);
    }

    private int ownPartition() {
        return context.taskId().partition();
    }

    private static Headers headers(JsonCodec<?> codec, Trace trace) {
        Headers headers = new org.apache.kafka.common.header.internals.RecordHeaders();
        headers.add(RecordHeaders.SCHEMA, codec.schema().getBytes(StandardCharsets.UTF_8));
        trace.addTo(headers);
        return headers;
    }

    private void countHeld() {
        int held = conversations.heldCount();
        if (held != heldHere) {
            meters.heldChanged(held - heldHere);
            heldHere = held;
        }
    }

    private Instant now() {
        return Instant.ofEpochMilli(context.currentSystemTimeMs());
    }
}
