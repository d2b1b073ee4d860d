package io.guestflow.processor.measure;

import io.guestflow.contracts.RecordHeaders;
import io.guestflow.contracts.analytics.ConversationMetrics;
import io.guestflow.contracts.codec.JsonCodec;
import io.guestflow.contracts.cxone.ConversationFigures;
import io.guestflow.contracts.cxone.QueryCommand;
import io.guestflow.contracts.cxone.QueryOutcome;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.contracts.facts.Measurement;
import io.guestflow.contracts.facts.Source;
import io.guestflow.processor.deadletter.UnreadableRecords;
import io.guestflow.processor.factlog.FactRecord;
import io.guestflow.processor.facts.FactIds;
import io.guestflow.processor.facts.MeasureFacts;
import io.guestflow.processor.timers.DueTimers;
import io.guestflow.processor.timers.FiringTime;
import io.guestflow.processor.timers.GuardedTimers;
import io.guestflow.processor.timers.Timer;
import io.guestflow.processor.wire.Routed;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The shell around {@link Answers}: gathers conversations that have ended into batches, sends a command for each batch, and
 * tells what came of it.
 *
 * <p>Threading: one for a task, on its stream thread.
 */
final class MeasureProcessor implements Processor<byte[], Object, byte[], Object> {
    static final String TIMERS = "measure-timers";
    static final Duration PUNCTUATE_EVERY = Duration.ofMillis(500);
    /** Outcomes that had been waiting while the task was down are read before their time is over. */
    static final Duration HOLD_OFF = Duration.ofSeconds(10);

    private static final Bytes ANY_BATCH = Bytes.wrap(new byte[0]);

    private final MeasureRules rules;
    private final Answers answers;
    private final FiringTime firingTime;
    private final MeasureMeters meters;
    private final UnreadableRecords deadLetters;

    private ProcessorContext<byte[], Object> context;
    private BatchStore batches;
    private DueTimers timers;
    private GuardedTimers guarded;

    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else.
    MeasureProcessor(MeasureRules rules, FiringTime firingTime, MeasureMeters meters, UnreadableRecords deadLetters) {
        this.rules = rules;
        this.answers = new Answers(rules);
        this.firingTime = firingTime;
        this.meters = meters;
        this.deadLetters = deadLetters;
    }

    @Override
    public void init(ProcessorContext<byte[], Object> context) {
        this.context = context;
        KeyValueStore<Bytes, byte[]> batchStore = context.getStateStore(BatchStore.NAME);
        KeyValueStore<Bytes, byte[]> timerStore = context.getStateStore(TIMERS);
        batches = new BatchStore(batchStore);
        timers = new DueTimers(timerStore, firingTime, now().toEpochMilli(), HOLD_OFF);
        guarded = new GuardedTimers(
                timers,
                context,
                deadLetters,
                new GuardedTimers.Owner(
                        TIMERS,
                        meters::timerFailed,
                        meters::timerGivenUp,
                        "the conversations of its batch are not asked for any more, and stay in " + BatchStore.NAME,
                        "their figures are still at CXone"));
        context.schedule(PUNCTUATE_EVERY, PunctuationType.WALL_CLOCK_TIME, this::fireTimers);
    }

    @Override
    public void process(Record<byte[], Object> record) {
        switch (record.value()) {
            case FactRecord.Told told -> {
                if (told.fact() instanceof Fact.SessionEnded ended) {
                    ended(ended, told.at());
                }
            }
            case FactRecord.Passed _ -> {}
            case Answered answered -> answered(answered.outcome(), answered.at());
            default -> throw new IllegalStateException("a " + record.value().getClass() + " has no meaning here");
        }
    }

    @Override
    public void close() {
        meters.gone(context.taskId().toString());
    }

    private void fireTimers(long timestamp) {
        // The clock may have gone on since the punctuation was due.
        meters.timersFired(guarded.fire(now().toEpochMilli(), this::fire));
        meters.task(context.taskId().toString(), batches.pending(), timers.lagMs(now().toEpochMilli()));
    }

    private void ended(Fact.SessionEnded ended, Source at) {
        Instant now = now();
        Subject subject = Subject.of(ended, at, rules.giveUpAfter());
        Instant over = Subject.overAtCxone(ended);
        if (!now.isBefore(subject.giveUpAt())) {
            // Of long ago, read again. What came of it then has been told, and must not be replaced by a worse answer.
            meters.tooOld();
        } else if (batches.pending() >= rules.mostPending()) {
            conclude(List.of(new Verdict.Unanswered(subject)), null, now);
        } else if (now.isBefore(over)) {
            waitFor(List.of(subject), over);
        } else {
            join(subject, now);
        }
    }

    private void answered(QueryOutcome outcome, Source at) {
        meters.outcome(outcome.getClass().getSimpleName());
        Batch batch = asked(outcome.commandId());
        if (batch == null) {
            meters.stray();
            return;
        }
        Instant now = now();
        List<Verdict> verdicts = answers.fold(batches.subjects(batch), outcome, now);
        batches.remove(batch);
        conclude(verdicts, at, now);
    }

