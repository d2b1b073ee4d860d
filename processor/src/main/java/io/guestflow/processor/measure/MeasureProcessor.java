package io.guestflow.processor.measure;

import io.guestflow.contracts.analytics.ConversationMetrics;
import io.guestflow.contracts.cxone.ConversationFigures;
import io.guestflow.contracts.cxone.QueryOutcome;
import io.guestflow.contracts.facts.Fact;
import io.guestflow.contracts.facts.Measurement;
import io.guestflow.contracts.facts.Source;
import io.guestflow.processor.deadletter.UnreadableRecords;
import io.guestflow.processor.factlog.FactRecord;
import io.guestflow.processor.facts.MeasureFacts;
import io.guestflow.processor.timers.DueTimers;
import io.guestflow.processor.timers.FiringTime;
import io.guestflow.processor.timers.GuardedTimers;
import io.guestflow.processor.timers.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The shell around {@link Answers} and {@link Questions}: hears of conversations that have ended, has them asked for, and
 * tells what came of it.
 *
 * <p>Threading: one for a task, on its stream thread.
 */
final class MeasureProcessor implements Processor<byte[], Object, byte[], Object> {
    static final String TIMERS = "measure-timers";
    static final Duration PUNCTUATE_EVERY = Duration.ofMillis(500);
    /** Outcomes that had been waiting while the task was down are read before their time is over. */
    static final Duration HOLD_OFF = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(MeasureProcessor.class);
    private static final long NO_BATCH = 0;

    private final MeasureRules rules;
    private final Answers answers;
    private final FiringTime firingTime;
    private final MeasureMeters meters;
    private final UnreadableRecords deadLetters;
    private final Refusals refusals = new Refusals();

