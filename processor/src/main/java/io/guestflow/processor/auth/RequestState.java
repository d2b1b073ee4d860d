package io.guestflow.processor.auth;

import org.jspecify.annotations.Nullable;

/**
 * What is known of one (guest, request): an attempt that waits for CXone, and the last attempt that ended. Both, while a
 * retryable failure is being tried again.
 *
 * <p>Under at-least-once a crash may leave any of what one record led to: the entry of an attempt may be there although
 * the attempt has ended, or its end may be gone. So an attempt is open as long as no end of it is known, wherever its
 * entry is.
 *
 * @param pending the attempt that waits, one of those that the guest may have
 * @param kept the last attempt that ended, as it was asked, until its end is known to be stored; under at-least-once only
 */
record RequestState(
        @Nullable Pending pending,
        @Nullable Pending kept,
        @Nullable Ended ended) {
    static final RequestState UNKNOWN = new RequestState(null, null, null);

    /** The attempt that awaits its outcome. */
    @Nullable
    Pending open() {
        return isOpen(pending) ? pending : isOpen(kept) ? kept : null;
    }

    /** The attempt that awaits the outcome of that command. */
    @Nullable
    Pending openBy(String commandId) {
        return awaits(pending, commandId) ? pending : awaits(kept, commandId) ? kept : null;
    }

    /** The same, the attempt having ended. */
    RequestState end(Pending attempt, Ended end, boolean keep) {
        boolean other = pending != null && !pending.commandId().equals(attempt.commandId());
        return new RequestState(other ? pending : null, keep ? attempt : null, end);
    }

    /** The same with other knowledge of the end. */
    RequestState with(Ended changed) {
        return new RequestState(pending, kept, changed);
    }

    /** The same, with an entry in the place that it should have. */
    RequestState tidy() {
        return pending == null || isOpen(pending) ? this : new RequestState(null, kept == null ? pending : kept, ended);
    }

    private boolean awaits(@Nullable Pending attempt, String commandId) {
        return attempt != null && isOpen(attempt) && attempt.commandId().equals(commandId);
    }

    private boolean isOpen(@Nullable Pending attempt) {
        return attempt != null && (ended == null || ended.attempt() < attempt.attempt());
    }
}
