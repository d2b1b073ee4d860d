package io.guestflow.processor.auth;

import org.jspecify.annotations.Nullable;

/**
 * What is known of one (guest, request): an attempt that waits for CXone, and the last attempt that ended. Both, while a
 * retryable failure is being tried again.
 */
record RequestState(@Nullable Pending pending, @Nullable Ended ended) {
    static final RequestState UNKNOWN = new RequestState(null, null);
}
