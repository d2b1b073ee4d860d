package io.guestflow.processor.session;

import io.guestflow.contracts.facts.Fact;
import io.guestflow.contracts.facts.Source;
import io.guestflow.contracts.session.SessionCommand;
import io.guestflow.processor.facts.SessionFacts.Cause;
import io.guestflow.processor.session.Output.Accounted;
import io.guestflow.processor.session.Output.Fate;
import io.guestflow.processor.session.Output.Issue;
import io.guestflow.processor.session.Output.Remark;
import io.guestflow.processor.session.Output.Remarked;
import io.guestflow.processor.session.Output.Tell;
import io.guestflow.processor.session.Output.Wake;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * One decision while it is being made: whose turn it is, when and why, and what has come of it so far.
 *
 * <p>Threading: for one thread, and for one decision.
 */
final class Turn {
    private final String conversationId;
    private final Source source;
    private final long ordinal;
    private final Instant now;
    private final Surroundings surroundings;
    private final List<Output> outputs = new ArrayList<>(4);

    /**
     * What a decision needs to know besides the conversation.
     *
     * @param webhooksReadUntil everything that was recorded before has been seen
     * @param mayHold whether events of one more conversation may wait
     * @param mayHoldRevocation whether a revocation of one more may
     */
    record Surroundings(Instant webhooksReadUntil, boolean mayHold, boolean mayHoldRevocation) {}

    /**
     * A decision caused by a record, or by a timer.
     *
     * @param source the record, or the one that opened what the timer looks at
     * @param ordinal 0, or the timer's generation
     */
    Turn(String conversationId, Source source, long ordinal, Instant now, Surroundings surroundings) {
        this.conversationId = conversationId;
        this.source = source;
        this.ordinal = ordinal;
        this.now = now;
        this.surroundings = surroundings;
    }

    String conversationId() {
        return conversationId;
    }

    Instant now() {
        return now;
    }

    /** A time that another clock told, but not one to come. */
    Instant past(Instant told) {
        return Times.ms(Times.earlier(told, now));
    }

    /** Whether webhooks are read so late that who seems idle may not be. */
    boolean webhooksLag(Duration more) {
        return surroundings.webhooksReadUntil().isBefore(now.minus(more));
    }

    boolean mayHold() {
        return surroundings.mayHold();
    }

    boolean mayHoldRevocation() {
        return surroundings.mayHoldRevocation();
    }

    Cause cause(Instant at) {
        return new Cause(source, ordinal, at);
    }

    void tell(Opening opening, Fact fact) {
        outputs.add(new Tell(fact, opening.guestPartition()));
    }

    void tellOfStranger(Fact fact) {
        outputs.add(new Tell(fact, null));
    }

    void issue(SessionCommand command) {
        outputs.add(new Issue(command));
    }

    void wake(Instant at, WakeKind kind, long generation) {
        outputs.add(new Wake(at, kind, generation));
    }

    void account(Fate fate) {
        outputs.add(new Accounted(fate));
    }

    void remark(Remark remark) {
        outputs.add(new Remarked(remark));
    }

    void add(Output output) {
        outputs.add(output);
    }

    List<Output> outputs() {
        return outputs;
    }
}
