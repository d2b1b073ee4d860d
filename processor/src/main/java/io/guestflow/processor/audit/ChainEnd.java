package io.guestflow.processor.audit;

import io.guestflow.processor.wire.UnreadableState;
import java.io.File;
import java.util.OptionalLong;

/**
 * Where the chain of a partition ended on {@code guest-audit} when the process started. State that does not go as far must
 * not number anything: an instance may have kept it in its directory from before others went on.
 *
 * @param end its last record
 * @param lostAt the number that the chain's state had on its changelog then, if that was behind and an operator lets the
 *     chain go on from its end; 0 if it had none
 */
public record ChainEnd(ChainHead end, OptionalLong lostAt) {
    /** The same for who must find its state as far as that. */
    ChainEnd kept() {
        return new ChainEnd(end, OptionalLong.empty());
    }

    /**
     * What the chain goes on from, by what a task has stored.
     *
     * <p>The end only counts for state that is what the changelog had. Where others have gone on from the end meanwhile, the
     * changelog tells of it; state that is neither was kept by this instance, and nobody knows where the chain ends now.
     *
     * @param directory the task's, of which the operator is told
     * @throws UnreadableState if it goes on from neither
     */
    ChainHead goOnFrom(ChainHead stored, File directory) {
        if (stored.seq() >= end.seq()) {
            return stored;
        }
        if (lostAt.isPresent() && lostAt.getAsLong() == stored.seq()) {
            return end;
        }
        throw new UnreadableState("the state of an audit chain in " + directory + " ends at number " + stored.seq()
                + ", and guest-audit at number " + end.seq() + ": this instance has kept it from before others went on."
                + " Stop the instance, delete the directory " + directory.getParent() + ", and start it again: what was"
                + " in there is restored from Kafka");
    }
}
