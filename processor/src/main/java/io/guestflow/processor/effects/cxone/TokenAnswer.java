package io.guestflow.processor.effects.cxone;

/** A token, or why there is none. */
sealed interface TokenAnswer {

    /** To be used now. */
    record Issued(Token token) implements TokenAnswer {}

    /** None, for all who asked. */
    record None(CallFailure failure) implements TokenAnswer {}
}