    /** The batch that waits for the outcome of that command; null if none does. */
    private @Nullable Batch asked(String commandId) {
        int dot = commandId.indexOf('.');
        Batch batch;
        try {
            batch = batches.batch(Long.parseLong(commandId.substring(0, Math.max(0, dot))));
        } catch (NumberFormatException notOurs) {
            return null;
        }
        return batch != null && commandId.equals(batch.commandId()) ? batch : null;
    }

    private void fire(Timer timer) {
        WakeKind kind = WakeKind.of(timer.kind());
        Batch batch = batches.batch(timer.generation());
        if (batch == null || batch.state() != kind.meant()) {
            return;
        }
        Instant now = now();
        switch (kind) {
            case COLLECTED -> ask(batch, now);
            case OUTCOME -> {
                List<Verdict> verdicts = answers.silence(batches.subjects(batch), now);
                batches.remove(batch);
                conclude(verdicts, null, now);
            }
            case AGAIN -> {
                List<Subject> subjects = batches.subjects(batch);
                batches.remove(batch);
                subjects.forEach(subject -> join(subject, now));
            }
        }
    }

    /** Those who are asked for the first time and those who are asked for again go together. */
    private void join(Subject subject, Instant now) {
        Batch open = batches.open();
        if (open != null && open.hasNoRoomFor(subject, rules)) {
            ask(open, now);
            open = null;
        }
        if (open == null) {
            open = batches.begin(Batch.State.OPEN);
            arm(WakeKind.COLLECTED, open, now.plus(rules.batchWait()));
        }
        Batch more = batches.add(open, subject);
        if (more.isFull(rules)) {
            ask(more, now);
        }
    }

    private void ask(Batch batch, Instant now) {
        List<Subject> subjects = batches.subjects(batch);
        String commandId = batch.number() + "."
                + FactIds.of("MeasureConversations", subjects.getFirst().source(), batch.number());
        Instant deadline = now.plus(rules.commandTime());
        QueryCommand command = new QueryCommand.MeasureConversations(
                commandId,
                subjects.stream().map(Subject::conversationId).distinct().toList(),
                deadline);
        batches.asked(batch, commandId);
        arm(WakeKind.OUTCOME, batch, deadline.plus(rules.outcomeTime()));
        send(commandId, QueryCommand.CODEC, command, MeasureTopology.COMMANDS_SINK);
        meters.command();
    }

    /** @param outcome that led to the verdicts; null if none did, and then nothing is measured */
    private void conclude(List<Verdict> verdicts, @Nullable Source outcome, Instant now) {
        Map<Instant, List<Subject>> again = new LinkedHashMap<>();
        for (int i = 0; i < verdicts.size(); i++) {
            switch (verdicts.get(i)) {
                case Verdict.Measured(Subject subject, ConversationFigures figures) ->
                    tell(Result.of(
                            subject,
                            Measurement.MEASURED,
                            figures,
                            MeasureFacts.Cause.outcome(Objects.requireNonNull(outcome), i, now)));
                case Verdict.Missing(Subject subject) -> tell(givenUp(subject, Measurement.MISSING, now));
                case Verdict.Unanswered(Subject subject) -> tell(givenUp(subject, Measurement.UNANSWERED, now));
                case Verdict.Again(Subject subject, Instant at) ->
                    again.computeIfAbsent(at, it -> new ArrayList<>()).add(subject);
            }
        }
        again.forEach((at, subjects) -> waitFor(subjects, at));
    }

    /** No outcome tells of it, so what caused it is the end itself. */
    private static Result givenUp(Subject subject, Measurement state, Instant now) {
        return Result.of(subject, state, null, MeasureFacts.Cause.givenUp(subject.source(), now));
    }

    private void waitFor(List<Subject> subjects, Instant until) {
        Batch waiting = batches.begin(Batch.State.WAITING);
        arm(WakeKind.AGAIN, waiting, until);
        for (Subject subject : subjects) {
            waiting = batches.add(waiting, subject);
        }
    }

    private void tell(Result result) {
        ConversationMetrics metrics = result.metrics();
        send(metrics.conversationId(), ConversationMetrics.CODEC, metrics, MeasureTopology.METRICS_SINK);
        send(metrics.guestRef(), Fact.CODEC, result.fact(), MeasureTopology.FACTS_SINK);
        meters.became(metrics.state());
        meters.fact(result.fact().getClass().getSimpleName());
    }

    private void arm(WakeKind kind, Batch batch, Instant at) {
        timers.arm(new Timer(Math.max(1, at.toEpochMilli()), kind.code(), ANY_BATCH, batch.number()));
    }

    private <T> void send(String key, JsonCodec<T> codec, T value, String sink) {
        Headers headers = new org.apache.kafka.common.header.internals.RecordHeaders();
        headers.add(RecordHeaders.SCHEMA, codec.schema().getBytes(StandardCharsets.UTF_8));
        context.forward(
                new Record<>(
                        key.getBytes(StandardCharsets.UTF_8),
                        new Routed(context.taskId().partition(), codec.write(value)),
                        context.currentSystemTimeMs(),
                        headers),
                sink);
    }

    private Instant now() {
        return Instant.ofEpochMilli(context.currentSystemTimeMs());
    }
}
