package io.guestflow.processor.effects.cxone;

/** How a call ended. */
public sealed interface Answer<T> {

    /** HTTP calls made for it, retries included, token calls not. */
    int calls();

    /** CXone said yes, and what it said could be read. */
    record Success<T>(T value, int httpStatus, int calls) implements Answer<T> {}

    /** It did not come to that. */
    record Failure<T>(CallFailure failure, int calls) implements Answer<T> {}
}
