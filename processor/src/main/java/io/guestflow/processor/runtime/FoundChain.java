package io.guestflow.processor.runtime;

/**
 * What the start found of the chain of one partition.
 *
 * @param end where it ends on {@code guest-audit}
 * @param state the number that its state on the changelog has; 0 if there is none
 * @param known whether anything is known of the facts that were audited
 * @param readAgain whether the group would read facts again that were audited; told only where something is gone
 */
record FoundChain(int partition, ChainTail end, long state, boolean known, boolean readAgain) {
    /** Records and state are written in one transaction, so a crash leaves no chain like that. */
    boolean isLost() {
        return state < end.seq();
    }

    /** Whether facts would be given a second number. */
    boolean isAuditedAgain() {
        return readAgain && (isLost() || !known);
    }
}
