package io.guestflow.processor.measure;

import io.guestflow.contracts.cxone.QueryCommand;
import io.guestflow.processor.facts.FactIds;
import io.guestflow.processor.timers.DueTimers;
import io.guestflow.processor.timers.Timer;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.common.utils.Bytes;

/**
 * Gathers conversations into batches and sends a command for each, no more at a time than may be out. Whatever takes a
 * conversation from one batch to another ends with its removal: a failure half-way leaves it in the first.
 *
 * <p>Threading: for the stream thread of the task.
 */
final class Questions {
    private static final Bytes ANY_BATCH = Bytes.wrap(new byte[0]);

    private final MeasureRules rules;
    private final BatchStore batches;
    private final DueTimers timers;
    private final Outbox outbox;
    private final MeasureMeters meters;
    private final Consumer<Batch> broken;

    /** @param broken told of a batch that cannot be asked for; it removes it */
    Questions(
            MeasureRules rules,
            BatchStore batches,
            DueTimers timers,
            Outbox outbox,
            MeasureMeters meters,
            Consumer<Batch> broken) {
        this.rules = rules;
        this.batches = batches;
        this.timers = timers;
        this.outbox = outbox;
        this.meters = meters;
        this.broken = broken;
    }

    /** Those who are asked for the first time and rests that are asked for again go together, but for who goes alone. */
    void join(Subject subject, Instant now) {
        if (subject.apart()) {
            ask(batches.add(batches.begin(Batch.State.READY), subject), now);
            return;
        }
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

    /**
     * It has waited long enough. Where others would hardly fit in, it is asked for as it is: moving each of them to another
     * batch costs more than a command that is not full. Who goes alone waits alone, and joins nobody.
     */
    void joinAll(Batch waiting, Instant now) {
        if (waiting.isNearlyFull(rules)) {
            ask(waiting, now);
            return;
        }
        Batch left = waiting;
        for (Subject subject : batches.subjects(waiting).reversed()) {
            join(subject, now);
            left = batches.removeLast(left, subject);
        }
    }

    void waitFor(List<Subject> subjects, Instant until) {
        Batch waiting = batches.begin(Batch.State.WAITING);
        arm(WakeKind.AGAIN, waiting, until);
        batches.addAll(waiting, subjects);
    }

    /** Now, or as soon as one of those that are out is answered. */
    void ask(Batch batch, Instant now) {
        if (batches.out() < rules.mostOut()) {
            send(batch, now);
        } else {
            batches.ready(batch);
        }
    }

    /**
     * In two parts, in the place of a batch that is answered and goes, ahead of all that are ready: one part is asked for
     * down to the last before the other, and answers come between refusals wherever there are any.
     */
    void askInHalves(Batch answered, Ruling.Halves halves, Instant now) {
        for (List<Subject> half : List.of(halves.second(), halves.first())) {
            batches.readyFirst(batches.addAll(batches.begin(Batch.State.READY), half));
        }
        batches.remove(answered);
        meters.halved();
        goOn(now);
    }

    /** A command is out no more. */
    void goOn(Instant now) {
        while (batches.out() < rules.mostOut()) {
            Batch next = batches.nextReady();
            if (next == null) {
                return;
            }
            send(next, now);
        }
    }

    private void send(Batch batch, Instant now) {
        List<Subject> subjects;
        try {
            subjects = batches.subjects(batch);
        } catch (BrokenBatch defect) {
            broken.accept(batch);
            return;
        }
        // With the time that the state began at: one that was lost began with the same numbers, and its outcomes are
        // there.
        String kind = "MeasureConversations/" + batches.began().toEpochMilli();
        String commandId =
                batch.number() + "." + FactIds.of(kind, subjects.getFirst().source(), batch.number());
        Instant deadline = now.plus(rules.commandTime());
        QueryCommand command = new QueryCommand.MeasureConversations(
                commandId,
                subjects.stream().map(Subject::conversationId).distinct().toList(),
                deadline);
        Outbox.Letter letter = outbox.letter(commandId, QueryCommand.CODEC, command, MeasureTopology.COMMANDS_SINK);
        batches.asked(batch, commandId);
        arm(WakeKind.OUTCOME, batch, deadline.plus(rules.outcomeTime()));
        outbox.send(letter);
        meters.command();
    }

    private void arm(WakeKind kind, Batch batch, Instant at) {
        timers.arm(new Timer(Math.max(1, at.toEpochMilli()), kind.code(), ANY_BATCH, batch.number()));
    }
}