    private ProcessorContext<byte[], Object> context;
    private Outbox outbox;
    private BatchStore batches;
    private DueTimers timers;
    private GuardedTimers guarded;
    private Questions questions;
    /** Whose timer was fired last. */
    private long inHand = NO_BATCH;

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
        outbox = new Outbox(context);
        batches = new BatchStore(batchStore, now());
        timers = new DueTimers(timerStore, firingTime, now().toEpochMilli(), HOLD_OFF);
        questions = new Questions(rules, batches, timers, outbox, meters, this::tellBroken);
        guarded = new GuardedTimers(
                timers,
                context,
                deadLetters,
                new GuardedTimers.Owner(
                        TIMERS,
                        meters::timerFailed,
                        this::timerGivenUp,
                        "the conversations of its batch are not asked for any more",
                        "their figures are still at CXone"));
        deadLetters.expectGivenUp(context, BatchStore.NAME);
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
        if (!rules.on()) {
            forgetReady();
        }
        // The clock may have gone on since the punctuation was due.
        meters.timersFired(guarded.fire(now().toEpochMilli(), this::fire));
        meters.task(context.taskId().toString(), batches.pending(), timers.lagMs(now().toEpochMilli()));
    }

    private void ended(Fact.SessionEnded ended, Source at) {
        if (!rules.on()) {
            meters.switchedOff(1);
            return;
        }
        Instant now = now();
        Subject subject = Subject.of(ended, at, rules.giveUpAfter());
        Instant over = Subject.overAtCxone(ended, rules.giveUpAfter());
        if (!batches.began().isBefore(subject.giveUpAt())) {
            // Over and done with before this state began, so a state that was lost may have told what came of it, which
            // must not be replaced by a worse answer. What comes late to this one was never told.
            meters.tooOld();
        } else if (batches.pending() >= rules.mostPending()) {
            tell(told(givenUp(subject, Measurement.UNANSWERED, now)));
        } else if (now.isBefore(over)) {
            questions.waitFor(List.of(subject), over);
        } else {
            questions.join(subject, now);
        }
    }

    private void answered(QueryOutcome outcome, Source at) {
        meters.outcome(outcome.getClass().getSimpleName(), Refusals.code(outcome));
        Batch batch = asked(outcome.commandId());
        if (batch == null) {
            meters.stray();
            return;
        }
        if (!rules.on()) {
            forget(batch);
            return;
        }
        try {
            Instant now = now();
            List<Subject> asked = batches.subjects(batch);
            Ruling ruling = answers.fold(asked, outcome, refusals.meant(asked, outcome, now), now);
            conclude(batch, ruling, at, now);
        } catch (KafkaException forStreams) {
            throw forStreams;
        } catch (RuntimeException defect) {
            // The outcome would end the process after every restart.
            LOG.error(
                    "The outcome {}-{}@{} cannot be taken in ({}): the conversations of its batch are not asked for any"
                            + " more. This is a defect of guestflow",
                    at.topic(),
                    at.partition(),
                    at.offset(),
                    defect.getClass().getName());
            tellBroken(batch);
            questions.goOn(now());
        }
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
        inHand = NO_BATCH;
        WakeKind kind = WakeKind.of(timer.kind());
        Batch batch = batches.batch(timer.generation());
        if (batch == null || batch.state() != kind.meant()) {
            return;
        }
        inHand = batch.number();
        if (!rules.on()) {
            forget(batch);
            return;
        }
        Instant now = now();
        switch (kind) {
            case COLLECTED -> questions.ask(batch, now);
            case OUTCOME -> conclude(batch, answers.silence(batches.subjects(batch), now), null, now);
            case AGAIN -> questions.joinAll(batch, now);
        }
    }

    /**
     * What may fail comes before the first change, and the batch goes last: after a failure it is all there.
     *
     * @param outcome that led to the ruling; null if none did, and then nothing is measured
     */
    private void conclude(Batch batch, Ruling ruling, @Nullable Source outcome, Instant now) {
        switch (ruling) {
            case Ruling.Halves halves -> questions.askInHalves(batch, halves, now);
            case Ruling.Each(List<Verdict> verdicts) -> {
                List<Told> told = new ArrayList<>();
                Map<Instant, List<Subject>> again = new LinkedHashMap<>();
                for (int i = 0; i < verdicts.size(); i++) {
                    switch (verdicts.get(i)) {
                        case Verdict.Measured(Subject subject, ConversationFigures figures) ->
                            told.add(told(Result.of(
                                    subject,
                                    Measurement.MEASURED,
                                    figures,
                                    MeasureFacts.Cause.outcome(Objects.requireNonNull(outcome), i, now))));
                        case Verdict.Missing(Subject subject) ->
                            told.add(told(givenUp(subject, Measurement.MISSING, now)));
                        case Verdict.Unanswered(Subject subject) ->
                            told.add(told(givenUp(subject, Measurement.UNANSWERED, now)));
                        case Verdict.Again(Subject subject, Instant at) ->
                            again.computeIfAbsent(at, it -> new ArrayList<>()).add(subject);
                    }
                }
                told.forEach(this::tell);
                again.forEach((at, subjects) -> questions.waitFor(subjects, at));
                batches.remove(batch);
                questions.goOn(now);
            }
        }
    }

    /** No outcome tells of it, so what caused it is the end itself. */
    private static Result givenUp(Subject subject, Measurement state, Instant now) {
        return Result.of(subject, state, null, MeasureFacts.Cause.givenUp(subject.source(), now));
    }

    /** A result in writing. */
    private record Told(Result result, Outbox.Letter metrics, Outbox.Letter fact) {}

    private Told told(Result result) {
        ConversationMetrics metrics = result.metrics();
        return new Told(
                result,
                outbox.letter(
                        metrics.conversationId(), ConversationMetrics.CODEC, metrics, MeasureTopology.METRICS_SINK),
                outbox.letter(metrics.guestRef(), Fact.CODEC, result.fact(), MeasureTopology.FACTS_SINK));
    }

    private void tell(Told told) {
        outbox.send(told.metrics());
        outbox.send(told.fact());
        meters.became(told.result().metrics().state());
        meters.fact(told.result().fact().getClass().getSimpleName());
    }

    private void timerGivenUp() {
        meters.timerGivenUp();
        Batch left = inHand == NO_BATCH ? null : batches.batch(inHand);
        if (left != null) {
            drop(left);
            questions.goOn(now());
        }
    }

    private void tellBroken(Batch batch) {
        deadLetters.tellGivenUp(context, BatchStore.NAME, now().toEpochMilli());
        drop(batch);
    }

    /** A batch that is lost must not keep a place from the others. */
    private void drop(Batch batch) {
        Batch left = batches.batch(batch.number());
        if (left != null) {
            batches.remove(left);
            meters.dropped(left.size());
        }
    }

    /** Switched off: what was pending before is not asked for, and nobody is told. */
    private void forget(Batch batch) {
        batches.remove(batch);
        meters.switchedOff(batch.size());
    }

    private void forgetReady() {
        for (Batch ready = batches.nextReady(); ready != null; ready = batches.nextReady()) {
            forget(ready);
        }
    }

    private Instant now() {
        return Instant.ofEpochMilli(context.currentSystemTimeMs());
    }
}
